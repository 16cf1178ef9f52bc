// Starts the engine: WebAssembly, inlined as a string of one character a byte. Where a page's policy forbids
// WebAssembly, or the browser has none, the same engine as plain JavaScript is fetched instead.
import moduleText from 'engine-module';
import { engine, init, initSync } from './glue.js';

/** An empty module: magic number and version. */
const PROBE = [0, 97, 115, 109, 1, 0, 0, 0];

/**
 * @param {{origin: string, nonce: string}} source where `widget.js` came from, and the nonce of its tag
 * @returns the engine, or a promise of it
 */
export function startEngine(source) {
  try {
    new WebAssembly.Module(Uint8Array.from(PROBE));
  } catch {
    return fetchPlainEngine(source);
  }
  const bytes = new Uint8Array(moduleText.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = moduleText.charCodeAt(i);
  try {
    initSync({ module: new WebAssembly.Module(bytes) });
    return engine;
  } catch {
    // Some browsers refuse to compile more than 4 KB at once on the main thread.
    return init({ module_or_path: bytes }).then(() => engine, () => fetchPlainEngine(source));
  }
}

function fetchPlainEngine({ origin, nonce }) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
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
    (document.head || document.documentElement).appendChild(script);
  });
}

let policy;

/** Under Trusted Types, a script's address must come from a policy; ours is named `chatgenie`. */
function trusted(address) {
  if (!window.trustedTypes) return address;
  policy ??= window.trustedTypes.createPolicy('chatgenie', { createScriptURL: (text) => text });
  return policy.createScriptURL(address);
}
