// Where widget.js is.

/** Where `widget.js` comes from, and how the page's policies want it loaded. */
export interface WidgetSource {
  /** Origin of your Thread: scheme, host and port, like `https://thread.example`. */
  origin: string;
  /** A version that `GET /v1/versions` lists: then exactly these bytes are loaded, for ever. */
  version?: string | undefined;
  /** Subresource Integrity of that version's `widget.js`, like `sha384-…`. Goes with `version`. */
  integrity?: string | undefined;
  /** The page's nonce, if its Content-Security-Policy works by nonces. */
  nonce?: string | undefined;
}

/** The parts of a source that decide what is loaded, made sure of. */
export interface Address {
  origin: string;
  url: string;
}

/** What is wrong with a source: the field, and what to do. */
export class SourceError extends Error {
  constructor(
    readonly field: keyof WidgetSource,
    message: string,
  ) {
    super(message);
  }
}

/** The address of `widget.js`. Throws a `SourceError` where the source cannot be right. */
export function addressOf(source: WidgetSource): Address {
  const { origin, version, integrity } = source;
  let url: URL;
  try {
    url = new URL(origin);
  } catch {
    throw new SourceError('origin', `origin is ${describe(origin)}; it has to be your Thread's, like "https://thread.example".`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new SourceError('origin', `origin begins with ${url.protocol}; it has to begin with https: (or http:, on your own machine).`);
  }
  if (url.pathname !== '/' || url.search || url.hash || url.username) {
    throw new SourceError('origin', `origin is ${describe(origin)}; it has to end after host and port: "${url.origin}".`);
  }
  if (version !== undefined && !/^[\w.+-]+$/.test(version)) {
    throw new SourceError('version', `version is ${describe(version)}; take one that ${url.origin}/v1/versions lists.`);
  }
  if (integrity && !version) {
    throw new SourceError('integrity', 'integrity needs a version: the file without one changes whenever Thread is updated.');
  }
  const path = version === undefined ? '/widget.js' : `/v/${version}/widget.js`;
  return { origin: url.origin, url: url.origin + path };
}

/** The same source has the same text. */
export function sourceKey(source: WidgetSource): string {
  return JSON.stringify([source.origin, source.version, source.integrity, source.nonce]);
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
