import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { cleanSecret, connectionKey, scriptValue, shortLivedKey } from './connection-key.js';

// Keys that other implementations made; see tests/vectors in the repository.
const vectors = JSON.parse(readFileSync(new URL('../../tests/vectors/connection-keys.json', import.meta.url), 'utf8'));

test('keys are those of other implementations', () => {
  assert.ok(vectors.v1.length > 0);
  for (const v of vectors.v1) assert.equal(connectionKey(v.secret, v.email), v.connectionKey, v.email);
});

test('short-lived keys are those of other implementations', () => {
  assert.ok(vectors.v2.length > 0);
  for (const v of vectors.v2) {
    assert.equal(shortLivedKey(v.secret, v.appId, v.email, v.expires, v.nonce), v.connectionKey, v.email);
  }
});

test('a short-lived key ends within ten minutes, and no two are alike', () => {
  const keys = [shortLivedKey('key', 'app', 'a@b.c'), shortLivedKey('key', 'app', 'a@b.c')];
  assert.notEqual(keys[0], keys[1]);
  const [, expires] = /^v2\.(\d+)\.[A-Za-z0-9_-]{16,64}\.[0-9a-f]{64}$/.exec(keys[0]);
  const left = expires - Date.now() / 1000;
  assert.ok(left > 0 && left <= 600, `${left} seconds`);
});

test('one line end is no part of the secret', () => {
  for (const text of ['key', 'key\n', 'key\r\n']) assert.equal(cleanSecret(text), 'key');
  for (const text of ['', '\n', 'key\n\n', ' key', 'key ']) {
    assert.throws(() => cleanSecret(text), (error) => !error.message.includes('key'));
  }
});

test('nothing ends the script or the string', () => {
  const hostile = '"</script><!--&\'\\\u2028\u2029\nzoë';
  const script = scriptValue(hostile);
  assert.equal(JSON.parse(script), hostile);
  assert.doesNotMatch(script, /[<>&\u2028\u2029\n]/);
});
