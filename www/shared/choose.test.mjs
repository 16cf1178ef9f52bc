import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose } from './choose.js';

const LANGUAGES = ['en', 'es', 'fr', 'de', 'pt-BR', 'ar', 'he', 'ja'].map((tag) => ({ tag }));

function chosen(...wishes) {
  const { language, locale } = choose(wishes, LANGUAGES);
  return [language.tag, locale];
}

test('the first wish that can be met counts', () => {
  assert.deepEqual(chosen('fr'), ['fr', 'fr']);
  assert.deepEqual(chosen('nl', 'de-AT', 'en'), ['de', 'de-AT'], 'a language that is not there');
  assert.deepEqual(chosen('pt-PT'), ['pt-BR', 'pt-PT'], 'by the primary subtag, dates in full');
  assert.deepEqual(chosen('pt_BR'), ['pt-BR', 'pt-BR'], 'as systems write it, and Intl does not take it');
  assert.deepEqual(chosen('iw'), ['he', 'iw'], 'an old name');
  assert.deepEqual(chosen('AR-eg'), ['ar', 'AR-eg'], 'whatever the case');
  assert.deepEqual(chosen('ja-JP-u-ca-japanese'), ['ja', 'ja-JP-u-ca-japanese']);
});

test('without a wish that can be met it is English', () => {
  for (const wishes of [[], ['nl'], [''], ['-'], ['english'], ['e'], ['ж'], ['日本'], ['zh-Hant-TW', 'ko']]) {
    assert.deepEqual(chosen(...wishes), ['en', 'en'], String(wishes));
  }
});
