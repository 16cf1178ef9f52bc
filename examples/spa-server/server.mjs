// The server side of a single-page app: it signs users in, and makes the messenger's connection key for them.
//
//   THREAD_URL=http://127.0.0.1:8080 CHATGENIE_APP_ID=app_… CHATGENIE_SECRET=cgs_… node server.mjs ../spa-react
//
// The app asks it: POST /api/login, POST /api/logout, GET /api/me, GET /api/connection-key.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import * as keys from './keys.mjs';

const { THREAD_URL, CHATGENIE_APP_ID: APP_ID, CHATGENIE_SECRET: SECRET, KEY_FORM = 'v2', PORT = '8091', HOST = '127.0.0.1' } = process.env;
const app = path.resolve(process.argv[2] ?? '.');
for (const [name, value] of Object.entries({ THREAD_URL, CHATGENIE_APP_ID: APP_ID, CHATGENIE_SECRET: SECRET })) {
  if (!value) {
    console.error(`${name} is not set. CHATGENIE_APP_ID and CHATGENIE_SECRET come from "thread app create", THREAD_URL is where Thread is reached.`);
    process.exit(1);
  }
}

/** A file's last line end is not part of the secret. */
const secret = SECRET.replace(/\r?\n$/, '');

/** A demo's users. A real portal has its own way to sign users in, and stores no password as it is. */
const USERS = [
  { email: 'ann@example.com', name: 'Ann', password: 'demo-lantern-42' },
  { email: 'ben@example.com', name: 'Ben', password: 'demo-harvest-17' },
];
const sessions = new Map();

/** What an app brings along: `example.mjs` in its folder. */
const example = await import(path.join(app, 'example.mjs'));

const connectionKey = (user) =>
  KEY_FORM === 'v1' ? keys.v1(secret, user.email) : keys.v2(secret, APP_ID, user.email);

/** What the app may know of a user: nothing here is secret. */
const me = (user) => ({ email: user.email, name: user.name, messenger: { origin: THREAD_URL, appId: APP_ID } });

const cookie = (request) => /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
const signedIn = (request) => sessions.get(cookie(request)) ?? null;

const api = {
  async 'POST /api/login'(request, response) {
    const { email, password } = JSON.parse(await bodyOf(request));
    const user = USERS.find((user) => user.email === email && user.password === password);
    if (!user) return json(response, 401, { error: 'This email and password do not belong together.' });
    const id = randomBytes(24).toString('base64url');
    sessions.set(id, user);
    response.setHeader('Set-Cookie', `session=${id}; Path=/; HttpOnly; SameSite=Lax`);
    json(response, 200, me(user));
  },
  'POST /api/logout'(request, response) {
    sessions.delete(cookie(request));
    response.setHeader('Set-Cookie', 'session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0');
    json(response, 200, {});
  },
  'GET /api/me'(request, response) {
    const user = signedIn(request);
    if (user) json(response, 200, me(user));
    else json(response, 200, null);
  },
  'GET /api/connection-key'(request, response) {
    const user = signedIn(request);
    // For the session's own user only: the address is never taken from the request.
    if (user) send(response, 200, 'text/plain; charset=utf-8', connectionKey(user));
    else json(response, 401, { error: 'Sign in first.' });
  },
};

/** Thread's origin three times, and that is all the messenger asks for: its script, its requests, its frame. */
const policy = (nonce) => [
  "default-src 'none'",
  `script-src 'self' 'wasm-unsafe-eval' ${THREAD_URL}`,
  `connect-src 'self' ${THREAD_URL}`,
  `frame-src ${THREAD_URL}`,
  // A nonce is for libraries that bring a style of their own, as Turbo does for its progress bar.
  `style-src 'self' 'nonce-${nonce}'`,
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const nonce = randomBytes(16).toString('base64');
  response.setHeader('Content-Security-Policy', policy(nonce));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'same-origin');
  response.setHeader('Cache-Control', 'no-store');
  if (pathname === '/favicon.ico') return response.writeHead(204).end();
  // Another site can send forms here, but not with this page's origin.
  const { origin } = request.headers;
  if (request.method === 'POST' && origin && new URL(origin).host !== request.headers.host) {
    return json(response, 403, { error: 'This comes from another site.' });
  }
  const handler = api[`${request.method} ${pathname}`];
  if (handler) return handler(request, response);
  if (request.method !== 'GET') return json(response, 404, { error: 'There is nothing here.' });
  for (const [prefix, folder] of Object.entries({ '/shared/': path.join(import.meta.dirname, 'public/shared'), ...example.folders })) {
    if (pathname.startsWith(prefix)) {
      const file = path.join(folder, path.normalize(`/${pathname.slice(prefix.length)}`));
      const content = await fs.readFile(file).catch(() => null);
      if (content) return send(response, 200, TYPES[path.extname(file)] ?? 'application/octet-stream', content);
    }
  }
  // Any other address is a route of the app.
  const user = signedIn(request);
  send(response, 200, TYPES['.html'], await example.page({ pathname, user, messenger: user && paramsOf(user), threadUrl: THREAD_URL, nonce }));
}

/** The parameters of `initialize`, for pages that the server renders. */
const paramsOf = (user) => ({
  appId: APP_ID,
  connectionType: 'messenger_auth',
  connectionEmail: user.email,
  connectionKey: connectionKey(user),
});

function json(response, status, value) {
  send(response, status, 'application/json', JSON.stringify(value));
}

function send(response, status, type, body) {
  response.writeHead(status, { 'Content-Type': type }).end(body);
}

async function bodyOf(request) {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += part;
    if (text.length > 10_000) throw new Error('too long');
  }
  return text;
}

server.listen(Number(PORT), HOST, () => {
  // By name: that is the origin that the app's list has to have, and a browser's `127.0.0.1` is another.
  console.log(`listening on http://${HOST === '127.0.0.1' ? 'localhost' : HOST}:${server.address().port}`);
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
