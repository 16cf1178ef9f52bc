// Where `widget.js` came from: Thread's origin is the one that served it.
import { ofDocument } from './browser.js';

/**
 * Only right while the script's own code runs for the first time.
 *
 * `folder` is where the script lies, and with it what goes with this version of it. `policy` is a Trusted Types policy
 * that whoever loaded the script hands over: a page may allow one of that name only once. `params` are those of the
 * one-line embed, `<script async src="…/widget.js" data-app-id="…">`.
 * @returns {{origin: string, folder: string, nonce: string, policy?: TrustedTypePolicy, params: object}}
 */
export function scriptSource() {
  let script = ofDocument('currentScript');
  let address = script?.src;
  if (!script) {
    // A module loader runs scripts in its own way; in a shadow root they have no `currentScript` either. The browser
    // knows where this code is from; else it is the last such tag.
    [script] = [...ofDocument('querySelectorAll', 'script[src*="widget.js"]')].slice(-1);
    address = /https?:\S+?widget\.js/.exec(new Error().stack)?.[0] || script?.src;
  }
  // An anchor parses an address as the browser does, `<base href>` included, whatever the page did to `URL`.
  const anchor = ofDocument('createElement', 'a');
  anchor.href = address || '';
  const origin = `${anchor.protocol}//${anchor.host}`;
  const { nonce, dataset, chatgeniePolicy } = script || {};
  return {
    origin,
    folder: origin + anchor.pathname.replace(/[^/]*$/, ''),
    nonce: nonce || '',
    policy: chatgeniePolicy,
    params: { ...dataset },
  };
}
