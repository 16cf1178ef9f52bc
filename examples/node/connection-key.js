// Connection keys: what a portal's server hands to the messenger. Copy this file.
import { createHmac, randomBytes } from 'node:crypto';

/** Seconds that a v2 key is good for. Thread takes 600 at the most; less leaves room for clocks that differ. */
const LIFETIME_SECONDS = 300;

const hmac = (secret, text) => createHmac('sha256', secret).update(text, 'utf8').digest('hex');

/**
 * The article's key: 64 hexadecimal digits, good until the secret changes.
 * `email` has to be the connectionEmail of the page, character for character.
 */
export function connectionKey(secret, email) {
  return hmac(secret, email);
}

/** A key that lives for some minutes, signs in once, and at one app alone. */
export function shortLivedKey(
  secret,
  appId,
  email,
  expires = Math.floor(Date.now() / 1000) + LIFETIME_SECONDS,
  nonce = randomBytes(16).toString('base64url'),
) {
  const mac = hmac(secret, `chatgenie-v2\n${appId}\n${email}\n${expires}\n${nonce}`);
  return `v2.${expires}.${nonce}.${mac}`;
}

/** Takes one line end off, which editors and `echo` leave behind: with it, every key would be wrong. */
export function cleanSecret(text) {
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '' || secret !== secret.trim()) {
    throw new Error('the secret is empty or has white space around it: every byte of it counts');
  }
  return secret;
}

/**
 * A value as JavaScript that may stand in a <script>: neither </script> nor <!-- can end it.
 * Not HTML escaping: a browser does not undo that in a script.
 */
export function scriptValue(value) {
  const escape = (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escape);
}
