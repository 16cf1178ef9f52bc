// Makes the panel's files from its compiled module: dist/web/messenger.
import { build } from 'esbuild';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bindgen, compiledWasm, hash, publish, root, webDir } from './common.mjs';

/** What the build script of crates/messenger made: a table of texts a language, and which languages there are. */
const made = process.env.PANEL_TEXTS;
if (!made) throw new Error('PANEL_TEXTS must name the folder with languages.json; ./build.sh does so');
/** Browsers that the output is written for; WebAssembly's features ask for no less. */
const TARGET = ['chrome109', 'firefox115', 'safari16.4'];

const source = (name) => path.join(root, 'www/panel', name);
const named = (stem, ending, content) => `${stem}-${hash(content)}.${ending}`;

/** A module that is JSON and no file. */
const virtual = (name, value) => ({
  name,
  setup(bundler) {
    bundler.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: 'virtual' }));
    bundler.onLoad({ filter: /.*/, namespace: 'virtual' }, () => ({ contents: JSON.stringify(value), loader: 'json' }));
  },
});

const out = fs.mkdtempSync(path.join(os.tmpdir(), 'chatgenie-panel-'));
try {
  const { glue, module } = bindgen({ wasm: compiledWasm('chatgenie-messenger', 'panel'), target: 'web', out: path.join(out, 'bindgen') });
  const wasm = fs.readFileSync(module);
  const languages = JSON.parse(fs.readFileSync(path.join(made, 'languages.json'), 'utf8')).map(({ tag, rtl }) => {
    const texts = fs.readFileSync(path.join(made, `${tag}.txt`));
    return { tag, rtl, texts, file: named(tag, 'txt', texts) };
  });
  const bundle = await build({
    entryPoints: [source('boot.js')],
    alias: { engine: glue },
    plugins: [virtual('languages', languages.map(({ tag, rtl, file }) => ({ tag, rtl, file })))],
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
  const styles = await build({ entryPoints: [source('panel.css')], bundle: true, minify: true, target: TARGET, write: false });
  const css = styles.outputFiles[0].contents;

  const names = { js: named('panel', 'js', js), css: named('panel', 'css', css), wasm: named('engine', 'wasm', wasm) };
  const html = fs.readFileSync(source('index.html'), 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_, key) => {
    if (!names[key]) throw new Error(`www/panel/index.html names {{${key}}}, which this script does not make`);
    return names[key];
  });

  fs.rmSync(path.join(webDir, 'messenger'), { recursive: true, force: true });
  publish(`messenger/assets/${names.wasm}`, wasm);
  publish(`messenger/assets/${names.js}`, js);
  publish(`messenger/assets/${names.css}`, css);
  for (const { file, texts } of languages) publish(`messenger/assets/${file}`, texts);
  publish('messenger/index.html', html);
} finally {
  fs.rmSync(out, { recursive: true, force: true });
}
