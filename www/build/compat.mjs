// Holds what docs/browsers.md says: nothing in the built files is newer than the oldest of them, as MDN's data has it,
// but for what is excused here.
import fs from 'node:fs';
import path from 'node:path';
import { PANEL, WIDGET } from './browsers.mjs';
import { FEATURES, root, webDir } from './common.mjs';

/** What there is a fallback for, and what older browsers do. A pattern may stand for several. */
const EXCUSED = {
  widget: {
    showPopover: 'the launcher stands in the page by its z-index',
    'adoptedStyleSheets|replaceSync': 'a <style> in the shadow root',
    'trustedTypes|createPolicy|createScriptURL': 'a browser without Trusted Types demands none',
    nonce: 'a policy of nonces without strict-dynamic has to name the origin',
    requestIdleCallback: 'a timer',
    'connection|saveData': 'nobody asked to save data',
    ':focus-visible': 'the browser\'s own ring',
    'outline: .*|outline': 'the ring has corners',
    'color-scheme(: \\w+)?': 'an inverted default canvas behind the panel, for a moment',
    '@media forced-colors': 'no borders of its own',
    '-webkit-tap-highlight-color': 'a flash on a touch',
    'wasm .*': 'the engine is plain JavaScript',
  },
  panel: {
    'color-mix\\(\\)': 'no tint',
    ':has': 'other spaces in the header, and no spinner in a button',
    ':dir': 'arrows point to the other side in Arabic and Hebrew',
    'text-wrap.*|word-break: auto-phrase': 'lines break where they are full',
    'scrollbar-.*|overscroll-behavior': 'the system\'s own scrolling',
    'accent-color|outline': 'the system\'s own look',
    '-webkit-.*|-moz-.*|::-webkit-.*|::-moz-.*|text-size-adjust|text-align: match-parent': 'for one browser each',
  },
};

/** Members of objects of ours that are called like something newer. */
const OURS = {
  widget: /^(badge|destroy|delay|run)$/,
  panel: /^(locale|tag|memory)$/,
};

const data = JSON.parse(fs.readFileSync(path.join(root, 'node_modules/@mdn/browser-compat-data/data.json'), 'utf8'));

