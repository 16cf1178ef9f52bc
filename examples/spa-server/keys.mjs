// Connection keys: what signs a portal's user in. Only the server can make them, since only it has the secret.
import { createHmac, randomBytes } from 'node:crypto';

/** The article's key: valid until the secret changes. */
export function v1(secret, email) {
  return createHmac('sha256', secret).update(email, 'utf8').digest('hex');
}

/** A key that lives for ten minutes at the most, for this app and this user, and signs in once. */
export function v2(secret, appId, email, lifetimeSeconds = 300) {
  const expires = Math.floor(Date.now() / 1000) + lifetimeSeconds;
  const nonce = randomBytes(16).toString('base64url');
  const mac = createHmac('sha256', secret)
    .update(`chatgenie-v2\n${appId}\n${email}\n${expires}\n${nonce}`, 'utf8')
    .digest('hex');
  return `v2.${expires}.${nonce}.${mac}`;
}
