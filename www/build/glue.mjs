// Makes glue (wasm-bindgen's JavaScript) and module smaller: what the one cannot know of the other, and what neither
// widget nor panel has a use for. wasm-bindgen's version is pinned; what is not found as expected ends the build.
import fs from 'node:fs';
import { execFileSync } from 'node:child_process';
import { FEATURES, SMALL, bindgen, binaryen, dropExports } from './common.mjs';

/** Parts of the glue that nobody here has a use for: [what, its replacement, why it is not missed]. */
const UNUSED = [
  [/ *if \(realloc === undefined\) \{\n(.*\n)*? {4}\}\n\n {4}let len[^]*?\n\}\n/,
    `    const buf = cachedTextEncoder.encode(arg);
    const ptr = malloc(buf.length, 1) >>> 0;
    getUint8ArrayMemory0().set(buf, ptr);
    WASM_VECTOR_LEN = buf.length;
    return ptr;
}
`,
    'the fast way for long texts of ASCII: ours are short'],
  [/, wasm\.__wbindgen_realloc\)/g, ')', 'the same'],
  [/function passStringToWasm0\(arg, malloc, realloc\)/, 'function passStringToWasm0(arg, malloc)', 'the same'],
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{[^]*?\n\}\n/, '', 'the same'],
  [/ *numBytesDecoded \+= bytes\.length;\n[^]*?\n {4}\}\n/, '', 'a decoder of Safari that fails after 2 GB'],
  [/const MAX_SAFARI_DECODE_BYTES = .*\nlet numBytesDecoded = 0;\n/, '', 'the same'],
  [/if \(cachedDataViewMemory0 === null \|\| .*\{/,
    'if (cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer !== wasm.memory.buffer) {',
    'browsers that cannot tell a detached buffer: a grown memory has another buffer in all of them'],
  [/const CLOSURE_DTORS = [^]*?\n\n/, '', 'closures that nobody drops: the engine drops each of its own'],
  [/ *CLOSURE_DTORS\..*\n/g, '', 'the same'],
];

/** @param {string} glue the JavaScript that wasm-bindgen wrote */
function dropUnused(glue) {
  for (const [what, replacement] of UNUSED) {
    const without = glue.replace(what, replacement);
    if (without === glue) throw new Error(`the glue has no ${what}: compare UNUSED with this wasm-bindgen's output`);
    glue = without;
  }
  return glue;
}

/** @returns {(name: string) => boolean} whether the glue uses an export of the module */
function usedExports(glue) {
  const used = new Set([...glue.matchAll(/\bwasm\.(\w+)/g)].map(([, name]) => name));
  return (name) => used.has(name);
}

const MODULE = './engine_bg.js';
/** An import, as the glue has it: a member of an object, indented by eight blanks. */
const IMPORT = /^ {8}(\w+): function[^]*?\n {8}\}.*\n/gm;

/**
 * Gives each import and export a name of one or two letters, in module and glue: wasm-bindgen's are long, and end
 * in a hash that no compression can do anything about. Imports that the module has lost are left out.
 * @returns {string} the glue
 */
function shortenNames(glue, module, features) {
  const renamed = JSON.parse(execFileSync(process.execPath,
    [binaryen('wasm-opt'), module, '-o', module, '--minify-imports-and-exports-and-modules', ...features],
    { encoding: 'utf8' }));
  // Functions of our own files that take and give nothing but values come without a wrapper in the glue.
  const unwrapped = [];
  const imports = new Map();
  for (const [from, name, short] of renamed.imports) {
    if (from === MODULE) imports.set(name, short);
    else unwrapped.push([from, name, short]);
  }
  const exports = new Map(renamed.exports);
  const taken = new Set();
  let short = glue
    .replace(IMPORT, (text, name) => {
      taken.add(name);
      return imports.has(name) ? text.replace(name, () => imports.get(name)) : '';
    })
    .replace(/\bwasm\.(\w+)/g, (_, name) => {
      if (!exports.has(name)) throw new Error(`the glue uses ${name}, which the module does not export`);
      return `wasm.${exports.get(name)}`;
    })
    // Binaryen makes one module of all.
    .replace(`"${MODULE}"`, '"a"');
  for (const [from, name, shortName] of unwrapped) {
    const namespace = short.match(new RegExp(`"${from}": (\\w+),`))?.[1];
    if (!namespace) throw new Error(`the glue does not have ${name} of ${from}`);
    short = short.replace(/^( +)__proto__: null,\n/m, (line, indent) => `${line}${indent}${shortName}: ${namespace}.${name},\n`);
  }
  short = short.replace(/^ +"\.\/snippets\/.*\n/gm, '');
  const missing = [...imports.keys()].filter((name) => !taken.has(name));
  if (missing.length) throw new Error(`the module imports ${missing}, which the glue does not have`);
  return short;
}

/**
 * Glue and module of an engine, with nothing in them that is of no use.
 * @param {{wasm: string, out: string, features?: string[]}} options as those of `bindgen`
 * @returns {{glue: string, module: string}} paths of the JavaScript and of the module
 */
export function engine({ wasm, out, features = FEATURES }) {
  const { glue, module } = bindgen({ wasm, target: 'web', out, features });
  const used = dropUnused(fs.readFileSync(glue, 'utf8'));
  const isUsed = usedExports(used);
  dropExports(module, (name) => !isUsed(name), features, ['--dae-optimizing', '--flatten', '--rereloop', ...SMALL, '--strip-target-features']);
  fs.writeFileSync(glue, shortenNames(used, module, features));
  return { glue, module };
}
