// Where `widget.js` came from: Thread's origin is the one that served it.

/**
 * Only right while the script's own code runs for the first time.
 * @returns {{origin: string, nonce: string}}
 */
export function scriptSource(document) {
  // From the prototype: an element named `currentScript` would otherwise say where the user's key is sent.
  const { prototype } = Document;
  const current = Object.getOwnPropertyDescriptor(prototype, 'currentScript').get.call(document);
  const script = current || lastWidgetScript(prototype, document);
  // An anchor parses an address as the browser does, `<base href>` included, whatever the page did to `URL`.
  const anchor = prototype.createElement.call(document, 'a');
  anchor.href = script ? script.src : '';
  return { origin: `${anchor.protocol}//${anchor.host}`, nonce: (script && script.nonce) || '' };
}

/** A module loader runs scripts in its own way, and `currentScript` is null: then it is the last such tag. */
function lastWidgetScript(prototype, document) {
  const scripts = prototype.querySelectorAll.call(document, 'script[src*="widget.js"]');
  return scripts[scripts.length - 1];
}
