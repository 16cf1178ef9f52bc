// An app as TypeScript sees it. Never run: `npm run check` compiles it against the packed package.
import { getMessenger, type InitParams, isMessengerError, loadWidget, type Messenger, readParams } from '@chatgenie/messenger';
import { MessengerProvider, useMessenger as useReactMessenger, useMessengerContext } from '@chatgenie/messenger/react';
import { followTurbo } from '@chatgenie/messenger/turbo';
import { useMessenger as useVueMessenger } from '@chatgenie/messenger/vue';

const origin = 'https://thread.example';
const params: InitParams = {
  appId: 'a',
  connectionType: 'messenger_auth',
  connectionEmail: 'ann@x.com',
  connectionKey: async () => 'key',
};

const messenger: Messenger = getMessenger({ origin, version: '1.0.0-0a1b2c3d', integrity: 'sha384-x', nonce: 'n' });
const off: () => void = messenger.on('unread', ({ count }) => count.toFixed());
messenger.on('authenticated', ({ user, method }) => [user.email, method satisfies 'messenger_auth' | 'pin']);
messenger.on('error', ({ code, field, docs }) => [code === 'invalid_connection_key', field?.length, docs.length]);
try {
  await messenger.initialize(params);
} catch (error) {
  if (isMessengerError(error)) error.docs.toUpperCase();
}
off();

// What widget.js puts into the page is known too.
const same: Messenger | undefined = window.chatgenie?.default.messenger();
void loadWidget({ origin }).then((loaded) => loaded === same);

const inReact = useReactMessenger({ origin, ...params, on: { unread: ({ count }) => count.toFixed() } });
inReact.open();
const email: string | undefined = inReact.user?.email;
useReactMessenger(null);
MessengerProvider({ options: { origin, appId: 'a' }, children: email });
useMessengerContext().unread.toFixed();

const inVue = useVueMessenger(() => (email ? { origin, ...params } : null));
inVue.unread.value.toFixed();

followTurbo(messenger)();
followTurbo(messenger, () => readParams());

// @ts-expect-error: an app has to be named
void messenger.initialize({});
// @ts-expect-error: there is no such event
messenger.on('opened', () => {});
// @ts-expect-error: a theme is one of three
void messenger.initialize({ appId: 'a', theme: 'blue' });
// @ts-expect-error: Thread's origin is needed
getMessenger({});
