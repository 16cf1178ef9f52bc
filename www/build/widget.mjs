// Makes dist/web/widget.js: bootstrap, glue and the inlined engine in one function scope, minified.
import esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { bindgen, compiledWasm, publish, root } from './common.mjs';

/** Bytes that a JavaScript string in double quotes cannot hold as they are. */
const ESCAPES = { 0: '\\0', 10: '\\n', 13: '\\r', 34: '\\"', 92: '\\\\' };

const out = path.join(root, 'dist/build/widget');
const { glue, module } = bindgen({ wasm: compiledWasm('chatgenie'), target: 'web', out });

// The engine as a JavaScript string of one character a byte, which brotli packs far better than base64. esbuild
// would escape every character above 127, so it gets a stand-in, which is replaced in its output.
const STAND_IN = 'chatgenie-engine-module';
const bytes = [...fs.readFileSync(module)];
const isDigit = (byte) => byte >= 48 && byte <= 57;
const escaped = bytes
  // `\0` before a digit would be an octal escape.
  .map((byte, i) => (byte === 0 && isDigit(bytes[i + 1]) ? '\\x00' : ESCAPES[byte] ?? String.fromCharCode(byte)))
  .join('');

const bundle = await esbuild.build({
  entryPoints: [path.join(root, 'www/widget/main.js')],
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  target: ['es2020'],
  legalComments: 'none',
  plugins: [{
    name: 'engine',
    setup(build) {
      build.onResolve({ filter: /^engine-glue$/ }, () => ({ path: glue }));
      build.onResolve({ filter: /^engine-module$/ }, () => ({ path: 'engine-module', namespace: 'engine' }));
      build.onLoad({ filter: /.*/, namespace: 'engine' }, () => ({ contents: `export default ${JSON.stringify(STAND_IN)}` }));
    },
  }],
});
const [before, after, ...more] = bundle.outputFiles[0].text.split(`"${STAND_IN}"`);
if (after === undefined || more.length) throw new Error('the engine has to be in the bundle exactly once');
publish('widget.js', `${before}"${escaped}"${after}`);
