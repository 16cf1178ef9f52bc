// The launcher's styles.
import { ofDocument } from './browser.js';
import styles from './launcher.css';

/** @param {ShadowRoot} root */
export function addStyles(root) {
  try {
    // No policy forbids a constructed style sheet.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Older browsers have none.
    const style = ofDocument('createElement', 'style');
    style.textContent = styles;
    root.appendChild(style);
  }
}
