// What the widget's and the panel's build have in common.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const webDir = path.join(root, 'dist/web');
const targetDir = path.resolve(root, process.env.CARGO_TARGET_DIR || 'target');

/** Runs a program; its output is ours. Throws if it fails. */
export function run(program, args) {
  execFileSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}

/**
 * Path of a crate's module, as cargo's profile `wasm-release` leaves it.
 * @param {string} flavour a folder below cargo's target folder, for a build with other flags
 */
export function compiledWasm(crateName, flavour = '') {
  return path.join(targetDir, flavour, 'wasm32-unknown-unknown/wasm-release', `${crateName}.wasm`);
}

/** Path of a program of binaryen. */
export const binaryen = (name) => path.join(root, 'node_modules/binaryen/bin', name);

/** For size. Rust keeps its stack in low memory, so no data of its own starts below 1 KB. */
export const SMALL = ['-Oz', '--converge', '--low-memory-unused', '--one-caller-inline-max-function-size=20'];

/** What rustc's own target enables; wasm-opt refuses code that uses what it was not told of. */
export const FEATURES = [
  '--enable-bulk-memory', '--enable-nontrapping-float-to-int', '--enable-sign-ext', '--enable-mutable-globals',
  '--enable-reference-types', '--enable-multivalue',
];

/**
 * Makes glue and an optimised module of a compiled crate.
 * @param {{wasm: string, target: 'web', out: string, features?: string[]}} options `out`: a folder, emptied first
 * @returns {{glue: string, module: string}} paths of the JavaScript and of the module
 */
export function bindgen({ wasm, target, out, features = FEATURES }) {
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(out, { recursive: true });
  run(process.env.WASM_BINDGEN || 'wasm-bindgen', [
    wasm, '--target', target, '--out-dir', out, '--out-name', 'engine',
    '--no-typescript', '--remove-name-section', '--remove-producers-section', '--omit-default-module-path',
  ]);
  const module = path.join(out, 'engine_bg.wasm');
  optimise(module, features);
  return { glue: path.join(out, 'engine.js'), module };
}

function optimise(module, features, passes = SMALL) {
  run(process.execPath, [binaryen('wasm-opt'), module, '-o', module, ...passes, ...features]);
}

/**
 * Takes exports out of a module, with everything that only they reach.
 * @param {string[]} [passes] of wasm-opt, after that
 */
export function dropExports(module, isUnwanted, features = FEATURES, passes = SMALL) {
  const exports = WebAssembly.Module.exports(new WebAssembly.Module(fs.readFileSync(module)));
  const kept = exports.map(({ name }) => name).filter((name) => !isUnwanted(name));
  const graph = [
    { name: 'page', root: true, reaches: kept.map((name) => `export:${name}`) },
    ...kept.map((name) => ({ name: `export:${name}`, export: name })),
  ];
  const graphFile = `${module}.graph.json`;
  fs.writeFileSync(graphFile, JSON.stringify(graph));
  execFileSync(process.execPath, [binaryen('wasm-metadce'), module, '--graph-file', graphFile, '-o', module, ...features],
    { stdio: ['ignore', 'ignore', 'inherit'] });
  optimise(module, features, passes);
}

/** Turns a module into JavaScript that declares `function instantiate(imports)`. It takes no newer features. */
export function plainJs(module) {
  const out = `${module}.js`;
  run(process.execPath, [binaryen('wasm2js'), '--emscripten', '-O3', module, '-o', out]);
  return fs.readFileSync(out, 'utf8');
}

/** First characters of a content's SHA-256: a file's name changes with its content. */
export const hash = (content) => createHash('sha256').update(content).digest('hex').slice(0, 16);

/** Subresource Integrity of a content. */
export const integrity = (content) => `sha384-${createHash('sha384').update(content).digest('base64')}`;

export const brotli = (content) => zlib.brotliCompressSync(content, {
  params: {
    [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
    [zlib.constants.BROTLI_PARAM_LGWIN]: 24,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  },
});

/** Writes a file below dist/web with its brotli and gzip variants, and tells its sizes. */
export function publish(name, content) {
  const bytes = Buffer.from(content);
  const file = path.join(webDir, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const br = brotli(bytes);
  fs.writeFileSync(file, bytes);
  fs.writeFileSync(`${file}.br`, br);
  fs.writeFileSync(`${file}.gz`, zlib.gzipSync(bytes, { level: 9 }));
  console.log(`  ${name}: ${bytes.length} bytes, ${br.length} brotli`);
  return br.length;
}
