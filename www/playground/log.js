// What happened: calls, events, errors, requests, and what changed in the page.

const list = document.getElementById('log');
const empty = document.getElementById('empty');
const MAX_ENTRIES = 200;
const start = performance.now();

/**
 * @param {'call' | 'event' | 'error' | 'request' | 'page'} kind
 * @param {string} title in a few words
 * @param {unknown} [detail] shown as JSON, or as text
 * @param {string} [link] of an explanation
 */
export function log(kind, title, detail, link) {
  const entry = document.createElement('li');
  entry.dataset.kind = kind;
  const time = document.createElement('time');
  time.textContent = `${((performance.now() - start) / 1000).toFixed(2)} s`;
  const what = document.createElement('span');
  what.className = 'what';
  what.append(Object.assign(document.createElement('strong'), { textContent: title }));
  if (detail !== undefined) {
    const text = typeof detail === 'string' ? detail : JSON.stringify(detail);
    what.append(' ', Object.assign(document.createElement('span'), { className: 'detail', textContent: text }));
  }
  if (link) what.append(' ', Object.assign(document.createElement('a'), { href: link, textContent: 'Why, and what to do' }));
  entry.append(time, Object.assign(document.createElement('span'), { className: 'kind', textContent: kind }), what);
  list.prepend(entry);
  while (list.children.length > MAX_ENTRIES) list.lastElementChild.remove();
  empty.hidden = true;
}

document.getElementById('clear').addEventListener('click', () => {
  list.replaceChildren();
  empty.hidden = false;
});

/** What the page itself is told: faults, policies, the console. */
export function watchPage() {
  addEventListener('error', (event) => log('error', 'uncaught', event.message));
  addEventListener('unhandledrejection', (event) => log('error', 'unhandledrejection', String(event.reason)));
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    log('page', 'policy', `${effectiveDirective} forbids ${blockedURI}`));
  for (const level of ['warn', 'error']) {
    const write = console[level].bind(console);
    console[level] = (...text) => {
      write(...text);
      log(level === 'error' ? 'error' : 'page', `console.${level}`, text.join(' '));
    };
  }
}

/** Requests to Thread, as the browser counted them. */
export function watchRequests(onEngine) {
  const observer = new PerformanceObserver((entries) => {
    for (const { name, initiatorType, transferSize, duration } of entries.getEntries()) {
      const { origin, pathname } = new URL(name);
      if (origin !== location.origin || pathname.startsWith('/playground/')) continue;
      if (/^\/engine-/.test(pathname)) onEngine();
      const size = transferSize ? `${(transferSize / 1024).toFixed(1)} KiB` : 'from the cache';
      log('request', pathname, `${initiatorType}, ${size}, ${Math.round(duration)} ms`);
    }
  });
  observer.observe({ type: 'resource', buffered: true });
}

/** The messenger's element, which is a child of the body or of its target. */
export function watchElement(target, onChange) {
  const HOST = 'chatgenie-messenger';
  const observer = new MutationObserver((records) => {
    for (const { addedNodes, removedNodes } of records) {
      for (const [nodes, verb] of [[addedNodes, 'is in the page'], [removedNodes, 'is gone']]) {
        for (const node of nodes) {
          if (node.localName === HOST) log('page', `<${HOST}>`, verb);
        }
      }
    }
    onChange(document.querySelector(HOST));
  });
  for (const parent of [document.body, target]) observer.observe(parent, { childList: true });
}
