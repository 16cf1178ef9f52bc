// What `widget.js` does when a page includes it: puts `window.chatgenie` in place and starts the engine.
import { createMessenger } from './messenger.js';
import { startEngine } from './engine.js';
import { threadOrigin } from './origin.js';

const isOurs = (candidate) => {
  try {
    return typeof candidate.default.messenger === 'function';
  } catch {
    return false;
  }
};

// Included twice: the first stays, with whatever it has in the page. A `chatgenie` of another kind, such as an
// element with that id, gives way.
if (!isOurs(window.chatgenie)) {
  const origin = threadOrigin(document);
  const messenger = createMessenger(origin, startEngine, console);
  window.chatgenie = { default: { messenger: () => messenger } };
}
