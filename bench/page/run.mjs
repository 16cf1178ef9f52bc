#!/usr/bin/env node
// What a messenger costs its host page, against others: see README.md beside this folder.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { lighthouseScores } from './lighthouse.mjs';
import { measure } from './measures.mjs';
import { ours } from './ours.mjs';
import { loaders, peers } from './peers.mjs';
import { report } from './report.mjs';
import { serve } from './servers.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    only: { type: 'string' },
    out: { type: 'string', default: path.join(root, 'dist/bench/page.json') },
    // Only writes the report of what was measured last.
    report: { type: 'boolean', default: false },
  },
});

const EMPTY = { name: 'empty page', kind: 'empty' };
const FLOOR = {
  name: 'hand-written loader',
  kind: 'floor',
  files: path.join(root, 'bench/floor'),
  body: (vendor) => `<script async src="${vendor}/loader.js"></script>`,
  api: 'window.x',
  launcher: "$deep('button[aria-label=\"Open chat\"]')",
  panelFrame: /frame\.html/,
  panel: "document.querySelector('textarea')",
  mount: 'x.mount()',
  unmount: 'x.destroy()',
};

async function run() {
  const runs = Number(options.runs);
  if (!(runs >= 1)) throw new Error(`--runs takes a number of 1 or more, not ${options.runs}`);
  const own = await ours();
  const results = [];
  const measured = { when: new Date().toISOString().slice(0, 10), runs, results, loaders: await loaders() };
  // After each, so that what was measured is not lost with what comes after it.
  const keep = () => {
    fs.mkdirSync(path.dirname(options.out), { recursive: true });
    fs.writeFileSync(options.out, JSON.stringify(measured, null, 1));
  };
  try {
    const all = [EMPTY, FLOOR, ...own.targets, ...await peers()];
    const wanted = options.only?.split(';');
    for (const target of all.filter(({ name }) => !wanted || wanted.includes(name))) {
      const state = await serve(target);
      try {
        const result = await measure(target, state, runs);
        if (['empty', 'ours'].includes(target.kind)) result.lighthouse = await lighthouseScores(state.host, runs);
        results.push(result);
        console.log(`${target.name}: ${result.fast.bytes} bytes, launcher after ${Math.round(result.fast.launcher ?? 0)} ms`);
      } catch (error) {
        // One that does not run here must not hide the others, and is named in the report.
        results.push({ name: target.name, version: target.version, kind: target.kind, failed: String(error).slice(0, 300) });
        console.error(`${target.name}: ${error.stack}`);
      } finally {
        state.close();
        keep();
      }
    }
  } finally {
    own.close();
  }
  const failedOurs = results.filter(({ kind, failed }) => failed && kind !== 'peer');
  if (failedOurs.length) throw new Error(failedOurs.map(({ name, failed }) => `${name}: ${failed}`).join('\n'));
}

if (!options.report) await run();
report(JSON.parse(fs.readFileSync(options.out)), path.join(root, 'docs'));
