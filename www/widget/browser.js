// What the engine has done in JavaScript: where a page's doings would reach it otherwise, and where a promise would
// cost more in WebAssembly than all of this. `src/dom/browser.rs` names the same.

/**
 * A member of the document, called with `values` if it is a method. From the prototype: an element that is named
 * like it, such as `<img name="createElementNS">` or `<form name="body">`, hides the document's own. And from what the
 * document has as such: old libraries call something else `Document`.
 */
export function ofDocument(member, ...values) {
  const found = Reflect.get(Object.getPrototypeOf(document), member, document);
  return typeof found === 'function' ? Reflect.apply(found, document, values) : found;
}

/**
 * Sends a request by `fetch`; by `XMLHttpRequest` where a page has no `fetch`, or one that throws.
 * @param {string} [authorization] header
 * @param {string} [body] text, which needs no preflight
 * @param {(answer: {status: number, content: unknown, retryAfter: string | null}) => void} [done] called once; the
 *   status is 0 if nothing came back, the content is undefined or null if it is not JSON
 * @returns {() => void} drops the request: `done` is not called any more
 */
export function request(method, address, authorization, body, done) {
  let abort;
  return later(async (answer) => {
    let response;
    try {
      const controller = new AbortController();
      abort = () => controller.abort();
      // Objects without a prototype: options inherit what a page has put on every object.
      response = fetch(address, {
        __proto__: null,
        method,
        body,
        headers: { __proto__: null, ...(authorization && { authorization }) },
        signal: controller.signal,
        // What nobody waits for is to arrive even if the page goes away right now.
        keepalive: !done,
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
      });
    } catch {
      const xhr = new XMLHttpRequest();
      abort = () => xhr.abort();
      xhr.open(method, address);
      xhr.responseType = 'json';
      if (authorization) xhr.setRequestHeader('authorization', authorization);
      await new Promise((resolve) => {
        xhr.onloadend = resolve;
        xhr.send(body);
      });
      answer.status = xhr.status;
      answer.content = xhr.response;
      answer.retryAfter = xhr.getResponseHeader('retry-after');
      return;
    }
    // A page's `fetch` may be another's: the answer is used for what it can do, not for what it is.
    response = await response;
    answer.status = response.status;
    answer.content = await response.json();
    answer.retryAfter = response.headers.get('retry-after');
  }, done, () => abort?.());
}

/**
 * Calls a function of the page's.
 * @param {(answer: {status: number, content: unknown}) => void} done called once; the status is 0 if it threw or
 *   rejected
 * @returns {() => void} drops the call: `done` is not called any more
 */
export function askPage(ask, done) {
  return later(async (answer) => {
    answer.content = await ask();
    answer.status = 1;
  }, done);
}

/**
 * Waits until the page has nothing better to do; for ever where the visitor asked to save data.
 * @returns {() => void} drops it: `done` is not called any more
 */
export function whenIdle(done) {
  return later(() => new Promise((resolve) => {
    if (navigator.connection?.saveData) return;
    if (window.requestIdleCallback) requestIdleCallback(resolve);
    else setTimeout(resolve, 3000);
  }), done);
}

/** Sends `before`, the SHA-256 of `secret` in hex, and `after`; nothing where the browser offers no digests. */
export function sendDigest(address, before, secret, after) {
  later(async () => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
    let hex = '';
    for (const byte of new Uint8Array(digest)) hex += (byte + 256).toString(16).slice(1);
    request('POST', address, undefined, before + hex + after);
  });
}

/** No promise leaves this function: neither one of the page's own kind, nor one that rejects unseen. */
function later(work, done, cancel) {
  let isOver;
  (async () => {
    const answer = { status: 0 };
    try {
      await work(answer);
    } catch {
      // The answer says so.
    }
    if (!isOver) done?.(answer);
  })();
  return () => {
    isOver = true;
    cancel?.();
  };
}
