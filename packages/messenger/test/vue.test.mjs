import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ANN, BEN, closePage, fresh, openPage, ORIGIN, settled } from './page.mjs';

let app;

afterEach(() => {
  app?.unmount();
  app = undefined;
  closePage();
});

const page = openPage();
for (const name of ['SVGElement', 'Element', 'MathMLElement', 'HTMLElement', 'Node']) globalThis[name] = page.window[name];
const { createApp, createSSRApp, effectScope, h, nextTick, ref } = await import('vue');
const { renderToString } = await import('vue/server-renderer');

async function start() {
  const page = openPage('<div id="root"></div>');
  const { useMessenger } = await (await fresh())('vue');
  const widget = page.arrive();
  return { page, widget, useMessenger };
}

const options = (user, more) => ({ origin: ORIGIN, ...user, ...more });

async function mount(useMessenger, current) {
  let seen;
  app = createApp({
    setup() {
      seen = useMessenger(current);
      return () => h('p', seen.user.value?.email);
    },
  });
  app.mount(document.getElementById('root'));
  await settled();
  return seen;
}

test('the messenger is there while the component is', async () => {
  const { page, widget, useMessenger } = await start();
  const seen = await mount(useMessenger, ref(options(ANN)));
  assert.equal(page.document.querySelector('p').textContent, 'ann@x.com');
  seen.open();
  await widget.emit('open');
  await widget.emit('unread', { count: 2 });
  assert.deepEqual([seen.isReady.value, seen.isOpen.value, seen.unread.value], [true, true, 2]);
  app.unmount();
  app = undefined;
  await settled();
  assert.deepEqual(widget.calls, [['initialize', 'ann@x.com'], ['open'], ['destroy']]);
});

test('whoever signs out is nobody at once, and the launcher stays', async () => {
  const { page, widget, useMessenger } = await start();
  const seen = await mount(useMessenger, ref(options(ANN)));
  await widget.emit('unread', { count: 2 });
  seen.signOut();
  await nextTick();
  assert.equal(page.document.querySelector('p').textContent, '');
  assert.deepEqual([seen.user.value, seen.unread.value, seen.isReady.value], [null, 0, true]);
  assert.deepEqual(widget.calls, [['initialize', 'ann@x.com'], ['signOut']]);
});

test('another user takes the place of the former one, and signing out leaves none', async () => {
  const { widget, useMessenger } = await start();
  const current = ref(options(ANN));
  const seen = await mount(useMessenger, () => current.value);
  current.value = options(ANN);
  await nextTick();
  assert.equal(widget.calls.length, 1, 'the same values again');
  current.value = options(BEN);
  await nextTick();
  await settled();
  assert.deepEqual(seen.user.value, { email: 'ben@x.com' });
  current.value = null;
  await nextTick();
  await settled();
  assert.deepEqual([seen.user.value, seen.isReady.value], [null, false]);
  assert.deepEqual(widget.calls, [['initialize', 'ann@x.com'], ['initialize', 'ben@x.com'], ['destroy']]);
});

test('handlers are the newest', async () => {
  const { widget, useMessenger } = await start();
  const heard = [];
  const on = (n) => ({ on: { unread: ({ count }) => heard.push([n, count]) } });
  const current = ref(options(ANN, on(1)));
  await mount(useMessenger, current);
  current.value = options(ANN, on(2));
  await nextTick();
  await widget.emit('unread', { count: 7 });
  assert.deepEqual(heard, [[2, 7]]);
});

test('outside of components it lives as long as its scope', async () => {
  const { widget, useMessenger } = await start();
  const scope = effectScope();
  scope.run(() => useMessenger(options(ANN)));
  await settled();
  scope.stop();
  await settled();
  assert.deepEqual(widget.calls.map(([name]) => name), ['initialize', 'destroy']);
});

test('on a server it renders as if nothing was there, and loads nothing', async () => {
  const { page, widget, useMessenger } = await start();
  const component = {
    setup() {
      const { isReady, unread } = useMessenger(options(ANN));
      return () => h('p', `${isReady.value} ${unread.value}`);
    },
  };
  closePage();
  assert.equal(await renderToString(createSSRApp(component)), '<p>false 0</p>');
  assert.deepEqual([widget.calls, page.scripts()], [[], []]);
});
