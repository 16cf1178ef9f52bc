// Starts the engine: WebAssembly, inlined as a string of one character a byte. Where a page's policy forbids
// WebAssembly, or the browser has none, the same engine as plain JavaScript is fetched instead.
import moduleText from 'engine-module';
import { ofDocument } from './browser.js';
import { engine, initSync } from './glue.js';

/** An empty module: magic number and version. */
const PROBE = [0, 97, 115, 109, 1, 0, 0, 0];

/**
 * @param {{folder: string, nonce: string, policy?: TrustedTypePolicy}} source where `widget.js` came from, the nonce of
 *   its tag, and a policy that its loader made
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
    return WebAssembly.compile(bytes).then((module) => {
      initSync({ module });
      return engine;
    }).catch(() => fetchPlainEngine(source));
  }
}

function fetchPlainEngine({ folder, nonce, policy }) {
  return new Promise((resolve, reject) => {
    const script = ofDocument('createElement', 'script');
    const address = folder + PLAIN_ENGINE;
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
    // Who made sure of `widget.js` by its hash has made sure of this, too.
    script.crossOrigin = '';
    script.integrity = PLAIN_INTEGRITY;
    script.src = trusted(address, policy);
    (ofDocument('head') || ofDocument('documentElement')).appendChild(script);
  });
}

let ownPolicy;

/** Under Trusted Types, a script's address must come from a policy; ours is named `chatgenie`. */
function trusted(address, policy) {
  if (!window.trustedTypes) return address;
  policy ??= ownPolicy ??= window.trustedTypes.createPolicy('chatgenie', { createScriptURL: (text) => text });
  return policy.createScriptURL(address);
}
