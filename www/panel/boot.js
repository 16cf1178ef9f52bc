// The panel's page: takes the widget's port, loads engine and texts, brings all together.
import load, { alone, attach, speak, start } from 'engine';
import { wish } from './language.js';

/** `protocol::port::HANDSHAKE` */
const HANDSHAKE = 'chatgenie:port';
/** How long after the page's load the port may come, in milliseconds. */
const PATIENCE_MS = 3000;
/** Whether the widget says, by the address, that it has made this frame: then it sends its port once that is loaded. */
const hasWidget = window.parent !== window && new URLSearchParams(location.search).get('host') === 'widget';

/**
 * The port, from the parent alone and once. Which pages may be the parent is settled before: the document's
 * `frame-ancestors` are the app's origins. Until it is started, the port keeps what the widget says.
 */
const handshake = new Promise((resolve) => {
  if (!hasWidget) return;
  window.addEventListener('message', function take(event) {
    if (event.source !== window.parent || event.data !== HANDSHAKE || event.ports.length !== 1) return;
    window.removeEventListener('message', take);
    // Whatever it is told, the widget knows by it that the browser has not put an error page here.
    event.ports[0].postMessage({ type: 'ready' });
    resolve(event.ports[0]);
  });
});

/** In a tab of its own on a phone: some browsers lay the keyboard over the page, and tell of it by this alone. */
const viewport = window.visualViewport;
viewport?.addEventListener('resize', () => {
  // Somebody may have enlarged the page: then it stays as it is.
  if (viewport.scale > 1.01) return;
  document.documentElement.style.setProperty('--height', `${viewport.height}px`);
  window.scrollTo(0, 0);
});

const loaded = new Promise((resolve) => {
  if (document.readyState === 'complete') resolve();
  else window.addEventListener('load', resolve, { once: true });
});

const place = document.getElementById('panel');
const [starting, failed] = place.querySelectorAll('.notice');
// The preload's address: the page's policy allows no script in the page that could name it.
const address = document.getElementById('engine').href;

async function run() {
  starting.hidden = false;
  failed.hidden = true;
  try {
    // The preload serves the first try; a later one asks anew. The texts come at the same time.
    const engine = load({ module_or_path: fetch(address) });
    const spoken = wish(null, async (...language) => {
      await engine;
      speak(...language);
    });
    await Promise.all([engine, spoken]);
  } catch (error) {
    console.error('chatgenie: the panel could not be started', error);
    starting.hidden = true;
    failed.hidden = false;
    return;
  }
  start(place, (told) => wish(told, speak));
  let attached = false;
  handshake.then((port) => {
    attached = true;
    attach(port);
  });
  if (hasWidget) {
    await loaded;
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  }
  if (!attached) alone();
}

failed.querySelector('button').addEventListener('click', run);
run();
