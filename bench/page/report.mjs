// Tables and a plot of what was measured, as ratios: milliseconds of one machine say nothing on another.
import fs from 'node:fs';
import path from 'node:path';

const START = '<!-- begin: ./build.sh bench page -->';
const END = '<!-- end: ./build.sh bench page -->';
const PLOT = 'performance-page.svg';

/** The figures of the plot and the first table: [title, value of a result, unit of the own value]. */
const FIGURES = [
  ['bytes before the first open', (one) => one.fast.bytes, (value) => `${(value / 1000).toFixed(1)} kB`],
  ['launcher, fast network', (one) => one.fast.launcher, ms],
  ['launcher, slow network', (one) => one.slow.launcher, ms],
  ['launcher, 4x slowed CPU', (one) => one.throttled.launcher, ms],
  ['scripts’ time', (one, empty) => one.cost.scriptMs - empty.cost.scriptMs, ms],
  ['heap', (one, empty) => one.cost.heap - empty.cost.heap, (value) => `${Math.round(value / 1000)} kB`],
];

function ms(value) {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
const whole = (value) => (isNumber(value) ? String(Math.round(value)) : '–');

/** "3.2 ×", or "–" where there is nothing to compare. */
function ratio(value, base) {
  if (!isNumber(value) || !isNumber(base) || base <= 0) return '–';
  const times = value / base;
  return `${times.toFixed(times < 0.1 ? 2 : times < 10 ? 1 : 0)} ×`;
}

const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

export function report({ when, runs, results, loaders }, docs) {
  const empty = results.find(({ kind }) => kind === 'empty');
  const done = results.filter(({ kind, failed }) => kind !== 'empty' && !failed);
  const base = done.find(({ kind }) => kind === 'ours');
  if (!base) throw new Error('ours was not measured; leave out --only');
  const others = done.filter((one) => one !== base);

  const own = FIGURES.map(([title, of, unit]) => [title, unit(of(base, empty))]);
  const ratios = others.map((one) => [name(one), ...FIGURES.map(([, of]) => ratio(of(one, empty), of(base, empty)))]);
  const details = done.map((one) => [
    name(one),
    `${one.fast.requests}${one.fast.preflights ? ` + ${one.fast.preflights} preflights` : ''}`,
    whole(one.fast.api), whole(one.fast.launcher), whole(one.fast.signedIn), whole(one.fast.panel),
    whole(one.again.launcher), whole(one.slow.launcher), whole(one.slowAgain.launcher),
    `${whole(one.throttled.longTasks)}, ${whole(one.throttled.blockedMs)}`,
    one.fast.shift.toFixed(3),
    whole(one.cost.mainThreadMs - empty.cost.mainThreadMs),
    whole(one.cost.nodes - empty.cost.nodes),
    whole(one.cost.listeners - empty.cost.listeners),
  ]);
  const leaks = done.map((one) => (one.leak
    ? [name(one), ...['nodes', 'listeners', 'documents'].map((key) => `${one.leak.first[key]}, ${one.leak.second[key]}`), `${whole(one.leak.first.heap / 1000)}, ${whole(one.leak.second.heap / 1000)}`]
    : [name(one), '–', '–', '–', '–']));
  const scores = [empty, ...done].filter(({ lighthouse }) => lighthouse).map(({ name: called, lighthouse: score }) => [
    called, score.performance, score.accessibility, score['best-practices'], score.seo, whole(score.blockedMs), score.shift.toFixed(3),
  ]);
  const failed = results.filter((one) => one.failed).map((one) => `- ${one.name}: ${one.failed.replaceAll('|', '/').split('\n')[0]}`);

  const text = `${START}
Measured ${when} by \`./build.sh bench page\`: all in one run, median of ${runs} loads (${Math.min(runs, 3)} on the slow network), a new
Chromium for each load, host page and vendor on two sites, vendor's files in brotli 11. Ours runs against the real
service; peers are bundled from npm as their documentation says, their own services are stubs or not needed before the
first open. Times are those of a small shared machine: compare them with each other.

Ours: ${own.map(([title, value]) => `${title} ${value}`).join(', ')} (scripts’ time and heap: beyond the empty page’s).

How many times ours the others take:

![Ratios to ours](${PLOT})

${table(['', ...FIGURES.map(([title]) => title)], ratios)}

Loaders fetch their interface from their vendor; what npm has of them, in brotli-11 bytes: ${loaders.map((one) => `${one.name} ${one.version} ${one.bytes}`).join(', ')}.

In numbers. Times are milliseconds from the start of the snippet’s script; “again” is a second visit with a warm cache; the
slow network adds 150 ms to each answer and has 200 kB/s; long tasks are those over 50 ms at a four times slowed CPU
(number, blocked milliseconds; the empty page itself: ${whole(empty.throttled.longTasks)}, ${whole(empty.throttled.blockedMs)}); layout shift is the page’s; main thread, nodes and
listeners are beyond the empty page’s.

${table(['', 'requests', 'API', 'launcher', 'signed in', 'open to usable panel', 'launcher again', 'launcher slow', 'slow again', 'long tasks', 'layout shift', 'main thread ms', 'nodes', 'listeners'], details)}

Left after 50 cycles of coming and going, and after 50 more (what grows in both is lost for good):

${table(['', 'nodes', 'listeners', 'documents', 'heap kB'], leaks)}

Lighthouse’s scores of the page, with and without the messenger:

${table(['', 'performance', 'accessibility', 'best practices', 'SEO', 'blocking ms', 'layout shift'], scores)}
${failed.length ? `\nNot measured:\n\n${failed.join('\n')}\n` : ''}${END}`;

  const file = path.join(docs, 'PERFORMANCE.md');
  const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '# Performance\n';
  const [start, end] = [before.indexOf(START), before.indexOf(END)];
  const after = start >= 0 && end > start
    ? before.slice(0, start) + text + before.slice(end + END.length)
    : `${before.trimEnd()}\n\n## What it costs a page\n\n${text}\n`;
  fs.writeFileSync(file, after);
  fs.writeFileSync(path.join(docs, PLOT), plot(others.map((one) => ({
    name: one.name, values: FIGURES.map(([, of]) => of(one, empty) / of(base, empty)),
  }))));
  console.log(`written: ${file}`);
}

const name = ({ name: called, version, kind }) => (kind === 'peer' ? `${called} ${version}` : called);

/** A plot with one panel a figure, bars on a scale of powers of two; the line is ours. */
function plot(rows) {
  const [width, rowHeight, labels, top] = [360, 22, 170, 44];
  const columns = 2;
  const high = Math.log2(64);
  const low = -high;
  const height = top + rows.length * rowHeight + 24;
  const lines = Math.ceil(FIGURES.length / columns);
  const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const panels = FIGURES.map(([title], figure) => {
    const x = (figure % columns) * (width + labels + 40) + 16;
    const y = Math.floor(figure / columns) * height;
    const at = (value) => labels + ((Math.min(high, Math.max(low, Math.log2(value))) - low) / (high - low)) * width;
    const ticks = [1 / 16, 1 / 4, 1, 4, 16, 64].map((tick) => {
      const label = tick < 1 ? `1/${1 / tick}` : `${tick}`;
      return `<line class="${tick === 1 ? 'one' : 'tick'}" x1="${at(tick)}" x2="${at(tick)}" y1="${top - 6}" y2="${height - 18}"/><text class="small" x="${at(tick)}" y="${height - 6}" text-anchor="middle">${label} ×</text>`;
    }).join('');
    const bars = rows.map(({ name: called, values }, i) => {
      const line = top + i * rowHeight;
      const label = `<text x="${labels - 8}" y="${line + 13}" text-anchor="end">${escape(called)}</text>`;
      const value = values[figure];
      if (!isNumber(value) || value <= 0) return `${label}<text class="small" x="${at(1) + 6}" y="${line + 13}">–</text>`;
      const [from, to] = [Math.min(at(1), at(value)), Math.max(at(1), at(value))];
      const text = value >= 1 ? `<text class="small" x="${to + 5}" y="${line + 13}">${value.toFixed(value < 10 ? 1 : 0)} ×</text>` : `<text class="small" x="${at(1) + 6}" y="${line + 13}">${value.toFixed(2)} ×</text>`;
      return `${label}<rect class="${value >= 1 ? 'more' : 'less'}" x="${from}" y="${line + 2}" width="${Math.max(1, to - from)}" height="${rowHeight - 7}" rx="2"/>${text}`;
    }).join('');
    return `<g transform="translate(${x} ${y})"><text class="title" x="${labels}" y="22">${escape(title)}</text>${ticks}${bars}</g>`;
  }).join('\n');
  const [w, h] = [columns * (width + labels + 40) + 16, lines * height + 8];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-label="How many times ours other messengers cost a page">
<style>text{font:13px system-ui,sans-serif;fill:#1f2430}.small{font-size:11px;fill:#5b6270}.title{font-weight:600;font-size:14px}.tick{stroke:#dfe2e8}.one{stroke:#2f5bea;stroke-width:2}.more{fill:#9aa3b5}.less{fill:#2f9e6b}rect.page{fill:#fff}</style>
<rect class="page" width="${w}" height="${h}"/>
${panels}
</svg>
`;
}
