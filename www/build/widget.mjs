// Makes dist/web/widget.js (bootstrap, glue and the inlined engine in one function scope, minified) and the same
// engine as plain JavaScript, dist/web/engine-<hash>.js.
import esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { WIDGET, target } from './browsers.mjs';
import { compiledWasm, hash, integrity, plainJs, publish, root, webDir } from './common.mjs';
import { engine } from './glue.mjs';

const source = (name) => path.join(root, 'www/widget', name);
const buildDir = (name) => path.join(root, 'dist/build', name);

/** Bundles one entry. `modules` gives the names that the sources import but no file has: a path, or contents. */
async function bundle(entry, modules, options = {}) {
  const virtual = {
    name: 'virtual',
    setup(build) {
      for (const [name, { file, contents }] of Object.entries(modules)) {
        const filter = new RegExp(`^${name}$`);
        build.onResolve({ filter }, () => (file ? { path: file } : { path: name, namespace: 'virtual' }));
        if (!file) build.onLoad({ filter, namespace: 'virtual' }, () => ({ contents }));
      }
      // The glue's copy is the bootstrap's own file.
      build.onResolve({ filter: /snippets\/.*\/browser\.js$/ }, () => ({ path: source('browser.js') }));
      build.onLoad({ filter: /\.css$/ }, async ({ path: file }) => {
        const { code } = await esbuild.transform(fs.readFileSync(file, 'utf8'), { loader: 'css', minify: true });
        return { contents: code.trim(), loader: 'text' };
      });
    },
  };
  const result = await esbuild.build({
    entryPoints: [source(entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: target(WIDGET),
    legalComments: 'none',
    plugins: [virtual],
    ...options,
  });
  return result.outputFiles[0].text;
}

async function plainEngine() {
  const { glue, module } = engine({ wasm: compiledWasm('chatgenie', 'plain'), out: buildDir('plain'), features: [] });
  return bundle('plain.js', {
    'engine-glue': { file: glue },
    'engine-plain': { contents: `${plainJs(module)}\nexport default instantiate;` },
  }, { inject: [source('plain-webassembly.js')] });
}

/** Bytes that a JavaScript string in double quotes cannot hold as they are. */
const ESCAPES = { 0: '\\0', 10: '\\n', 13: '\\r', 34: '\\"', 92: '\\\\' };

/** The contents of a JavaScript string that has one character a byte. */
function asString(bytes) {
  const isDigit = (byte) => byte >= 48 && byte <= 57;
  return [...bytes]
    // `\0` before a digit would be an octal escape.
    .map((byte, i) => (byte === 0 && isDigit(bytes[i + 1]) ? '\\x00' : ESCAPES[byte] ?? String.fromCharCode(byte)))
    .join('');
}

async function widget(plainEngineName, plainEngineIntegrity) {
  const { glue, module } = engine({ wasm: compiledWasm('chatgenie'), out: buildDir('widget') });
  // esbuild would escape every character above 127, so it gets a stand-in, which is replaced in its output. A
  // string of one character a byte packs far better than base64.
  const standIn = 'chatgenie-engine-module';
  const text = await bundle('main.js', {
    'engine-glue': { file: glue },
    'engine-module': { contents: `export default ${JSON.stringify(standIn)}` },
  }, { define: { PLAIN_ENGINE: JSON.stringify(plainEngineName), PLAIN_INTEGRITY: JSON.stringify(plainEngineIntegrity) } });
  const [before, after, ...more] = text.split(`"${standIn}"`);
  if (after === undefined || more.length) throw new Error('the engine has to be in the bundle exactly once');
  return `${before}"${asString(fs.readFileSync(module))}"${after}`;
}

const plain = await plainEngine();
const plainName = `engine-${hash(plain)}.js`;
for (const stale of fs.existsSync(webDir) ? fs.readdirSync(webDir) : []) {
  if (stale.startsWith('engine-')) fs.rmSync(path.join(webDir, stale));
}
publish(plainName, plain);
const text = await widget(plainName, integrity(plain));
publish('widget.js', text);
// Thread tells the same at /v1/versions, with the address that goes with it.
console.log(`  widget.js: integrity="${integrity(text)}"`);