/** A version as a number that can be compared: 16.4 is older than 16.10. */
const number = (version) => {
  const [, major, minor = 0] = /(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return major === undefined ? Infinity : Number(major) * 1000 + Number(minor);
};

/** Since when a browser has something, without a flag or a prefix; Infinity if it has not. */
function since({ support }, browser) {
  const versions = [support[browser] ?? []].flat()
    .filter((part) => !part.flags && !part.prefix && !part.alternative_name && !part.version_removed)
    .map(({ version_added: added }) => (typeof added === 'string' ? number(added) : Infinity));
  return Math.min(Infinity, ...versions);
}

/** Whether a browser as old as that lacks all of these. */
const isNewer = (found, browsers) => found.length > 0 && Object.entries(browsers)
  .some(([browser, version]) => found.every(({ __compat: compat }) => since(compat, browser) > number(version)));

/** Everything of scripts, by its name alone: what an expression before a dot is, nobody knows. */
const members = new Map();
/** What scripts can name without a dot. */
const globals = new Map();
for (const tree of [data.api, data.javascript.builtins]) collect(tree, 0);

function collect(tree, depth) {
  for (const [key, node] of Object.entries(tree)) {
    if (key === '__compat' || typeof node !== 'object') continue;
    const name = key.replace(/_(static|event)$/, '');
    for (const index of depth ? [members] : [members, globals]) {
      if (node.__compat) index.set(name, [...(index.get(name) ?? []), node]);
    }
    collect(node, depth + 1);
  }
}

/** What a script uses: [name, entries of the data]. */
function* usedByScript(text) {
  for (const name of new Set(text.match(/(?<=\.)[A-Za-z]\w+/g))) yield [name, members.get(name) ?? []];
  for (const name of new Set(text.match(/(?<![\w.$"'-])[A-Za-z]\w{3,}(?=[\s(.,;)])/g))) yield [name, globals.get(name) ?? []];
}

/** What styles use: [name, entries of the data]. */
function* usedByStyles(styles) {
  const text = styles.replace(/"[^"]*"|'[^']*'|\/\*[^]*?\*\//g, '""');
  const { properties, selectors, types } = data.css;
  const entry = (node) => (node?.__compat ? [node] : []);
  for (const [, name] of text.matchAll(/@([a-z-]+)/g)) yield [`@${name}`, entry(data.css['at-rules'][name])];
  for (const [, feature] of text.matchAll(/@media[^{]*?\(([a-z-]+)/g)) {
    yield [`@media ${feature}`, entry(data.css['at-rules'].media[feature])];
  }
  for (const [, block] of text.matchAll(/\{([^{}]*)\}/g)) {
    for (const [, name, value] of block.matchAll(/(?:^|;)\s*([a-z-]+)\s*:([^;]*)/g)) {
      const property = properties[name];
      yield [name, entry(property)];
      for (const word of value.match(/(?<![\w-])[a-z][a-z-]*(?![\w(-])/g) ?? []) yield [`${name}: ${word}`, entry(property?.[word])];
      for (const [, call] of value.matchAll(/([a-z-]+)\(/g)) {
        yield [`${call}()`, [types[call], ...Object.values(types).map((type) => type[call])].flatMap(entry)];
      }
      for (const [, unit] of value.matchAll(/[\d.]+([a-z]+)\b/g)) {
        const family = { d: 'dynamic', l: 'large', s: 'small' }[/^([dls])v/.exec(unit)?.[1]];
        yield [unit, entry(types.length[family ? `viewport_percentage_units_${family}` : unit])];
      }
    }
  }
  for (const [selector] of text.replace(/\{[^{}]*\}/g, '{}').matchAll(/::?[a-z-]+/g)) {
    yield [selector, entry(selectors[selector.replace(/^:+/, '')])];
  }
}

/** What the engine's module needs. */
function* usedByModule() {
  const names = {
    'bulk-memory': 'bulk-memory-operations',
    'nontrapping-float-to-int': 'non-trapping-float-to-int-conversions',
    'sign-ext': 'sign-extension-operations',
    'reference-types': 'reference-types',
    multivalue: 'multi-value',
  };
  for (const flag of FEATURES) {
    const name = flag.replace('--enable-', '');
    // Importing and exporting globals that change is as old as WebAssembly's second year.
    if (name === 'mutable-globals') continue;
    if (!names[name]) throw new Error(`www/build/compat.mjs does not know how MDN calls ${flag}`);
    yield [`wasm ${name}`, [data.webassembly[names[name]]]];
  }
}

const built = (folder, pattern) => fs.readdirSync(path.join(webDir, folder))
  .filter((name) => pattern.test(name)).map((name) => fs.readFileSync(path.join(webDir, folder, name), 'utf8'));

/** Without the engine's bytes, which are no script. */
const withoutModule = (script) => script.replace(/"\\0asm(?:\\[^]|[^"\\])*"/, '""');

const PAGES = ['messenger', 'agent'];

const PARTS = {
  widget: [
    ...built('', /^(widget|engine-\w+)\.js$/).map((text) => usedByScript(withoutModule(text))),
    usedByStyles(fs.readFileSync(path.join(root, 'www/widget/launcher.css'), 'utf8')),
    usedByModule(),
  ],
  panel: [
    ...PAGES.flatMap((page) => built(`${page}/assets`, /\.js$/)).map(usedByScript),
    ...PAGES.flatMap((page) => built(`${page}/assets`, /\.css$/)).map(usedByStyles),
    usedByModule(),
  ],
};

const faults = [];
for (const [part, browsers] of Object.entries({ widget: WIDGET, panel: PANEL })) {
  const newer = new Set();
  let count = 0;
  for (const used of PARTS[part]) {
    for (const [name, found] of used) {
      count += found.length > 0;
      if (!OURS[part].test(name) && isNewer(found, browsers)) newer.add(name);
    }
  }
  // A file of another form would be a check of nothing.
  if (count < 100) faults.push(`${part}: only ${count} features were found in the built files`);
  const excuses = Object.keys(EXCUSED[part]).map((pattern) => new RegExp(`^(${pattern})$`));
  for (const name of newer) {
    if (!excuses.some((excuse) => excuse.test(name))) faults.push(`${part}: ${name} is newer than ${JSON.stringify(browsers)}`);
  }
  for (const excuse of excuses) {
    if (![...newer].some((name) => excuse.test(name))) faults.push(`${part}: ${excuse} needs no excuse any more`);
  }
}

const told = ({ chrome, firefox, safari }) => `Chrome and Edge ${chrome}, Firefox ${firefox}, Safari ${safari}`;
for (const [file, ...browsers] of [['README.md', PANEL], ['docs/browsers.md', PANEL, WIDGET]]) {
  const text = fs.readFileSync(path.join(root, file), 'utf8').replace(/\s+/g, ' ');
  for (const each of browsers) if (!text.includes(told(each))) faults.push(`${file} does not say "${told(each)}"`);
}

if (faults.length) {
  console.error(faults.join('\n'));
  process.exit(1);
}
