import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ANN, BEN, closePage, fresh, makeWidget, openPage, ORIGIN, settled } from './page.mjs';

afterEach(closePage);

async function start(html) {
  const page = openPage(html);
  const load = await fresh();
  return { page, load, ...(await load('index')) };
}

test('importing it does nothing, and needs no browser', async () => {
  const load = await fresh();
  const { getMessenger, loadWidget } = await load('index');
  await Promise.all(['react', 'vue', 'turbo'].map(load));
  console.error = () => {};
  const messenger = getMessenger({ origin: ORIGIN });
  messenger.destroy();
  messenger.open();
  assert.notEqual(messenger, getMessenger({ origin: ORIGIN }), "one user's handlers are not another's");
  await assert.rejects(messenger.initialize(ANN), { code: 'engine_unavailable' });
  await assert.rejects(loadWidget({ origin: ORIGIN }), /needs a browser/);
});

test('the first initialize loads widget.js, once, and leaves no tag', async () => {
  const { page, getMessenger } = await start();
  const messenger = getMessenger({ origin: `${ORIGIN}/` });
  assert.equal(page.scripts().length, 0);
  const first = messenger.initialize(ANN);
  const second = messenger.initialize(ANN);
  assert.deepEqual(page.scripts().map(({ src }) => src), [`${ORIGIN}/widget.js`]);
  const widget = page.arrive();
  await Promise.all([first, second, messenger.initialize(ANN)]);
  assert.equal(widget.calls.length, 3);
  assert.equal(page.document.querySelectorAll('script').length, 0);
  assert.equal(getMessenger({ origin: `${ORIGIN}/` }), messenger);
});

test('a version is loaded from its own address, with its integrity and the page\'s nonce', async () => {
  const { page, loadWidget } = await start();
  const loaded = loadWidget({ origin: ORIGIN, version: '1.0.0-0a1b2c3d', integrity: 'sha384-abc', nonce: 'n1' });
  const [script] = page.scripts();
  assert.equal(script.src, `${ORIGIN}/v/1.0.0-0a1b2c3d/widget.js`);
  // jsdom knows no `integrity` attribute: the property is what is set.
  assert.deepEqual([script.integrity, script.crossOrigin, script.nonce], ['sha384-abc', 'anonymous', 'n1']);
  const widget = page.arrive();
  assert.equal(await loaded, widget);
});

test('calls are replayed in order once widget.js is there', async () => {
  const { page, getMessenger } = await start();
  const messenger = getMessenger({ origin: ORIGIN });
  messenger.open();
  void messenger.initialize(ANN);
  messenger.open();
  void messenger.initialize(BEN);
  const widget = page.arrive();
  await settled();
  assert.deepEqual(widget.calls, [['initialize', 'ann@x.com'], ['open'], ['initialize', 'ben@x.com']]);
});

test('destroy before widget.js is there rejects at once, and nothing comes late', async () => {
  const { page, getMessenger } = await start();
  const messenger = getMessenger({ origin: ORIGIN });
  const events = [];
  messenger.on('destroyed', () => events.push('destroyed'));
  const outcome = assert.rejects(messenger.initialize(ANN), { code: 'destroyed', name: 'MessengerError' });
  messenger.destroy();
  messenger.destroy();
  await outcome;
  const widget = page.arrive();
  await settled();
  assert.deepEqual([widget.calls, events], [[], ['destroyed']]);
  await messenger.initialize(BEN);
  assert.deepEqual(widget.calls, [['initialize', 'ben@x.com']]);
});

