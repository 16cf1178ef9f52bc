// The panel's page: takes the widget's port, loads the engine, brings the two together.
import load, { alone, attach, start } from 'engine';

/** `protocol::port::HANDSHAKE` */
const HANDSHAKE = 'chatgenie:port';
/** How long after the page's load the port may come, in milliseconds. */
const PATIENCE_MS = 1000;

/**
 * The port, from the parent alone and once. Which pages may be the parent is settled before: the document's
 * `frame-ancestors` are the app's origins. Until it is started, the port keeps what the widget says.
 */
const handshake = new Promise((resolve) => {
  if (window.parent === window) return;
  window.addEventListener('message', function take(event) {
    if (event.source !== window.parent || event.data !== HANDSHAKE || event.ports.length !== 1) return;
    window.removeEventListener('message', take);
    // Whatever it is told, the widget knows by it that the browser has not put an error page here.
    event.ports[0].postMessage({ type: 'ready' });
    resolve(event.ports[0]);
  });
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
    // The preload serves the first try; a later one asks anew.
    await load({ module_or_path: fetch(address) });
  } catch (error) {
    console.error('chatgenie: the panel could not be started', error);
    starting.hidden = true;
    failed.hidden = false;
    return;
  }
  start(place);
  let attached = false;
  handshake.then((port) => {
    attached = true;
    attach(port);
  });
  await loaded;
  if (window.parent !== window) await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  if (!attached) alone();
}

failed.querySelector('button').addEventListener('click', run);
run();
