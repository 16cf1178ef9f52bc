// Looks at the package as `npm publish` would send it: what publint and Are The Types Wrong say of the tarball, and
// whether an app's TypeScript understands it.
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const pkg = JSON.parse(fs.readFileSync(path.join(here, 'package.json'), 'utf8'));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chatgenie-npm-'));
const problems = [];

/** Findings of Are The Types Wrong that come with being an ES module with subpaths: not for CommonJS, nor for Node 10. */
const isByDesign = (problem) => problem.kind === 'CJSResolvesToESM' || problem.resolutionKind === 'node10';

try {
  const [packed] = JSON.parse(
    // `prepack` runs, and what it says stays out of the JSON.
    execFileSync('npm', ['pack', '--json', '--foreground-scripts=false', '--pack-destination', folder], { cwd: here, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const tarball = fs.readFileSync(path.join(folder, packed.filename));
  console.log(`  ${packed.filename}: ${packed.files.length} files, ${packed.size} bytes packed`);

  const exported = Object.values(pkg.exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
  for (const file of [...exported, 'README.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'dist/chatgenie.d.ts']) {
    if (!packed.files.some(({ path: name }) => name === file.replace(/^\.\//, ''))) problems.push(`${file} is not in the package`);
  }
  const arrayBuffer = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength);
  const { messages } = await publint({ pack: { tarball: arrayBuffer }, strict: true, level: 'suggestion' });
  problems.push(...messages.map((message) => `publint: ${formatMessage(message, pkg)}`));
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  if (!analysis.types) problems.push('attw: the package has no types');
  problems.push(...(analysis.problems ?? []).filter((p) => !isByDesign(p)).map((p) => `attw: ${JSON.stringify(p)}`));

  // An app of its own, outside of this folder, with nothing but the package and its peers.
  const app = path.join(folder, 'app');
  const modules = path.join(app, 'node_modules');
  fs.mkdirSync(path.join(modules, '@chatgenie/messenger'), { recursive: true });
  execFileSync('tar', ['-xzf', path.join(folder, packed.filename), '--strip-components=1', '-C', path.join(modules, '@chatgenie/messenger')]);
  for (const peer of ['react', '@types', 'csstype', 'vue', '@vue', '@babel']) {
    if (fs.existsSync(path.join(here, 'node_modules', peer))) fs.symlinkSync(path.join(here, 'node_modules', peer), path.join(modules, peer));
  }
  fs.writeFileSync(path.join(app, 'package.json'), '{"type":"module","private":true}');
  fs.copyFileSync(path.join(here, 'test/app.ts'), path.join(app, 'app.ts'));
  const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  for (const [module, moduleResolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
    try {
      execFileSync(process.execPath, [
        tsc, '--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--lib', 'es2022,dom',
        '--types', '', '--module', module, '--moduleResolution', moduleResolution, '--pretty', 'false', 'app.ts',
      ], { cwd: app, encoding: 'utf8' });
    } catch (error) {
      problems.push(`an app's TypeScript (${moduleResolution}):\n${error.stdout || error.message}`);
    }
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
