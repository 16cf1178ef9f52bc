// Loads widget.js into the page: once, and again after a failure.
import type { Messenger } from './chatgenie.js';
import { messengerError } from './error.js';
import { type Address, addressOf, SourceError, type WidgetSource } from './source.js';

/** As long as the widget itself lets an `initialize` stay undecided. */
const TIMEOUT_MS = 30_000;

/** What is on its way. A finished load needs no memory: `window.chatgenie` is there, or the next one tries again. */
let loading: { origin: string; promise: Promise<Messenger> } | null = null;
/** Where the messenger that is in the page came from, if this module loaded it. */
let loadedFrom: string | null = null;

/**
 * Loads `widget.js`, unless the page has it already; gives the page's messenger. Rejects with a `MessengerError`.
 *
 * `getMessenger` does it when it is needed; call this to have the script early.
 */
export function loadWidget(source: WidgetSource): Promise<Messenger> {
  if (typeof document === 'undefined') {
    return Promise.reject(
      messengerError('engine_unavailable', 'The messenger needs a browser. On a server, leave it to an effect.', ''),
    );
  }
  let address: Address;
  try {
    address = addressOf(source);
  } catch (error) {
    const field = error instanceof SourceError ? error.field : undefined;
    return Promise.reject(messengerError('invalid_params', (error as Error).message, '', field));
  }
  const { origin, url } = address;
  const elsewhere = loading?.origin ?? loadedFrom;
  if (elsewhere && elsewhere !== origin) {
    return Promise.reject(
      messengerError(
        'invalid_params',
        `This page has the messenger of ${elsewhere} already, and a page can have one. Use one origin.`,
        origin,
        'origin',
      ),
    );
  }
  const present = messengerInPage();
  if (present) return Promise.resolve(present);
  if (!loading) {
    const promise = load(origin, url, source).finally(() => (loading = null));
    // Whoever awaits it sees the rejection; a script that was only to be there early raises no `unhandledrejection`.
    promise.catch(() => {});
    loading = { origin, promise };
  }
  return loading.promise;
}

/** The messenger that a script has put into the page. */
function messengerInPage(): Messenger | null {
  try {
    // An element with the id `chatgenie` is there under this name too.
    const api = window.chatgenie?.default;
    return typeof api?.messenger === 'function' ? api.messenger() : null;
  } catch {
    return null;
  }
}

/** The script's element. The widget takes the policy over, since a page allows one of that name. */
type WidgetScript = HTMLScriptElement & { chatgeniePolicy?: TrustedScriptUrls };

async function load(origin: string, url: string, { integrity, nonce }: WidgetSource): Promise<Messenger> {
  const failed = (why: string) => messengerError('engine_unavailable', `${url} ${why}`, origin);
  const script: WidgetScript = document.createElement('script');
  script.async = true;
  if (integrity) {
    script.integrity = integrity;
    script.crossOrigin = 'anonymous';
  }
  if (nonce) script.nonce = nonce;
  const policy = trustedScriptUrls(origin);
  if (policy) script.chatgeniePolicy = policy;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      script.onload = () => resolve();
      script.onerror = () =>
        reject(
          failed(
            'could not be loaded. Check the connection, the address, ' +
              (integrity ? 'that the integrity is that of the version, ' : '') +
              `and that the page's Content-Security-Policy allows scripts of ${origin}.`,
          ),
        );
      timer = setTimeout(() => reject(failed(`did not arrive within ${TIMEOUT_MS / 1000} seconds.`)), TIMEOUT_MS);
      try {
        script.src = policy ? policy.createScriptURL(url) : url;
      } catch {
        reject(failed("was refused by the page's Trusted Types: its policy has to list chatgenie in trusted-types."));
        return;
      }
      (document.head ?? document.documentElement).append(script);
    });
  } finally {
    clearTimeout(timer);
    script.onload = script.onerror = null;
    delete script.chatgeniePolicy;
    script.remove();
  }
  const messenger = messengerInPage();
  if (!messenger) throw failed('did not run. Is it the widget.js of a Thread?');
  loadedFrom = origin;
  return messenger;
}

/** What of Trusted Types is used here; TypeScript's own types do not have them yet. */
interface TrustedScriptUrls {
  createScriptURL(url: string): string;
}

let policy: TrustedScriptUrls | null = null;

/** Under Trusted Types a script's address must come from a policy; ours is named `chatgenie`. */
function trustedScriptUrls(origin: string): TrustedScriptUrls | null {
  const { trustedTypes } = window as unknown as {
    trustedTypes?: { createPolicy(name: string, rules: TrustedScriptUrls): TrustedScriptUrls };
  };
  if (policy || !trustedTypes) return policy;
  try {
    policy = trustedTypes.createPolicy('chatgenie', {
      createScriptURL(url) {
        if (!url.startsWith(`${origin}/`)) throw new TypeError(`${url} is not of ${origin}`);
        return url;
      },
    });
  } catch {
    // Not allowed, or made by somebody else. Pages that require no Trusted Types need none.
  }
  return policy;
}
