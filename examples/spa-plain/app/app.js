// A small app without a framework: who is signed in, and two routes.
import { fetchUser, signIn, signOut } from './api.js';
import { startMessenger, stopMessenger } from './messenger.js';

const view = document.getElementById('view');
let user = null;

function setUser(next) {
  if (user) stopMessenger();
  user = next;
  if (user) void startMessenger(user);
  render();
}

function render() {
  for (const element of document.querySelectorAll('[data-signed-in]')) element.hidden = !user;
  for (const link of document.querySelectorAll('nav a')) {
    link.ariaCurrent = link.pathname === location.pathname ? 'page' : null;
  }
  const name = user ? (location.pathname === '/devices' ? 'devices' : 'overview') : 'sign-in';
  view.replaceChildren(document.getElementById(name).content.cloneNode(true));
  document.getElementById('name').textContent = user?.name ?? '';
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('nav a');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  // The messenger stays as it is: a change of route is no reason to touch it.
  history.pushState(null, '', link.pathname);
  render();
});
addEventListener('popstate', render);

document.getElementById('sign-out').addEventListener('click', () => {
  // The messenger goes first: it should not outlive the session, not even while the network is slow.
  setUser(null);
  void signOut();
});

document.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { email, password } = event.target.elements;
  try {
    setUser(await signIn(email.value, password.value));
  } catch (cause) {
    const error = event.target.querySelector('.error');
    error.textContent = cause.message;
    error.hidden = false;
  }
});

setUser(await fetchUser());
