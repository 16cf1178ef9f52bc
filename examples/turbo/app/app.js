// Turbo takes the browser from page to page; the messenger follows it.
import * as Turbo from '/modules/@hotwired/turbo/turbo.es2017-esm.js';
import { getMessenger, readParams } from '/modules/@chatgenie/messenger/index.js';
import { followTurbo } from '/modules/@chatgenie/messenger/turbo.js';

const origin = document.querySelector('meta[name="thread-origin"]').content;
const messenger = getMessenger({ origin });

followTurbo(messenger, () => {
  const params = readParams();
  // A page that Turbo has kept may carry a key that is used up: ask the server instead.
  return params && { ...params, connectionKey: async () => (await fetch('/api/connection-key')).text() };
});

/** On each page anew, since the button is in the body. */
const help = () => document.getElementById('help');
messenger.on('authenticated', ({ user }) => help() && (help().dataset.user = user.email));

document.addEventListener('click', (event) => {
  if (event.target.id === 'help') messenger.toggle();
});

document.addEventListener('click', async (event) => {
  if (event.target.id !== 'sign-out') return;
  messenger.destroy();
  await fetch('/api/logout', { method: 'POST' });
  // What Turbo has kept shows the former user.
  Turbo.cache.clear();
  Turbo.visit('/');
});

document.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { email, password } = event.target.elements;
  const response = await fetch('/api/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: email.value, password: password.value }),
  });
  if (response.ok) {
    Turbo.cache.clear();
    Turbo.visit('/', { action: 'replace' });
  } else {
    const error = event.target.querySelector('.error');
    error.textContent = (await response.json()).error;
    error.hidden = false;
  }
});