test('a failed load is told, and tried again by the next initialize', async () => {
  const { page, getMessenger, isMessengerError } = await start();
  const messenger = getMessenger({ origin: ORIGIN });
  const told = [];
  messenger.on('error', (error) => told.push(error));
  const unhandled = [];
  const note = (error) => unhandled.push(error);
  process.on('unhandledRejection', note);
  const ignored = messenger.initialize(ANN);
  page.fail();
  await settled();
  process.off('unhandledRejection', note);
  assert.deepEqual(unhandled, [], 'a promise that nobody looks at raises nothing');
  const error = await ignored.catch((reason) => reason);
  assert.ok(isMessengerError(error));
  assert.equal(error.code, 'engine_unavailable');
  assert.equal(error.docs, `${ORIGIN}/docs/errors#engine_unavailable`);
  assert.deepEqual(told, [error]);
  assert.match(page.errors[0], /Content-Security-Policy allows scripts of https:\/\/thread\.example/);
  assert.equal(page.scripts().length, 0);

  const again = messenger.initialize(ANN);
  assert.equal(page.scripts().length, 1);
  page.arrive();
  await again;
});

test('a script that is no widget.js is a failure too', async () => {
  const { page, loadWidget } = await start('<p id="chatgenie"></p>');
  const loaded = loadWidget({ origin: ORIGIN });
  page.scripts()[0].dispatchEvent(new page.window.Event('load'));
  await assert.rejects(loaded, { code: 'engine_unavailable' });
});

test('a messenger that the page has already is used', async () => {
  const { page, getMessenger } = await start();
  const widget = page.arrive();
  await getMessenger({ origin: ORIGIN }).initialize(ANN);
  assert.deepEqual([widget.calls.length, page.scripts().length], [1, 0]);
});

test('what cannot be right is explained before anything is loaded', async () => {
  const { page, getMessenger, loadWidget } = await start();
  for (const [source, field, message] of [
    [{ origin: undefined }, 'origin', /origin is undefined/],
    [{ origin: 'thread.example' }, 'origin', /like "https:\/\/thread.example"/],
    [{ origin: `${ORIGIN}/widget.js` }, 'origin', /has to end after host and port: "https:\/\/thread.example"/],
    [{ origin: 'javascript:alert(1)' }, 'origin', /begins with javascript:/],
    [{ origin: ORIGIN, integrity: 'sha384-abc' }, 'integrity', /needs a version/],
    [{ origin: ORIGIN, version: '../x' }, 'version', /v1\/versions/],
  ]) {
    await assert.rejects(getMessenger(source).initialize(ANN), { code: 'invalid_params', field, message });
  }
  assert.equal(page.scripts().length, 0);
  void loadWidget({ origin: ORIGIN });
  await assert.rejects(loadWidget({ origin: 'https://other.example' }), { code: 'invalid_params', field: 'origin' });
  page.arrive();
  await settled();
  await assert.rejects(loadWidget({ origin: 'https://other.example' }), /a page can have one/);
});

test('handlers come before widget.js, survive destroy, and one that throws harms no other', async () => {
  const { page, getMessenger } = await start();
  const messenger = getMessenger({ origin: ORIGIN });
  const counts = [];
  messenger.on('unread', () => {
    throw new Error('mine');
  });
  const off = messenger.on('unread', ({ count }) => counts.push(count));
  void messenger.initialize(ANN);
  const widget = page.arrive();
  await settled();
  await widget.emit('unread', { count: 1 });
  messenger.destroy();
  await messenger.initialize(BEN);
  await widget.emit('unread', { count: 2 });
  off();
  off();
  await widget.emit('unread', { count: 3 });
  assert.deepEqual(counts, [1, 2]);
  assert.equal(page.errors.length, 3);
  console.warn = () => {};
  messenger.on('nonsense', () => {})();
});

test('under Trusted Types the address comes from the policy chatgenie, which makes no other', async () => {
  const { page, loadWidget } = await start();
  const policies = [];
  page.window.trustedTypes = {
    createPolicy(name, rules) {
      policies.push(name);
      return { createScriptURL: (url) => `${rules.createScriptURL(url)}#trusted` };
    },
  };
  const first = loadWidget({ origin: ORIGIN });
  const [script] = page.scripts();
  assert.equal(script.src, `${ORIGIN}/widget.js#trusted`);
  assert.throws(() => script.chatgeniePolicy.createScriptURL('https://evil.example/x.js'), TypeError);
  page.fail();
  await assert.rejects(first);
  assert.equal('chatgeniePolicy' in script, false, 'nobody finds it later');
  void loadWidget({ origin: ORIGIN });
  assert.deepEqual(policies, ['chatgenie'], 'one policy, however often it is loaded');
});

