// Makes the panel's files from its compiled module: dist/web/messenger.
import { build, transform } from 'esbuild';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bindgen, compiledWasm, dropExports, hash, publish, root, webDir } from './common.mjs';

/** Brotli bytes of all files of a first open: held and aimed at (DESIGN.md, Budgets). */
const BUDGET = 120 * 1024;
const AIM = 85 * 1024;
/** Browsers that the output is written for; WebAssembly's features ask for no less. */
const TARGET = ['chrome109', 'firefox115', 'safari16.4'];

const source = (name) => path.join(root, 'www/panel', name);
const named = (stem, ending, content) => `${stem}-${hash(content)}.${ending}`;

const out = fs.mkdtempSync(path.join(os.tmpdir(), 'chatgenie-panel-'));
try {
  const { glue, module } = bindgen({ wasm: compiledWasm('chatgenie-messenger', 'panel'), target: 'web', out: path.join(out, 'bindgen') });
  // A dependency of Leptos exports streams for servers, which nothing here calls.
  dropExports(module, (name) => /intounderlying/.test(name));
  const wasm = fs.readFileSync(module);
  const bundle = await build({
    entryPoints: [source('boot.js')],
    alias: { engine: glue },
    // The glue hangs a disposer on each class that it knows, which keeps even those that nobody imports.
    define: { 'Symbol.dispose': 'undefined' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: TARGET,
    charset: 'utf8',
    legalComments: 'none',
    write: false,
  });
  const js = bundle.outputFiles[0].contents;
  const css = (await transform(fs.readFileSync(source('panel.css'), 'utf8'), { loader: 'css', minify: true, target: TARGET })).code;

  const names = { js: named('panel', 'js', js), css: named('panel', 'css', css), wasm: named('engine', 'wasm', wasm) };
  const html = fs.readFileSync(source('index.html'), 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_, key) => {
    if (!names[key]) throw new Error(`www/panel/index.html names {{${key}}}, which this script does not make`);
    return names[key];
  });

  fs.rmSync(path.join(webDir, 'messenger'), { recursive: true, force: true });
  const total = publish(`messenger/assets/${names.wasm}`, wasm)
    + publish(`messenger/assets/${names.js}`, js)
    + publish(`messenger/assets/${names.css}`, css)
    + publish('messenger/index.html', html);
  console.log(`  panel, first open: ${total} bytes brotli (aim ${AIM}, held ${BUDGET})`);
  if (total > BUDGET) throw new Error(`the panel is ${total - BUDGET} bytes over its budget`);
} finally {
  fs.rmSync(out, { recursive: true, force: true });
}
