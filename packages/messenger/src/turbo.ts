// For Turbo, which replaces the body at each visit: the messenger stays, signed in and open.
import type { InitParams, Messenger } from './chatgenie.js';
import { readParams } from './page.js';

const HOST = 'chatgenie-messenger';

type BeforeRender = CustomEvent<{ render: (current: HTMLElement, next: HTMLElement) => void | Promise<void> }>;

/**
 * Follows Turbo from page to page. At each one `read` says what `initialize` gets, or null if nobody is signed in;
 * by default that is the page's `<script type="application/json" id="chatgenie-params">`.
 * Gives the function that ends it.
 */
export function followTurbo(messenger: Messenger, read: () => InitParams | null = () => readParams()): () => void {
  const follow = () => {
    const params = read();
    if (params) void messenger.initialize(params);
    else messenger.destroy();
  };
  const keep = (event: Event) => {
    const { detail } = event as BeforeRender;
    const { render } = detail;
    detail.render = async (current, next) => {
      // Turbo's copy of a page that was left has the launcher's element, but nothing in it.
      for (const copy of next.querySelectorAll(HOST)) copy.remove();
      // Turbo copies the page that is left a tick after this event, and takes its body to be whole until then.
      if (hostIn(current)) await new Promise((resolve) => setTimeout(resolve));
      const host = hostIn(current);
      // In a `target` it goes with the page, and the next `initialize` makes a new one.
      if (host) replaceAllBut(host, current, next);
      else await render(current, next);
    };
  };
  // The first page's own load may have been before.
  if (document.readyState !== 'loading') follow();
  document.addEventListener('turbo:load', follow);
  document.addEventListener('turbo:before-render', keep);
  return () => {
    document.removeEventListener('turbo:load', follow);
    document.removeEventListener('turbo:before-render', keep);
  };
}

const hostIn = (body: HTMLElement) => [...body.children].find((child) => child.localName === HOST);

/** Makes a body like the next one, around an element that must not leave the document: its frame would start anew. */
function replaceAllBut(host: Element, current: HTMLElement, next: HTMLElement): void {
  for (const { name } of [...current.attributes]) {
    if (!next.hasAttribute(name)) current.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) current.setAttribute(name, value);
  for (const node of [...current.childNodes]) {
    if (node !== host) node.remove();
  }
  host.before(...next.childNodes);
}
