// What `widget.js` does when a page includes it: puts `window.chatgenie` in place, starts the engine, and calls
// `initialize` if its tag says for which app.
import { createMessenger } from './messenger.js';
import { startEngine } from './engine.js';
import { scriptSource } from './source.js';
import { addStyles } from './styles.js';

const isOurs = (candidate) => {
  try {
    return typeof candidate.default.messenger === 'function';
  } catch {
    return false;
  }
};

const { params, ...source } = scriptSource();

// Included twice: the first stays, with whatever it has in the page. A `chatgenie` of another kind, such as an
// element with that id, gives way.
if (!isOurs(window.chatgenie)) {
  const messenger = createMessenger(source.origin, () => startEngine(source), window.console, addStyles);
  window.chatgenie = { default: { messenger: () => messenger } };
}

if (params.appId) window.chatgenie.default.messenger().initialize(params);
