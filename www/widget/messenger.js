// The object behind `window.chatgenie.default.messenger()`: promises, handlers, and the queue of calls until
// the engine is up. Everything else is the engine's (Rust, `src/`).

const EVENTS = ['ready', 'authenticated', 'open', 'close', 'destroyed', 'sessionexpired', 'unread', 'error'];

/**
 * @param {string} origin Thread's origin
 * @param {() => object | Promise<object>} startEngine may throw or reject; is then called again by the next `initialize`
 * @param {Console} console where warnings and errors go
 * @param {(root: ShadowRoot) => void} addStyles styles the launcher
 */
export function createMessenger(origin, startEngine, console, addStyles) {
  /** The engine once it is up; null before. */
  let engine = null;
  let isStarting = false;
  /** Calls that wait for the engine: [method, ...arguments]. */
  let queue = [];
  let lastTicket = 0;
  /** Promises that are still to be settled, by ticket. */
  const pending = new Map();
  const handlers = new Map(EVENTS.map((event) => [event, new Set()]));

  /** What the engine may ask of the page. None of it throws. */
  const page = {
    run() {
      try {
        engine.run();
      } catch (error) {
        broken(error);
      }
    },
    addStyles,
    resolve(ticket) {
      const promise = pending.get(ticket);
      pending.delete(ticket);
      promise?.resolve();
    },
    /** Ticket 0 is none's: the error goes to the page's handlers. */
    reject(ticket, code, message, field) {
      const error = messengerError(code, message, field);
      if (!ticket) {
        page.emit('error', error);
        return;
      }
      const promise = pending.get(ticket);
      pending.delete(ticket);
      // An `initialize` that was overtaken is no fault, and every page with a router has some.
      if (code !== 'destroyed') say('error', `${error}\nSee ${error.docs}`);
      promise?.reject(error);
    },
    emit(event, payload) {
      // Not at once: a handler may call back, and the engine is in the middle of something.
      Promise.resolve().then(() => {
        for (const handler of [...handlers.get(event)]) {
          try {
            handler(payload);
          } catch (error) {
            say('error', `chatgenie: the handler of "${event}" threw.`, error);
          }
        }
      });
    },
    warn(text) {
      say('warn', `chatgenie: ${text}`);
    },
  };

  function messengerError(code, message, field) {
    const error = new Error(`${message} (${code})`);
    error.name = 'MessengerError';
    return Object.assign(error, { code, field, docs: `${origin}/docs/errors#${code}` });
  }

  function say(level, ...text) {
    try {
      console[level](...text);
    } catch {
      // The page has no such console: then nobody listens.
    }
  }

  function start() {
    if (engine || isStarting) return;
    isStarting = true;
    try {
      const started = startEngine();
      if (typeof started.then === 'function') started.then(up, down);
      else up(started);
    } catch (error) {
      down(error);
    }
  }

  function up(started) {
    isStarting = false;
    engine = started;
    try {
      engine.start(origin, page);
    } catch (error) {
      down(error);
      return;
    }
    const calls = queue;
    queue = [];
    for (const call of calls) run(...call);
  }

  function down(error) {
    isStarting = false;
    engine = null;
    queue = [];
    refuseAll(error, "The widget's engine did not start");
  }

  /** The engine threw, in whatever it was doing: the visit ends, and the page goes on. */
  function broken(error) {
    say('error', error);
    refuseAll(error, 'The widget does not work in this page');
    try {
      engine.recover();
    } catch {
      // Nothing more can be done.
    }
  }

  function refuseAll(error, what) {
    const message = `${what}: ${error && error.message}. The next initialize tries again.`;
    for (const ticket of [...(pending.size ? [0] : []), ...pending.keys()]) {
      page.reject(ticket, 'engine_unavailable', message);
    }
  }

  /** Runs a method of the engine, now or when it is up. Never throws. */
  function run(method, ...args) {
    if (!engine) {
      queue.push([method, ...args]);
      return;
    }
    try {
      engine[method](...args);
    } catch (error) {
      broken(error);
    }
  }

  /** Runs a method that means nothing without an `initialize` before it. */
  const runIfInitialized = (method) => () => {
    if (engine || queue.length) run(method);
  };

  start();

  return {
    initialize(params) {
      const ticket = ++lastTicket;
      const promise = new Promise((resolve, reject) => pending.set(ticket, { resolve, reject }));
      // Whoever awaits it sees the rejection; whoever ignores it gets no `unhandledrejection`.
      promise.catch(() => {});
      run('initialize', ticket, params);
      start();
      return promise;
    },
    destroy: runIfInitialized('destroy'),
    open: runIfInitialized('open'),
    close: runIfInitialized('close'),
    toggle: runIfInitialized('toggle'),
    signOut: runIfInitialized('signOut'),
    on(event, handler) {
      const set = handlers.get(event);
      if (!set || typeof handler !== 'function') {
        page.warn(`on() takes one of ${EVENTS.join(', ')}, and a function.`);
        return () => {};
      }
      // A wrapper of its own, so that the same function can be added twice and removed once.
      const entry = (payload) => handler(payload);
      set.add(entry);
      return () => {
        set.delete(entry);
      };
    },
  };
}
