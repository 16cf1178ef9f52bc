// For pages that a server renders: where it put the parameters.
import type { InitParams } from './chatgenie.js';

/**
 * The JSON of `<script type="application/json" id="chatgenie-params">`, or null where the page has none: nobody is
 * signed in.
 */
export function readParams<T extends InitParams = InitParams>(id = 'chatgenie-params', root: ParentNode = document): T | null {
  const text = root.querySelector(`script[type="application/json"]#${CSS.escape(id)}`)?.textContent;
  return text ? (JSON.parse(text) as T) : null;
}
