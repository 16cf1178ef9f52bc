import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ANN, BEN, closePage, fresh, openPage, ORIGIN, settled } from './page.mjs';

globalThis.IS_REACT_ACT_ENVIRONMENT = true;
let root;

afterEach(async () => {
  if (root) await act(() => root.unmount());
  root = undefined;
  closePage();
});

// React looks for a browser when it is imported.
const { window: first } = openPage();
globalThis.navigator ??= first.navigator;
const { act, createElement: h, StrictMode, useState } = await import('react');
const { createRoot } = await import('react-dom/client');
const { renderToString } = await import('react-dom/server');

async function start() {
  const page = openPage('<div id="root"></div>');
  const load = await fresh();
  const { useMessenger, MessengerProvider, useMessengerContext } = await load('react');
  const widget = page.arrive();
  let seen;
  const App = ({ options }) => {
    seen = useMessenger(options);
    return null;
  };
  const render = async (element) => {
    root ??= createRoot(page.document.getElementById('root'));
    await act(() => root.render(element));
    await act(settled);
  };
  return { page, widget, App, render, seen: () => seen, useMessenger, MessengerProvider, useMessengerContext };
}

const options = (user, more) => ({ origin: ORIGIN, ...user, ...more });

test('the messenger is there while the component is', async () => {
  const { widget, App, render, seen } = await start();
  await render(h(App, { options: options(ANN) }));
  assert.deepEqual([seen().isReady, seen().user], [true, { email: 'ann@x.com' }]);
  seen().open();
  await act(() => widget.emit('open'));
  await act(() => widget.emit('unread', { count: 2 }));
  assert.deepEqual([seen().isOpen, seen().unread], [true, 2]);
  await render(null);
  assert.deepEqual(widget.calls, [['initialize', 'ann@x.com'], ['open'], ['destroy']]);
});

test('StrictMode mounts twice, and the messenger is neither destroyed nor another', async () => {
  const { widget, App, render, seen } = await start();
  await render(h(StrictMode, null, h(App, { options: options(ANN) })));
  assert.deepEqual(new Set(widget.calls.map(([name]) => name)), new Set(['initialize']));
  assert.deepEqual(seen().user, { email: 'ann@x.com' });
});

test('rendering again with the same values touches nothing, and calls the newest handlers', async () => {
  const { widget, App, render } = await start();
  const heard = [];
  const render_ = (n) => render(h(App, { options: options(ANN, { on: { unread: ({ count }) => heard.push([n, count]) } }) }));
  await render_(1);
  await render_(2);
  await act(() => widget.emit('unread', { count: 7 }));
  assert.deepEqual(heard, [[2, 7]]);
  assert.equal(widget.calls.length, 1);
});

test('another user takes the place of the former one, and signing out leaves none', async () => {
  const { widget, App, render, seen } = await start();
  await render(h(App, { options: options(ANN) }));
  await render(h(App, { options: options(BEN) }));
  assert.deepEqual(seen().user, { email: 'ben@x.com' });
  await render(h(App, { options: null }));
  assert.deepEqual([seen().user, seen().isReady], [null, false]);
  seen().open();
  assert.deepEqual(widget.calls, [['initialize', 'ann@x.com'], ['initialize', 'ben@x.com'], ['destroy']]);
});

test('a function for the key may be new at each rendering; the newest one is asked', async () => {
  const { widget, App, render } = await start();
  const { initialize } = widget;
  let key;
  widget.initialize = (params) => {
    key = params.connectionKey;
    return initialize(params);
  };
  await render(h(App, { options: options(ANN, { connectionKey: () => 'first' }) }));
  await render(h(App, { options: options(ANN, { connectionKey: () => 'second' }) }));
  assert.equal(widget.calls.length, 1);
  assert.equal(key(), 'second');
});

test('whoever signs out is nobody at once, and the launcher stays', async () => {
  const { widget, App, render, seen } = await start();
  await render(h(App, { options: options(ANN) }));
  await act(() => widget.emit('unread', { count: 2 }));
  await act(() => seen().signOut());
  assert.deepEqual([seen().user, seen().unread, seen().isReady], [null, 0, true]);
  assert.deepEqual(widget.calls, [['initialize', 'ann@x.com'], ['signOut']]);
});

test('another language, theme or place is a new start', async () => {
  const { widget, App, render } = await start();
  await render(h(App, { options: options(ANN) }));
  await render(h(App, { options: options(ANN, { theme: 'dark' }) }));
  assert.deepEqual(widget.calls.map(([name]) => name), ['initialize', 'destroy', 'initialize']);
});

test('two routes that each have it hand it over, and two at once share it', async () => {
  const { widget, App, render } = await start();
  await render(h(App, { key: 'a', options: options(ANN) }));
  await render(h(App, { key: 'b', options: options(ANN) }));
  assert.deepEqual(widget.calls.map(([name]) => name), ['initialize', 'initialize'], 'the same user joins');
  await render([h(App, { key: 'b', options: options(ANN) }), h(App, { key: 'c', options: options(BEN) })]);
  await render([h(App, { key: 'b', options: options(ANN) })]);
  assert.deepEqual(widget.calls.slice(2), [['initialize', 'ben@x.com'], ['initialize', 'ann@x.com']]);
});

test('errors are there to be shown', async () => {
  const { page, App, render, seen } = await start();
  delete page.window.chatgenie;
  await render(h(App, { options: options(ANN) }));
  await act(async () => {
    page.fail();
    await settled();
  });
  assert.equal(seen().error.code, 'engine_unavailable');
  await render(h(App, { options: options(BEN) }));
  page.arrive();
  await act(settled);
  assert.deepEqual([seen().error, seen().user], [null, { email: 'ben@x.com' }]);
});

test('the provider gives it to every component below, and only there', async () => {
  const { render, MessengerProvider, useMessengerContext } = await start();
  let seen;
  const Badge = () => {
    seen = useMessengerContext();
    return null;
  };
  await render(h(MessengerProvider, { options: options(ANN) }, h(Badge)));
  assert.deepEqual(seen.user, { email: 'ann@x.com' });
  assert.throws(() => renderToString(h(Badge)), /inside a <MessengerProvider>/);
});

test('on a server it renders as if nothing was there, and loads nothing', async () => {
  const { page, useMessenger, widget } = await start();
  const App = () => {
    const { isReady, unread } = useMessenger(options(ANN));
    const [text] = useState('ok');
    return h('p', null, text, String(isReady), String(unread));
  };
  closePage();
  assert.equal(renderToString(h(App)).replaceAll('<!-- -->', ''), '<p>okfalse0</p>');
  assert.deepEqual([widget.calls, page.scripts()], [[], []]);
});
