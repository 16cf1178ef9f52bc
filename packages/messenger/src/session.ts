// What the bindings share: a messenger for as long as something in the app wants it, and what is known of it.
import type { InitParams, Messenger, MessengerError, MessengerEvents } from './chatgenie.js';
import { isMessengerError } from './error.js';
import { EVENTS, getMessenger } from './messenger.js';
import { sourceKey, type WidgetSource } from './source.js';

/** What to do at an event. Always the handlers of the latest rendering are called. */
export type MessengerHandlers = {
  [E in keyof MessengerEvents]?: ((payload: MessengerEvents[E]) => void) | undefined;
};

/** Source, parameters of `initialize`, and handlers. */
export interface UseMessengerOptions extends WidgetSource, InitParams {
  /** Handlers by event: `{ unread: ({ count }) => … }`. */
  on?: MessengerHandlers | undefined;
}

/** What is known of the messenger. */
export interface MessengerState {
  /** The launcher is in the page. */
  readonly isReady: boolean;
  readonly isOpen: boolean;
  /** Messages that were not seen. */
  readonly unread: number;
  /**
   * Who was signed in last; null before that, after `signOut()`, and once that session has lapsed. Who signs out in the
   * panel itself stays here: the widget has no event for that.
   */
  readonly user: { readonly email: string } | null;
  /** What went wrong last; null once it works. */
  readonly error: MessengerError | null;
}

/** What a component can do with the messenger. Without one, nothing happens. */
export type MessengerActions = Pick<Messenger, 'open' | 'close' | 'toggle' | 'signOut'>;

/** Of a messenger that is not there, and on a server. */
export const NOTHING: MessengerState = { isReady: false, isOpen: false, unread: 0, user: null, error: null };

/** Of a component. */
export interface Session extends MessengerActions {
  state(): MessengerState;
  /** Gives the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** Shows the messenger; `latest` gives the newest options. Gives the function that ends it. */
  show(options: UseMessengerOptions, latest: () => UseMessengerOptions | null | undefined): () => void;
}

/** A session that shows nothing yet. */
export function createSession(): Session {
  let state = NOTHING;
  let messenger: Messenger | null = null;
  const listeners = new Set<() => void>();

  function update(change: Partial<MessengerState>): void {
    state = { ...state, ...change };
    for (const listener of [...listeners]) listener();
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show(options, latest) {
      const shown = getMessenger(options);
      messenger = shown;
      const unsubscribe = EVENTS.map((event) =>
        shown.on(event, (payload) => {
          update(changeOf(event, payload));
          (latest()?.on?.[event] as ((payload: unknown) => void) | undefined)?.(payload);
        }),
      );
      let isCurrent = true;
      const { promise, release } = hold(shown, paramsOf(options, latest));
      promise.then(
        () => isCurrent && update({ isReady: true, error: null }),
        // `destroyed` is what becomes of it when another takes its place.
        (error) => isCurrent && isMessengerError(error) && error.code !== 'destroyed' && update({ error }),
      );
      return () => {
        isCurrent = false;
        for (const end of unsubscribe) end();
        release();
        messenger = null;
        if (state !== NOTHING) update(NOTHING);
      };
    },
    open: () => messenger?.open(),
    close: () => messenger?.close(),
    toggle: () => messenger?.toggle(),
    signOut() {
      if (!messenger) return;
      messenger.signOut();
      // The widget has no event for it.
      update({ user: null, unread: 0 });
    },
  };
}

/** What an event says of the state. */
function changeOf(event: keyof MessengerEvents, payload: unknown): Partial<MessengerState> {
  switch (event) {
    case 'ready':
      return { ...NOTHING, isReady: true };
    case 'authenticated':
      return { user: (payload as MessengerEvents['authenticated']).user, error: null };
    case 'open':
      return { isOpen: true };
    case 'close':
      return { isOpen: false };
    case 'unread':
      return { unread: (payload as MessengerEvents['unread']).count };
    case 'sessionexpired':
      return { user: null };
    case 'destroyed':
      return NOTHING;
    case 'error': {
      const error = payload as MessengerError;
      return KEEPS_LAUNCHER.has(error.code) ? { error } : { ...NOTHING, error };
    }
  }
}

/** Errors after which the launcher stays. */
const KEEPS_LAUNCHER = new Set(['invalid_connection_key', 'network', 'unavailable', 'rate_limited']);

/** The parameters of `initialize`. A key's function is always the latest. */
function paramsOf(options: UseMessengerOptions, latest: () => UseMessengerOptions | null | undefined): InitParams {
  const { origin, version, integrity, nonce, on, ...params } = options;
  if (typeof params.connectionKey === 'function') {
    const first = params.connectionKey;
    params.connectionKey = () => {
      const newest = latest()?.connectionKey;
      return typeof newest === 'function' ? newest() : first();
    };
  }
  return params;
}

/** Two options of the same text need no `show` in between: only handlers or the key's function may differ. */
export function optionsKey(options: UseMessengerOptions | null | undefined): string {
  if (!options) return '';
  const { appId, connectionType, connectionEmail, connectionKey, locale, theme } = options;
  const key = typeof connectionKey === 'function' ? 'function' : [connectionKey];
  return JSON.stringify([sourceKey(options), appId, connectionType, connectionEmail, key, locale, theme]);
}

/** Who wants a messenger in the page, the newest last, and what it was last shown with. */
interface Held {
  readonly holders: { readonly params: InitParams }[];
  shown: InitParams | null;
}

const held = new Map<Messenger, Held>();

/**
 * Shows a messenger until its last holder has released it. That is carried out a moment later, so that whoever takes
 * it over at once, as StrictMode's second mount or the next route's component, finds it as it is: signed in, and open.
 */
function hold(messenger: Messenger, params: InitParams): { promise: Promise<void>; release(): void } {
  const entry = held.get(messenger) ?? { holders: [], shown: null };
  held.set(messenger, entry);
  const holder = { params };
  entry.holders.push(holder);
  return {
    promise: show(messenger, entry, params),
    release() {
      entry.holders.splice(entry.holders.indexOf(holder), 1);
      void Promise.resolve().then(() => {
        const newest = entry.holders.at(-1);
        if (newest && newest.params !== entry.shown) {
          void show(messenger, entry, newest.params);
        } else if (!newest && entry.shown) {
          entry.shown = null;
          messenger.destroy();
        }
      });
    },
  };
}

function show(messenger: Messenger, entry: Held, params: InitParams): Promise<void> {
  const before = entry.shown;
  // `initialize` for the same user only joins the first: what it looks like would stay.
  if (before && (before.locale !== params.locale || before.theme !== params.theme || before.target !== params.target)) {
    messenger.destroy();
  }
  entry.shown = params;
  return messenger.initialize(params);
}
