// The language that the panel speaks, and its texts: a file each, made from crates/messenger/locales/ by the build.
import LANGUAGES from 'languages';
import { choose } from './choose.js';

/** How long to wait before texts that did not come are asked for again, in milliseconds; doubled each time. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** As the widget says, which knows the portal's page; as the page's address says; as the browser is set. */
const wishes = (told) => [told, new URLSearchParams(location.search).get('locale'), ...navigator.languages].filter(Boolean);

const fetched = new Map();

/** A language's texts; a fetch that failed is forgotten. */
function texts({ file }) {
  if (!fetched.has(file)) {
    const answer = fetch(new URL(file, import.meta.url)).then((response) => {
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      return response.text();
    });
    answer.catch(() => fetched.delete(file));
    fetched.set(file, answer);
  }
  return fetched.get(file);
}

/** Each wish has a number: an earlier one counts no more. */
let turn = 0;
let spoken;

/**
 * Has `speak` called with the language that is wished, as soon as its texts are there. If they don't come, goes on
 * trying, and has English spoken meanwhile if nothing was spoken yet; rejects if that cannot be had either.
 */
export async function wish(told, speak) {
  const mine = ++turn;
  const wanted = choose(wishes(told), LANGUAGES);
  const say = async ({ language, locale }, text) => {
    if (mine !== turn || spoken === locale) return;
    await speak(language.tag, locale, language.rtl, text);
    spoken = locale;
  };
  const text = await texts(wanted.language).catch(() => null);
  if (text) return say(wanted, text);
  const again = async () => say(wanted, await texts(wanted.language));
  tryAgain(again, () => mine === turn);
  if (spoken) return undefined;
  const english = choose([], LANGUAGES);
  return say(english, await texts(english.language));
}

async function tryAgain(attempt, isWanted) {
  for (let wait = FIRST_WAIT_MS; isWanted(); wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (await attempt().then(() => true, () => false)) return;
  }
}
