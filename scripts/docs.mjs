// The documentation's tests, and the pages that are made from the program.
//
//   node scripts/docs.mjs generate   writes the pages that are made from the program
//   node scripts/docs.mjs check      fails where a page is not what the program, a file or a parser says
//   node scripts/docs.mjs run        runs the commands of every page (blocks marked `sh,run`), as a reader would
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const DOCS = path.join(ROOT, 'docs');
const read = (file) => readFileSync(path.join(ROOT, file), 'utf8');
const THREAD = process.env.CHATGENIE_THREAD_BIN ?? path.join(ROOT, 'dist/thread');
const faults = [];

// --- Pages made from the program ---------------------------------------------------------------------------

/** A program's output, with no setting of the developer's. */
const output = (program, args) =>
  execFileSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, CARGO_TARGET_DIR: process.env.CARGO_TARGET_DIR ?? 'target' },
  });

const errorsPage = () => output('cargo', ['run', '--quiet', '-p', 'chatgenie-protocol', '--example', 'error_reference']);

/** `--help` of a command and of all below it, as Markdown. */
const commandPages = (words) => {
  const help = output(THREAD, [...words, '--help']).replace(/[ \t]+$/gm, '').trim();
  const listed = /^Commands:\n((?: {2}.*\n)*)/m.exec(`${help}\n`)?.[1] ?? '';
  const below = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map((match) => match[1]).filter((word) => word !== 'help');
  const page = `## thread${words.map((word) => ` ${word}`).join('')}\n\n\`\`\`text\n${help}\n\`\`\`\n`;
  return [page, ...below.flatMap((word) => commandPages([...words, word]))];
};

const commandLinePage = () =>
  [
    '# The command line\n',
    '<!-- Made by `./build.sh docs` from what `thread --help` says. -->\n',
    'What `thread --help` and the help of each command say. Every flag of `serve` is an environment variable too; with',
    '`--json` a command prints one JSON object and nothing else. A change made here is in force in a running service',
    'within a second.\n',
    commandPages([]).join('\n'),
  ].join('\n');

const GENERATED = { 'errors.md': errorsPage, 'command-line.md': commandLinePage };

const generate = () => {
  for (const [file, make] of Object.entries(GENERATED)) writeFileSync(path.join(DOCS, file), make());
};

// --- Blocks of code ----------------------------------------------------------------------------------------

const pages = () => readdirSync(DOCS).filter((file) => file.endsWith('.md')).sort();

