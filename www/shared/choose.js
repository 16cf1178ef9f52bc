// Which of the panel's languages is meant.

/** Whether `Intl` takes the tag; it throws at one that is malformed, as `pt_BR` is. */
function isKnown(tag) {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

/**
 * The first wish that can be met, else the first language. Languages are told apart by the part of a tag before its
 * first dash; dates and numbers follow the whole tag.
 * @template {{tag: string}} L
 * @param {Iterable<string>} wishes tags as browsers and pages have them
 * @param {L[]} languages
 * @returns {{language: L, locale: string}}
 */
export function choose(wishes, languages) {
  for (const wish of wishes) {
    const primary = wish.toLowerCase().split(/[-_]/)[0];
    // Hebrew, as old systems call it.
    const meant = primary === 'iw' ? 'he' : primary;
    const language = languages.find(({ tag }) => tag.split('-')[0] === meant);
    if (language) return { language, locale: isKnown(wish) ? wish : language.tag };
  }
  return { language: languages[0], locale: languages[0].tag };
}
