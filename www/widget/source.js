// Where `widget.js` came from: Thread's origin is the one that served it.
import { ofDocument } from './browser.js';

/**
 * Only right while the script's own code runs for the first time.
 * @returns {{origin: string, nonce: string, params: object}} `params`: those of the one-line embed,
 *   `<script async src="…/widget.js" data-app-id="…">`
 */
export function scriptSource() {
  const script = ofDocument('currentScript') || lastWidgetScript();
  // An anchor parses an address as the browser does, `<base href>` included, whatever the page did to `URL`.
  const anchor = ofDocument('createElement', 'a');
  anchor.href = script ? script.src : '';
  return {
    origin: `${anchor.protocol}//${anchor.host}`,
    nonce: (script && script.nonce) || '',
    params: { ...(script && script.dataset) },
  };
}

/** A module loader runs scripts in its own way, and `currentScript` is null: then it is the last such tag. */
function lastWidgetScript() {
  const scripts = ofDocument('querySelectorAll', 'script[src*="widget.js"]');
  return scripts[scripts.length - 1];
}
