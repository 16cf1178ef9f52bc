// What is measured of a target: times, cost, and what coming and going leaves.
import { setTimeout as sleep } from 'node:timers/promises';
import { HELPERS, evaluate, eventually, median, probes, sessionOf, withBrowser } from './browser.mjs';

/** How long a page is left alone before its cost is read, in milliseconds. */
const SETTLE_MS = 2000;
const WARM_UP_CYCLES = 3;
const CYCLES = 50;

const sum = (requests) => ({
  requests: requests.filter(({ method }) => method !== 'OPTIONS').length,
  preflights: requests.filter(({ method }) => method === 'OPTIONS').length,
  bytes: requests.reduce((all, { bytes }) => all + bytes, 0),
});

/** Waits until no request was made or answered for a while. */
async function quiet(state, forMs = 500) {
  let seen = '';
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(forMs)) {
    const now = `${state.log.length} ${state.log.filter(({ end: ended }) => ended).length}`;
    if (now === seen) return;
    seen = now;
  }
}

/** Loads the page once; times in milliseconds from the marker just before the snippet. */
async function load(tab, target, state) {
  const { page, cdp } = tab;
  state.log.length = 0;
  await page.goto(`${state.host}/`, { waitUntil: 'commit' });
  const when = (name) => eventually(() => evaluate(cdp, `window.$when?.[${JSON.stringify(name)}]`));
  const launcher = target.launcher ? await when('launcher') : null;
  const api = target.api ? await when('api') : null;
  const signedIn = target.signedIn ? await when('signedIn') : null;
  if (!target.launcher) await sleep(1000);
  await quiet(state);
  const start = await evaluate(cdp, 'performance.timeOrigin + window.__t0');
  const after = (time) => (time === null ? null : time - start);
  const idle = sum(state.log);
  const tasks = await evaluate(cdp, 'window.$tasks');
  const long = tasks.filter(([at]) => at >= start - 5);
  return {
    api: after(api), launcher: after(launcher), signedIn: after(signedIn), ...idle,
    longTasks: long.length,
    blockedMs: long.reduce((all, [, duration]) => all + duration - 50, 0),
    longestMs: Math.max(0, ...long.map(([, duration]) => duration)),
    shift: await evaluate(cdp, 'window.$shift'),
  };
}

/** Opens the panel of a loaded page; milliseconds until it can be used, and all bytes until then. */
async function open(tab, target, state) {
  if (!target.panel) return {};
  const { cdp } = tab;
  const clicked = await evaluate(cdp, `(() => { const now = performance.timeOrigin + performance.now(); ${target.open ?? `(${target.launcher}).click()`}; return now; })()`);
  const usable = await eventually(async () => {
    const session = await sessionOf(tab, target.panelFrame);
    if (!session) return null;
    return evaluate(session, 'window.$watching || (window.$watching = true, window.$watchPanel()), window.$when.panel');
  });
  const all = sum(state.log);
  return { panel: usable === null ? null : usable - clicked, panelBytes: all.bytes, panelRequests: all.requests };
}

async function visit(target, state, { cpu, repeat } = {}) {
  return withBrowser(async (tab) => {
    await tab.page.addInitScript(probes(target));
    if (cpu) await tab.cdp.send('Emulation.setCPUThrottlingRate', { rate: cpu });
    let loaded = await load(tab, target, state);
    if (repeat) {
      await tab.page.goto('about:blank');
      loaded = await load(tab, target, state);
    }
    return { ...loaded, ...(cpu || repeat ? {} : await open(tab, target, state)), errors: [...new Set(tab.errors)] };
  });
}

/** Median of each number over several loads. */
async function several(runs, once) {
  const all = [];
  for (let i = 0; i < runs; i++) all.push(await once());
  const numbers = Object.keys(all[0]).filter((key) => all.some((one) => typeof one[key] === 'number'));
  const errors = [...new Set(all.flatMap((one) => one.errors ?? []))];
  return { ...Object.fromEntries(numbers.map((key) => [key, median(all.map((one) => one[key]))])), errors };
}

/** What the page holds, after everything was collected that can be. */
async function held(cdp) {
  const list = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
  const before = await list();
  for (let i = 0; i < 3; i++) {
    await cdp.send('HeapProfiler.collectGarbage');
    await sleep(80);
  }
  const heap = await cdp.send('Runtime.getHeapUsage');
  const after = await list();
  return {
    scriptMs: before.ScriptDuration * 1000,
    mainThreadMs: before.TaskDuration * 1000,
    layoutMs: (before.LayoutDuration + before.RecalcStyleDuration) * 1000,
    heap: heap.usedSize + (heap.embedderHeapUsedSize ?? 0) + (heap.backingStorageSize ?? 0),
    nodes: after.Nodes,
    listeners: after.JSEventListeners,
    documents: after.Documents,
  };
}

/** Without probes: they cost something themselves. */
const cost = (target, state) => withBrowser(async ({ page, cdp }) => {
  await cdp.send('Performance.enable');
  await page.goto(`${state.host}/`, { waitUntil: 'load' });
  await sleep(SETTLE_MS);
  return held(cdp);
});

/** Growth over 50 cycles of coming and going, and over 50 more: what grows in both is lost for good. */
async function leak(target, state) {
  if (!target.mount) return null;
  return withBrowser(async ({ page, cdp }) => {
    await cdp.send('Performance.enable');
    await page.goto(`${state.host}/`, { waitUntil: 'load' });
    await sleep(SETTLE_MS);
    await evaluate(cdp, HELPERS);
    const pause = 'await new Promise((resolve) => setTimeout(resolve, 30));';
    const cycles = async (count) => {
      for (let i = 0; i < count; i++) await evaluate(cdp, `(async () => { await (${target.mount}); ${pause} await (${target.unmount}); ${pause} })()`);
      await sleep(500);
      return held(cdp);
    };
    await evaluate(cdp, `(async () => { await (${target.unmount}) })()`);
    const start = await cycles(WARM_UP_CYCLES);
    const middle = await cycles(CYCLES);
    const end = await cycles(CYCLES);
    const growth = (from, to) => Object.fromEntries(['heap', 'nodes', 'listeners', 'documents'].map((key) => [key, to[key] - from[key]]));
    return { first: growth(start, middle), second: growth(middle, end) };
  });
}

/** Everything of one target. */
export async function measure(target, state, runs) {
  // Thrown away: it fills the caches of servers and disk.
  const first = await visit(target, state);
  const missing = ['api', 'launcher', 'signedIn', 'panel'].filter((name) => target[name] && first[name] === null);
  if (missing.length) throw new Error(`${target.name}: never there: ${missing}; ${first.errors}; ${JSON.stringify(state.log.map(({ method, url }) => `${method} ${url}`))}`);
  const result = { name: target.name, version: target.version, kind: target.kind };
  result.fast = await several(runs, () => visit(target, state));
  result.again = await several(runs, () => visit(target, state, { repeat: true }));
  result.throttled = await several(runs, () => visit(target, state, { cpu: 4 }));
  state.slow(true);
  result.slow = await several(Math.min(runs, 3), () => visit(target, state));
  result.slowAgain = await several(Math.min(runs, 3), () => visit(target, state, { repeat: true }));
  state.slow(false);
  result.cost = await several(runs, () => cost(target, state));
  result.leak = await leak(target, state);
  return result;
}
