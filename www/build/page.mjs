// Makes the files of a page that is a Rust program: the panel, the agents' page.
import { build } from 'esbuild';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PANEL, target } from './browsers.mjs';
import { compiledWasm, hash, publish, root, webDir } from './common.mjs';
import { engine } from './glue.mjs';

/** What the build script of crates/messenger made: tables of texts, and which languages there are. */
const made = process.env.PAGE_TEXTS;
if (!made) throw new Error('PAGE_TEXTS must name the folder with languages.json; ./build.sh does so');
const TARGET = target(PANEL);

const named = (stem, ending, content) => `${stem}-${hash(content)}.${ending}`;

/** A module that is JSON and no file. */
const virtual = (name, value) => ({
  name,
  setup(bundler) {
    bundler.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: 'virtual' }));
    bundler.onLoad({ filter: /.*/, namespace: 'virtual' }, () => ({ contents: JSON.stringify(value), loader: 'json' }));
  },
});

/**
 * @param {object} page
 * @param {string} page.name its folder in `www`, and what the names of its tables of texts begin with
 * @param {string} page.crate the program
 * @param {string} page.folder where it goes, in dist/web and on the wire
 * @param {object} page.words what the document says until the program does, in English: `title`, `starting`, `failed`,
 *   `needs_script`
 * @param {string} [page.header] markup above that
 */
export async function makePage({ name, crate, folder, words, header = '' }) {
  const source = (file) => path.join(root, 'www', name, file);
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'chatgenie-page-'));
  try {
    const { glue, module } = engine({ wasm: compiledWasm(crate, 'panel'), out: path.join(out, 'bindgen') });
    const wasm = fs.readFileSync(module);
    const languages = JSON.parse(fs.readFileSync(path.join(made, 'languages.json'), 'utf8')).map(({ tag, rtl }) => {
      const texts = fs.readFileSync(path.join(made, `${name}-${tag}.txt`));
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
    const styles = await build({ entryPoints: [source(`${name}.css`)], bundle: true, minify: true, target: TARGET, write: false });
    const css = styles.outputFiles[0].contents;

    const assets = { js: named(name, 'js', js), css: named(name, 'css', css), wasm: named('engine', 'wasm', wasm) };
    const values = { name, header, ...words, ...assets };
    const html = fs.readFileSync(path.join(root, 'www/shared/page.html'), 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_, key) => {
      if (values[key] === undefined) throw new Error(`www/shared/page.html names {{${key}}}, which ${name} does not have`);
      return values[key];
    });

    fs.rmSync(path.join(webDir, folder), { recursive: true, force: true });
    publish(`${folder}/assets/${assets.wasm}`, wasm);
    publish(`${folder}/assets/${assets.js}`, js);
    publish(`${folder}/assets/${assets.css}`, css);
    for (const { file, texts } of languages) publish(`${folder}/assets/${file}`, texts);
    publish(`${folder}/index.html`, html);
  } finally {
    fs.rmSync(out, { recursive: true, force: true });
  }
}