/** The fenced blocks of a page: `{file, line, info, text}`. */
const blocks = (file) => {
  const text = readFileSync(path.join(DOCS, file), 'utf8');
  return [...text.matchAll(/^```([^\n`]+)\n([\s\S]*?)^```$/gm)].map((match) => ({
    file: `docs/${file}`,
    line: text.slice(0, match.index).split('\n').length,
    info: match[1].trim(),
    text: match[2],
  }));
};

const parses = (language, text) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'docs-'));
  try {
    const file = path.join(folder, 'block.mjs');
    if (language === 'json') JSON.parse(text);
    else {
      writeFileSync(file, text);
      execFileSync(process.execPath, ['--check', file], { stdio: 'pipe' });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const checkBlock = ({ file, line, info, text }) => {
  const [language, ...marks] = info.split(',');
  const source = marks.find((mark) => mark.startsWith('from='))?.slice('from='.length);
  if (source && !existsSync(path.join(ROOT, source))) {
    faults.push(`${file}:${line}: there is no ${source}`);
  } else if (source && !read(source).includes(text.trimEnd())) {
    faults.push(`${file}:${line}: this is not in ${source}: cut it out anew`);
  }
  if ((language === 'js' || language === 'json') && !source) {
    try {
      parses(language, text);
    } catch (error) {
      faults.push(`${file}:${line}: ${String(error.stderr ?? error.message).trim()}`);
    }
  }
};

// --- Tables beside types -----------------------------------------------------------------------------------

/** The members of an interface in www/chatgenie.d.ts. */
const members = (name) => {
  const body = new RegExp(`interface ${name}\\b[^{]*\\{([\\s\\S]*?)\\n\\}`).exec(read('www/chatgenie.d.ts'))[1];
  return [...body.matchAll(/^ {2}(\w+)[?(<:]/gm)].map((match) => match[1]);
};

/** Names in code in the first column of the tables under a heading of a page. */
const firstColumn = (page, heading) => {
  const text = readFileSync(path.join(DOCS, page), 'utf8');
  const section = new RegExp(`^## ${heading}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(text)?.[1] ?? '';
  const cells = [...section.matchAll(/^\| (`[^|]*)\|/gm)].map((match) => match[1]);
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)[^`]*`/g)].map((match) => match[1]));
};

const checkTable = (page, heading, type) => {
  const [told, real] = [firstColumn(page, heading), members(type)];
  for (const name of real) if (!told.includes(name)) faults.push(`docs/${page}: "${heading}" lacks ${name} (${type})`);
  for (const name of told) if (!real.includes(name)) faults.push(`docs/${page}: "${heading}" has ${name}, ${type} has not`);
};

/** Calls under `/v1`, as the router has them and as the page tells them: `GET /v1/apps/{}`. */
const routes = () => {
  const text = read('crates/thread/src/routes/mod.rs');
  const below = text.slice(text.indexOf('fn v1('));
  return [...below.matchAll(/\.(?:at|route)\(\s*"([^"]+)",\s*(.*)\)$/gm)].flatMap(([, route, handlers]) =>
    [...handlers.matchAll(/\b(get|post|put|patch|delete)\(/g)].map(
      ([, verb]) => `${verb.toUpperCase()} /v1${route.replace(/\{\w+\}/g, '{}')}`,
    ),
  );
};
const toldCalls = () =>
  [...readFileSync(path.join(DOCS, 'API.md'), 'utf8').matchAll(/`([A-Z]+ \/v1\/[^`?]*)[^`]*`/g)].map((match) =>
    match[1].replace(/\{\w+\}/g, '{}'),
  );

const checkCalls = () => {
  const [real, told] = [routes(), toldCalls()];
  if (real.length < 20) faults.push(`crates/thread/src/routes/mod.rs: ${real.length} calls found; is it written otherwise?`);
  for (const call of real) if (!told.includes(call)) faults.push(`docs/API.md lacks ${call}`);
  for (const call of told) if (!real.includes(call)) faults.push(`docs/API.md has ${call}, the router has not`);
};

const check = () => {
  for (const [file, make] of Object.entries(GENERATED)) {
    if (readFileSync(path.join(DOCS, file), 'utf8') !== make()) {
      faults.push(`docs/${file} is not what the program says: run ./build.sh docs, and commit it`);
    }
  }
  pages().flatMap(blocks).forEach(checkBlock);
  checkTable('widget.md', 'Methods', 'Messenger');
  checkTable('widget.md', 'Parameters', 'InitParams');
  checkTable('widget.md', 'Events', 'MessengerEvents');
  checkTable('widget.md', 'Errors', 'MessengerError');
  checkCalls();
};

// --- Running -----------------------------------------------------------------------------------------------

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(String(port)));
    });
  });

/**
 * Runs all commands of a page in one shell, in an empty folder, at ports that are free; ends what they started. A reader
 * takes a second from block to block, in which a change comes into force; so does this.
 */
const runPage = async (file) => {
  const commands = blocks(file).filter(({ info }) => info === 'sh,run');
  if (commands.length === 0) return;
  const ports = { 8080: await freePort(), 8090: await freePort() };
  const script = commands
    .map(({ file, line, text }) => `echo '--- ${file}:${line}'\n${text.replace(/\b80[89]0\b/g, (port) => ports[port])}`)
    .join('\nsleep 1\n');
  const folder = mkdtempSync(path.join(tmpdir(), 'docs-'));
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    detached: true, // A group of its own, which can be ended as a whole.
    env: { PATH: `${path.dirname(THREAD)}:${process.env.PATH}`, HOME: folder, REPOSITORY: ROOT },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (data) => (written += data));
  // `exit`, not `close`: what runs in the background keeps the streams open.
  const code = await new Promise((resolve) => shell.on('exit', resolve));
  try {
    process.kill(-shell.pid, 'SIGKILL');
  } catch {
    // Nothing was left.
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  if (code === 0) console.log(`docs/${file}: ${commands.length} blocks ran`);
  else faults.push(`docs/${file}: its commands ended with ${code}:\n${written}`);
};

const run = async () => {
  for (const file of pages()) await runPage(file);
};

const task = { generate, check, run }[process.argv[2]];
if (!task) {
  console.error('usage: node scripts/docs.mjs generate | check | run');
  process.exit(2);
}
await task();
for (const fault of faults) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);
