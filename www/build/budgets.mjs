// Holds the byte budgets: brotli-11 bytes of files, as they go over the wire.
import fs from 'node:fs';
import path from 'node:path';
import { webDir } from './common.mjs';

const KIB = 1024;
const size = (name) => fs.statSync(path.join(webDir, `${name}.br`)).size;

/** What a browser fetches of a page that it has not seen. */
function firstOpen(folder) {
  const assets = fs.readdirSync(path.join(webDir, folder, 'assets'))
    .filter((name) => name.endsWith('.br'))
    .map((name) => `${folder}/assets/${name.slice(0, -3)}`);
  // Of the languages, the one that is shown: the largest.
  const isTexts = (name) => name.endsWith('.txt');
  const texts = assets.filter(isTexts).sort((a, b) => size(b) - size(a)).slice(0, 1);
  return assets.filter((name) => !isTexts(name)).concat(texts, `${folder}/index.html`);
}

const plain = fs.readdirSync(webDir).filter((name) => /^engine-.*\.js$/.test(name));

const rows = [
  { what: 'widget.js, engine inlined', files: ['widget.js'], limit: 34 * KIB, aim: 28 * KIB },
  { what: 'engine as plain JavaScript', files: plain, limit: 60 * KIB, aim: 45 * KIB },
  { what: 'panel, first open, all files', files: firstOpen('messenger'), limit: 120 * KIB, aim: 85 * KIB },
  { what: "agents' page, first open, all files", files: firstOpen('agent'), limit: 110 * KIB, aim: 85 * KIB },
];

let failed = false;
console.log('| what | bytes (brotli 11) | hard | aim |\n|---|---|---|---|');
for (const { what, files, limit, aim } of rows) {
  const bytes = files.map(size).reduce((a, b) => a + b);
  console.log(`| ${what} | ${bytes} | ${limit} | ${aim} |`);
  if (bytes > limit) {
    failed = true;
    console.error(`${what}: ${bytes} bytes are ${bytes - limit} over the budget`);
  }
}
process.exitCode = failed ? 1 : 0;