test('a page that allows no such policy says what to allow', async () => {
  const { page, loadWidget } = await start();
  page.window.trustedTypes = {
    createPolicy() {
      throw new TypeError('not in trusted-types');
    },
  };
  Object.defineProperty(page.window.HTMLScriptElement.prototype, 'src', {
    set() {
      throw new TypeError('requires a TrustedScriptURL');
    },
  });
  await assert.rejects(loadWidget({ origin: ORIGIN }), /has to list chatgenie in trusted-types/);
});

test('rejections of the widget reach the caller', async () => {
  const { page, getMessenger } = await start();
  const refusal = Object.assign(new Error('no'), { name: 'MessengerError', code: 'invalid_connection_key' });
  const outcome = getMessenger({ origin: ORIGIN }).initialize(ANN);
  page.arrive(makeWidget(() => Promise.reject(refusal)));
  await assert.rejects(outcome, refusal);
});

test('parameters are read from the page', async () => {
  const json = JSON.stringify(ANN);
  const { readParams } = await start(`<script type="application/json" id="chatgenie-params">${json}</script>`);
  assert.deepEqual(readParams(), ANN);
  assert.equal(readParams('other'), null);
});

test('Turbo: the body changes around the launcher, and the page that is left is copied whole', async () => {
  const { page, load, getMessenger } = await start(
    '<p>one</p><script type="application/json" id="chatgenie-params">{"appId":"app","connectionEmail":"ann@x.com"}</script>',
  );
  const { followTurbo } = await load('turbo');
  const widget = page.arrive();
  const stop = followTurbo(getMessenger({ origin: ORIGIN }));
  await settled();
  const { document, window } = page;
  const host = document.body.appendChild(document.createElement('chatgenie-messenger'));
  let copy;
  const visit = async (html) => {
    // As Turbo does it: a copy a tick later, `turbo:before-render`, and a wait for what renders.
    const left = document.body;
    setTimeout(() => (copy = left.cloneNode(true)), 0);
    const next = document.createElement('body');
    next.innerHTML = html;
    const detail = { render: (current, body) => current.replaceWith(body) };
    document.dispatchEvent(new window.CustomEvent('turbo:before-render', { detail }));
    await detail.render(document.body, next);
    document.dispatchEvent(new window.Event('turbo:load'));
    await settled();
  };
  let moves = 0;
  new window.MutationObserver((records) => {
    for (const { removedNodes } of records) moves += [...removedNodes].includes(host);
  }).observe(document.documentElement, { childList: true, subtree: true });
  await visit('<p>two</p><script type="application/json" id="chatgenie-params">{"appId":"app","connectionEmail":"ann@x.com"}</script>');
  assert.equal(document.querySelector('p').textContent, 'two');
  assert.equal(copy.querySelector('p').textContent, 'one');
  assert.equal(moves, 0, 'its frame would start anew');
  // Back to the copy, which has an empty element of the launcher.
  await visit(copy.innerHTML);
  assert.deepEqual([...document.querySelectorAll('chatgenie-messenger')], [host]);
  assert.equal(document.querySelector('p').textContent, 'one');
  // Signed out: no parameters, no messenger.
  host.remove();
  await visit('<p>three</p>');
  assert.equal(document.querySelector('p').textContent, 'three');
  assert.deepEqual(widget.calls.at(-1), ['destroy']);
  stop();
  document.dispatchEvent(new window.Event('turbo:load'));
  assert.equal(widget.calls.length, 4);
});
