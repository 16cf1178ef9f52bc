// Starts the engine: WebAssembly, inlined as a string of one character a byte. Where a page's policy forbids
// WebAssembly, or the browser has none, the same engine as plain JavaScript is fetched instead.
import moduleText from 'engine-module';
import { ofDocument } from './browser.js';
import { engine, initSync } from './glue.js';

/** An empty module: magic number and version. */
const PROBE = [0, 97, 115, 109, 1, 0, 0, 0];

/**
 * @param {string} origin of Thread
 * @param {string} nonce of the tag of `widget.js`
 * @returns the engine, or a promise of it
 */
export function startEngine(origin, nonce) {
  try {
    new WebAssembly.Module(Uint8Array.from(PROBE));
  } catch {
    return fetchPlainEngine(origin, nonce);
  }
  const bytes = new Uint8Array(moduleText.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = moduleText.charCodeAt(i);
  try {
    initSync({ module: new WebAssembly.Module(bytes) });
    return engine;
  } catch {
    // Some browsers refuse to compile more than 4 KB at once on the main thread.
    return WebAssembly.compile(bytes).then((module) => {
      initSync({ module });
      return engine;
    }).catch(() => fetchPlainEngine(origin, nonce));
  }
}

function fetchPlainEngine(origin, nonce) {
  return new Promise((resolve, reject) => {
    const script = ofDocument('createElement', 'script');
    const address = `${origin}/${PLAIN_ENGINE}`;
    const done = (settle, value) => {
      script.remove();
      settle(value);
    };
    script.onload = () => {
      // Its own tag carries the engine across, so that nothing global is needed.
      if (script.chatgenieEngine) done(resolve, script.chatgenieEngine);
      else done(reject, new Error(`${address} did not run`));
    };
    script.onerror = () => done(reject, new Error(`${address} could not be loaded`));
    script.nonce = nonce;
    script.src = trusted(address);
    (ofDocument('head') || ofDocument('documentElement')).appendChild(script);
  });
}

let policy;

/** Under Trusted Types, a script's address must come from a policy; ours is named `chatgenie`. */
function trusted(address) {
  if (!window.trustedTypes) return address;
  policy ??= window.trustedTypes.createPolicy('chatgenie', { createScriptURL: (text) => text });
  return policy.createScriptURL(address);
}
