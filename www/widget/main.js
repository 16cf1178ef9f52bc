// What `widget.js` does when a page includes it: puts `window.chatgenie` in place and starts the engine.
import { createMessenger } from './messenger.js';
import { startEngine } from './engine.js';
import styles from './launcher.css';
import { scriptSource } from './source.js';

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
  const source = scriptSource(document);
  const messenger = createMessenger(source.origin, () => startEngine(source), window.console, styles);
  window.chatgenie = { default: { messenger: () => messenger } };
}
