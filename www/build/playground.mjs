// Makes dist/web/playground: the page, and its script and style sheet under hashed names.
import esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { hash, publish, root, webDir } from './common.mjs';

const source = (name) => path.join(root, 'www/playground', name);
/** For people who develop: newer than what the widget asks of visitors. */
const TARGET = ['chrome123', 'firefox120', 'safari17.5'];

const bundle = await esbuild.build({
  entryPoints: [source('main.js')], bundle: true, minify: true, format: 'esm', target: TARGET, legalComments: 'none', write: false,
});
const js = bundle.outputFiles[0].contents;
const css = (await esbuild.transform(fs.readFileSync(source('playground.css'), 'utf8'), { loader: 'css', minify: true, target: TARGET })).code;
const names = { js: `playground-${hash(js)}.js`, css: `playground-${hash(css)}.css` };
const html = fs.readFileSync(source('index.html'), 'utf8').replaceAll(/\{\{(js|css)\}\}/g, (_, key) => names[key]);

fs.rmSync(path.join(webDir, 'playground'), { recursive: true, force: true });
publish(`playground/${names.js}`, js);
publish(`playground/${names.css}`, css);
publish('playground/index.html', html);
