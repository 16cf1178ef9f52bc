// Loads a page's engine and the texts of its language, and says so where that fails: in the places of page.html.
import load, { speak } from 'engine';
import { wish } from './language.js';

/**
 * Calls `begin` with the page's place once engine and texts are there. The place holds, until then, what stands there
 * while they load, and what stands there if they don't come, with a button to try again.
 * @param {string} id of the place
 * @param {(place: HTMLElement) => void} begin
 */
export function start(id, begin) {
  const place = document.getElementById(id);
  const [starting, failed] = place.querySelectorAll('.notice');
  // The preload's address: the page's policy allows no script in the page that could name it.
  const address = document.getElementById('engine').href;

  async function run() {
    starting.hidden = false;
    failed.hidden = true;
    try {
      // The preload serves the first try; a later one asks anew. The texts come at the same time.
      const engine = load({ module_or_path: fetch(address) });
      const spoken = wish(null, async (...language) => {
        await engine;
        speak(...language);
      });
      await Promise.all([engine, spoken]);
    } catch (error) {
      console.error('chatgenie: the page could not be started', error);
      starting.hidden = true;
      failed.hidden = false;
      return;
    }
    begin(place);
  }

  failed.querySelector('button').addEventListener('click', run);
  run();
}

/** Where a browser lays a phone's keyboard over the page and tells of it by this alone: `--height` is what is left. */
export function followKeyboard() {
  const viewport = window.visualViewport;
  viewport?.addEventListener('resize', () => {
    // Somebody may have enlarged the page: then it stays as it is.
    if (viewport.scale > 1.01) return;
    document.documentElement.style.setProperty('--height', `${viewport.height}px`);
    window.scrollTo(0, 0);
  });
}
