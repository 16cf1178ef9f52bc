// Types of what `widget.js` puts into a page.

export interface InitParams {
  /** App ID of your workspace. */
  appId: string;
  /** Sign in by key. Without it, the visitor signs in in the panel. */
  connectionType?: 'messenger_auth' | null;
  /** Email of the user whom your portal has signed in, byte for byte the one that was signed. */
  connectionEmail?: string | null;
  /** `hash_hmac('sha256', email, secret)` from your server; or a function that gives one whenever it is needed. */
  connectionKey?: string | (() => string | Promise<string>) | null;
  /** Language tag; by default that of the page. */
  locale?: string | null;
  theme?: 'light' | 'dark' | 'auto' | null;
  /** CSS selector or element: the launcher goes there instead of the window's corner. */
  target?: string | Element | null;
}

export type ErrorCode =
  | 'invalid_params'
  | 'secret_in_page'
  | 'unknown_app'
  | 'origin_not_allowed'
  | 'invalid_connection_key'
  | 'network'
  | 'unavailable'
  | 'rate_limited'
  | 'engine_unavailable'
  | 'destroyed'
  | 'internal';

export interface MessengerError extends Error {
  name: 'MessengerError';
  code: ErrorCode;
  /** The parameter at fault, where there is one. */
  field: string | undefined;
  /** Address of the code's explanation. */
  docs: string;
}

export interface MessengerEvents {
  /** The launcher is there. */
  ready: Record<string, never>;
  authenticated: { user: { email: string }; method: 'messenger_auth' | 'pin' };
  open: Record<string, never>;
  close: Record<string, never>;
  destroyed: Record<string, never>;
  sessionexpired: Record<string, never>;
  unread: { count: number };
  error: MessengerError;
}

export interface Messenger {
  /** Rejects with a `MessengerError`; may be ignored. */
  initialize(params: InitParams): Promise<void>;
  /** Never throws. Any number of times, in any state. */
  destroy(): void;
  open(): void;
  close(): void;
  toggle(): void;
  signOut(): void;
  /** Handlers survive `destroy`. Gives the function that takes this one off again. */
  on<E extends keyof MessengerEvents>(event: E, handler: (payload: MessengerEvents[E]) => void): () => void;
}

/** What `widget.js` puts into a page. */
export interface ChatgenieGlobal {
  default: {
    /** Always the same object. */
    messenger(): Messenger;
  };
}

declare global {
  interface Window {
    /** There once `widget.js` has run. */
    chatgenie?: ChatgenieGlobal;
  }
}
