// A new Chromium for each load, so that nothing is cached, and probes that tell when something is there.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const ARGUMENTS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--site-per-process',
];
// The last list wins, so this one has to be whole. The first: Debian's Chromium denies storage to other sites' frames.
const DISABLED = ['TrackingProtection3pcd', 'Translate', 'MediaRouter', 'HttpsUpgrades', 'SpareRendererForSitePerProcess'];

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Runs `use` with a new browser that has a profile of its own. */
export async function withBrowser(use) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'chatgenie-bench-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...ARGUMENTS, `--disable-features=${DISABLED.join()}`],
    viewport: { width: 1280, height: 800 },
  });
  try {
    const page = context.pages()[0] ?? await context.newPage();
    const cdp = await context.newCDPSession(page);
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error).slice(0, 200)));
    return await use({ context, page, cdp, errors });
  } finally {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

export async function evaluate(session, expression) {
  const answer = await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
  if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
  return answer.result.value;
}

/** In each document: `$deep` finds through open shadow roots, `$seen` tells whether something can be seen. */
export const HELPERS = `
window.$deep = (selector, root = document) => {
  const found = root.querySelector(selector);
  if (found) return found;
  for (const element of root.querySelectorAll('*')) {
    const inner = element.shadowRoot && $deep(selector, element.shadowRoot);
    if (inner) return inner;
  }
  return null;
};
window.$seen = (element) => {
  if (!element) return false;
  const { width, height, top, left, bottom, right } = element.getBoundingClientRect();
  return width > 4 && height > 4 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth
    && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
};
window.$when = {};
window.$watch = (name, test, each) => {
  const look = () => {
    let is = false;
    try { is = test(); } catch {}
    if (is) window.$when[name] = performance.timeOrigin + performance.now();
    return is;
  };
  let done = false;
  const again = () => { done ||= look(); if (!done) each(again); };
  if (each === setTimeout) document.addEventListener('load', () => { done ||= look(); }, true);
  again();
};`;

/** Watches for API and launcher, for long tasks and for shifts of the layout, from the start of the page. */
export function probes(target) {
  const watch = (name, expression, how) => expression && `$watch(${JSON.stringify(name)}, () => ${how === 'seen' ? `$seen(${expression})` : `!!(${expression})`}, ${how === 'seen' ? 'requestAnimationFrame' : 'setTimeout'});`;
  return `${HELPERS}
if (window === top) {
  window.$tasks = [];
  window.$shift = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) $tasks.push([performance.timeOrigin + e.startTime, e.duration]); }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => { for (const e of list.getEntries()) $shift += e.value; }).observe({ type: 'layout-shift', buffered: true });
  ${watch('api', target.api, 'is') ?? ''}
  ${watch('launcher', target.launcher, 'seen') ?? ''}
  ${watch('signedIn', target.signedIn, 'is') ?? ''}
}
window.$watchPanel = () => { ${target.panel ? watch('panel', target.panel, 'seen') : ''} };`;
}

/** The page's session, or that of the first frame whose address fits. */
export async function sessionOf({ context, page, cdp }, pattern) {
  if (!pattern) return cdp;
  const frame = page.frames().find((one) => pattern.test(one.url()));
  if (!frame) return null;
  try {
    return await context.newCDPSession(frame);
  } catch {
    return null;
  }
}

/** Asks again until there is an answer; null if there is none in time. */
export async function eventually(ask, limitMs = 20_000) {
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(40)) {
    const answer = await Promise.resolve().then(ask).catch(() => null);
    if (answer) return answer;
  }
  return null;
}

export const median = (numbers) => {
  const sorted = numbers.filter((number) => number !== null && number !== undefined && !Number.isNaN(number)).sort((a, b) => a - b);
  if (!sorted.length) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
