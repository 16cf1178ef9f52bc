// The playground: what is in the form goes to `initialize`, and what comes of it is shown.
import { code } from './code.js';
import { log, watchElement, watchPage, watchRequests } from './log.js';

const form = document.getElementById('form');
const at = (id) => document.getElementById(id);
const messenger = window.chatgenie?.default.messenger();
const policy = new URLSearchParams(location.search).get('wasm') === 'off' ? 'off' : 'on';
let origin = location.origin;

/** The parameters as the page would write them. What is not filled in is not given. */
function params() {
  const { appId, signIn, connectionEmail, connectionKey, locale, theme, inline } = form.elements;
  const given = { appId: appId.value };
  if (signIn.value === 'key') {
    given.connectionType = 'messenger_auth';
    given.connectionEmail = connectionEmail.value;
    given.connectionKey = connectionKey.value;
  }
  if (locale.value) given.locale = locale.value;
  if (theme.value) given.theme = theme.value;
  if (inline.checked) given.target = '#place';
  return given;
}

/** For eyes: a key is as good as a password. */
const hidden = (given) =>
  given.connectionKey ? { ...given, connectionKey: `${given.connectionKey.slice(0, 6)}…` } : given;

function show() {
  const { signIn, inline } = form.elements;
  at('byKey').hidden = signIn.value !== 'key';
  at('place').hidden = !inline.checked;
  const tab = document.querySelector('#tabs input:checked').value;
  at('code').textContent = code[tab](origin, params());
}

function initialize() {
  const given = params();
  log('call', 'initialize', hidden(given));
  at('outcome').textContent = 'pending';
  messenger.initialize(given).then(
    () => {
      at('outcome').textContent = 'resolved';
      log('call', 'resolved');
    },
    (error) => {
      at('outcome').textContent = `rejected: ${error.code}`;
      log('error', `rejected: ${error.code}`, error.field ? `${error.field}: ${error.message}` : error.message, error.docs);
    },
  );
}

/** The server makes a key where it is a demo, and nowhere else. */
async function makeKey() {
  const { appId, connectionEmail, connectionKey } = form.elements;
  const response = await fetch('/playground/key', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ appId: appId.value, email: connectionEmail.value }),
  });
  const answer = await response.json();
  if (response.ok) {
    connectionKey.value = answer.connectionKey;
    show();
  } else {
    log('error', 'no key', answer.detail);
  }
}

async function learn() {
  const about = await (await fetch('/playground/about')).json();
  origin = about.origin;
  at('origin').textContent = origin;
  if (!about.demo) return;
  at('make').hidden = false;
  at('keyHint').textContent = 'This Thread is a demo, so it makes keys for you. Else only your own server can.';
  at('apps').append(...about.apps.map(({ appId, name }) => new Option(name, appId)));
  if (about.apps.length) form.elements.appId.value = about.apps[0].appId;
  if (about.apps.length) await makeKey();
}

watchPage();
watchElement(at('place'), (host) => {
  at('launcher').textContent = host ? (host.parentElement === document.body ? 'in the corner' : 'in its target') : 'none';
});
at('engine').textContent = policy === 'off' ? 'plain JavaScript, on its way' : 'WebAssembly';
watchRequests(() => {
  at('engine').textContent = 'plain JavaScript';
});

if (messenger) {
  const show = {
    authenticated: ({ user, method }) => (at('user').textContent = `${user.email} (${method})`),
    unread: ({ count }) => (at('unread').textContent = count),
    sessionexpired: () => (at('user').textContent = 'nobody'),
    destroyed: () => {
      at('user').textContent = 'nobody';
      at('unread').textContent = '0';
    },
  };
  for (const event of ['ready', 'authenticated', 'open', 'close', 'destroyed', 'sessionexpired', 'unread']) {
    messenger.on(event, (payload) => {
      log('event', event, payload);
      show[event]?.(payload);
    });
  }
  messenger.on('error', (error) => log('event', 'error', error.code, error.docs));
} else {
  at('engine').textContent = 'none';
  log('error', 'widget.js is not there', 'This Thread was built without its browser files: run ./build.sh build.');
}

form.elements.wasm.value = policy;
form.addEventListener('input', (event) => {
  if (event.target.name === 'wasm') {
    location.search = event.target.value === 'off' ? '?wasm=off' : '';
    return;
  }
  show();
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  initialize();
});
form.addEventListener('click', ({ target }) => {
  const call = target.dataset?.call;
  if (!call) return;
  log('call', call);
  messenger[call]();
});
at('tabs').addEventListener('input', show);
at('make').addEventListener('click', makeKey);
at('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(at('code').textContent);
    at('copy').textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(at('code'));
    at('copy').textContent = 'Selected';
  }
  setTimeout(() => (at('copy').textContent = 'Copy'), 1500);
});

await learn().catch((error) => log('error', 'no answer', error.message));
show();
