// A page without a network: scripts are fetched when the test says so, and a widget that notes what it is told.
import { JSDOM } from 'jsdom';

export const ORIGIN = 'https://thread.example';
export const ANN = { appId: 'app', connectionType: 'messenger_auth', connectionEmail: 'ann@x.com', connectionKey: 'k-ann' };
export const BEN = { ...ANN, connectionEmail: 'ben@x.com', connectionKey: 'k-ben' };

/** Puts a new page's globals in place; gives what the test needs of it. */
export function openPage(html = '') {
  const { window } = new JSDOM(`<!doctype html><html><head></head><body>${html}</body></html>`, { url: 'https://portal.example/' });
  Object.assign(globalThis, { window, document: window.document, CSS: { escape: (text) => text } });
  const errors = [];
  console.error = (...text) => errors.push(text.join(' '));
  return {
    window,
    document: window.document,
    /** What was written to the console as errors. */
    errors,
    scripts: () => [...window.document.querySelectorAll('script[src]')],
    /** The script arrives and runs. */
    arrive(widget = makeWidget()) {
      window.chatgenie = { default: { messenger: () => widget } };
      for (const script of this.scripts()) script.dispatchEvent(new window.Event('load'));
      return widget;
    },
    /** The script cannot be had. */
    fail() {
      for (const script of this.scripts()) script.dispatchEvent(new window.Event('error'));
    },
  };
}

/** No browser any more; a script that is still on its way fails. */
export function closePage() {
  for (const script of globalThis.document?.querySelectorAll('script[src]') ?? []) script.onerror?.();
  for (const name of ['window', 'document', 'CSS']) delete globalThis[name];
}

/** Keeps to the contract's outside, and remembers its calls. Signs in at once unless `outcome` says otherwise. */
export function makeWidget(outcome = () => Promise.resolve()) {
  const calls = [];
  const handlers = new Map();
  let user = null;
  const emit = (event, payload = {}) => Promise.resolve().then(() => handlers.get(event)?.forEach((h) => h(payload)));
  return {
    calls,
    emit,
    initialize(params) {
      calls.push(['initialize', params.connectionEmail]);
      if (user !== params.connectionEmail) {
        user = params.connectionEmail;
        emit('ready');
        emit('authenticated', { user: { email: user }, method: 'messenger_auth' });
      }
      return outcome(params);
    },
    destroy() {
      calls.push(['destroy']);
      if (user) emit('destroyed');
      user = null;
    },
    ...Object.fromEntries(['open', 'close', 'toggle', 'signOut'].map((name) => [name, () => calls.push([name])])),
    on(event, handler) {
      handlers.set(event, [...(handlers.get(event) ?? []), handler]);
      return () => handlers.set(event, handlers.get(event).filter((other) => other !== handler));
    },
  };
}

/** All that was put off has run. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

let copies = 0;

/** A module of the package with nothing remembered: each test has a page of its own, and so a package of its own. */
export async function fresh() {
  // The modules of one copy have to share theirs, so the folder as a whole is another one.
  const fs = await import('node:fs');
  const path = await import('node:path');
  const folder = path.resolve(import.meta.dirname, `../node_modules/.test-${process.pid}-${++copies}`);
  fs.cpSync(path.resolve(import.meta.dirname, '../dist'), folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return (name) => import(`file://${folder}/${name}.js`);
}
