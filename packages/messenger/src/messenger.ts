// The same object as the page's messenger, there before widget.js is, and on a server too.
import type { InitParams, Messenger, MessengerError, MessengerEvents } from './chatgenie.js';
import { messengerError } from './error.js';
import { loadWidget } from './load.js';
import { sourceKey, type WidgetSource } from './source.js';

type EventName = keyof MessengerEvents;
type Handler = (payload: never) => void;

/** Every event, in the order of the documentation. */
export const EVENTS = [
  'ready', 'authenticated', 'open', 'close', 'destroyed', 'sessionexpired', 'unread', 'error',
] as const satisfies readonly EventName[];

const messengers = new Map<string, Messenger>();

/**
 * The messenger of this Thread, always the same for the same source. It can be used at once, and be made where
 * there is no browser: the first `initialize` loads `widget.js`, and a failed load is tried again by the next.
 */
export function getMessenger(source: WidgetSource): Messenger {
  // On a server, requests of different users share the module: nothing may stay.
  if (typeof document === 'undefined') return createMessenger(source);
  const key = sourceKey(source);
  let messenger = messengers.get(key);
  if (!messenger) messengers.set(key, (messenger = createMessenger(source)));
  return messenger;
}

function createMessenger(source: WidgetSource): Messenger {
  /** The page's own, once it is there. */
  let widget: Messenger | null = null;
  /** What was called since the first `initialize`, while `widget.js` is on its way. */
  let queue: ((widget: Messenger) => void)[] = [];
  /** Rejects the promises of the calls of `initialize` among them. */
  let rejections: ((error: MessengerError) => void)[] = [];
  const handlers = new Map<EventName, Set<Handler>>(EVENTS.map((event) => [event, new Set()]));

  /** Calls the handlers of an event. What one throws is not the others' business. */
  function deliver(event: EventName, payload: unknown): void {
    for (const handler of [...(handlers.get(event) ?? [])]) {
      try {
        handler(payload as never);
      } catch (error) {
        console.error(`chatgenie: the handler of "${event}" threw.`, error);
      }
    }
  }

  function forget(): void {
    queue = [];
    rejections = [];
  }

  function arrived(messenger: Messenger): void {
    if (!widget) {
      widget = messenger;
      for (const event of EVENTS) widget.on(event, (payload) => deliver(event, payload));
    }
    const calls = queue;
    forget();
    for (const call of calls) call(widget);
  }

  function failed(error: MessengerError): void {
    const waiting = rejections;
    forget();
    for (const reject of waiting) {
      console.error(`${error}${error.docs.startsWith('/') ? '' : `\nSee ${error.docs}`}`);
      deliver('error', error);
      reject(error);
    }
  }

  /** Runs a method that means nothing without an `initialize` before it. */
  const runIfInitialized = (method: 'open' | 'close' | 'toggle' | 'signOut') => () => {
    if (widget) widget[method]();
    else if (queue.length) queue.push((messenger) => messenger[method]());
  };

  return {
    initialize(params: InitParams): Promise<void> {
      if (widget) return widget.initialize(params);
      const promise = new Promise<void>((resolve, reject) => {
        rejections.push(reject);
        queue.push((messenger) => messenger.initialize(params).then(resolve, reject));
      });
      // Whoever awaits it sees the rejection; whoever ignores it gets no `unhandledrejection`.
      promise.catch(() => {});
      loadWidget(source).then(arrived, failed);
      return promise;
    },
    destroy(): void {
      if (widget) {
        widget.destroy();
      } else if (queue.length) {
        const waiting = rejections;
        forget();
        const error = messengerError('destroyed', 'destroy() came before widget.js was loaded.', source.origin);
        for (const reject of waiting) reject(error);
        void Promise.resolve().then(() => deliver('destroyed', {}));
      }
    },
    open: runIfInitialized('open'),
    close: runIfInitialized('close'),
    toggle: runIfInitialized('toggle'),
    signOut: runIfInitialized('signOut'),
    on(event, handler) {
      const set = handlers.get(event);
      if (!set || typeof handler !== 'function') {
        console.warn(`chatgenie: on() takes one of ${EVENTS.join(', ')}, and a function.`);
        return () => {};
      }
      // A wrapper of its own, so that the same function can be added twice and removed once.
      const entry: Handler = (payload) => handler(payload);
      set.add(entry);
      return () => {
        set.delete(entry);
      };
    },
  };
}
