// The panel's page: takes the widget's port, and brings it together with the engine.
import { alone, attach, speak, start as draw } from 'engine';
import { wish } from '../shared/language.js';
import { followKeyboard, start } from '../shared/start.js';

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

const loaded = new Promise((resolve) => {
  if (document.readyState === 'complete') resolve();
  else window.addEventListener('load', resolve, { once: true });
});

// In a tab of its own on a phone.
followKeyboard();
start('panel', async (place) => {
  draw(place, (told) => wish(told, speak));
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
});
