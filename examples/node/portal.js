// The smallest real portal: a login, and pages with the messenger in them.
import { randomBytes } from 'node:crypto';
import express from 'express';
import { cleanSecret, connectionKey, shortLivedKey } from './connection-key.js';
import { homePage, loginPage } from './pages.js';

// A demo's users and passwords. A real portal keeps password hashes.
const USERS = new Map([
  ['ann@example.com', 'demo-lantern-42'],
  ['ann+test@example.com', 'demo-harvest-17'],
  ["o'neil@example.com", 'demo-copper-58'],
  ['zoë@example.com', 'demo-meadow-23'],
]);

function setting(name, fallback) {
  const value = process.env[name] ?? fallback;
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

const secret = cleanSecret(setting('CHATGENIE_SECRET'));
const appId = setting('CHATGENIE_APP_ID');
const widgetUrl = `${setting('THREAD_URL', 'http://127.0.0.1:8080')}/widget.js`;
const port = Number(setting('PORT', '8090'));

const sessions = new Map();
const sessionOf = (request) => /(?:^|; )portal=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
const emailOf = (request) => sessions.get(sessionOf(request));

const app = express();
app.use(express.urlencoded({ extended: false }));
app.use((request, response, next) => {
  // The pages hold a key, so nothing between here and the user may keep them.
  response.set('Cache-Control', 'no-store');
  next();
});

app.get('/', (request, response) => {
  if (emailOf(request)) response.redirect(303, '/home');
  else response.send(loginPage(false));
});

app.post('/login', (request, response) => {
  const { email, password } = request.body ?? {};
  if (!USERS.has(email) || USERS.get(email) !== password) return response.status(401).send(loginPage(true));
  const token = randomBytes(32).toString('base64url');
  sessions.set(token, email);
  response.cookie('portal', token, { httpOnly: true, sameSite: 'lax' }).redirect(303, '/home');
});

app.post('/logout', (request, response) => {
  sessions.delete(sessionOf(request));
  response.clearCookie('portal').redirect(303, '/');
});

app.get('/home', (request, response) => {
  const email = emailOf(request);
  if (!email) return response.redirect(303, '/');
  response.send(homePage({ appId, email, widgetUrl, key: connectionKey(secret, email) }));
});

app.get('/home-v2', (request, response) => {
  const email = emailOf(request);
  if (!email) return response.redirect(303, '/');
  // Without a key in it: the page asks for one whenever it needs one, so one that stays open never holds an old one.
  response.send(homePage({ appId, email, widgetUrl }));
});

app.get('/connection-key', (request, response) => {
  // The email is the one of the portal's own session. From a request, it would let anybody be anybody.
  const email = emailOf(request);
  if (!email) return response.sendStatus(401);
  response.type('text/plain').send(shortLivedKey(secret, appId, email));
});

app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`portal: listening on http://127.0.0.1:${port}`);
});
