// The customer's page and the vendor's files, on two sites: 127.0.0.1 and localhost, so that a widget's iframe is
// another site's, as in production. Every request to the vendor is logged with its bytes; a slow network is made here.
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import zlib from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';

const TYPES = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
};

/** Pieces in which a slow network sends, in bytes. */
const PIECE = 4096;

const packed = new Map();

/** Brotli 11, as a vendor's files are served; made once. */
function brotli(buffer) {
  const key = `${buffer.length} ${zlib.crc32?.(buffer) ?? buffer.toString('latin1')}`;
  if (!packed.has(key)) {
    packed.set(key, zlib.brotliCompressSync(buffer, { params: {
      [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
      [zlib.constants.BROTLI_PARAM_LGWIN]: 24,
      [zlib.constants.BROTLI_PARAM_SIZE_HINT]: buffer.length,
    } }));
  }
  return packed.get(key);
}

const CONTENT = `<header><h1>Acme</h1><nav>${'<a href="#">link</a>'.repeat(10)}</nav></header><main>${
  Array.from({ length: 40 }, (_, i) => `<section><h2>Item ${i}</h2><p>Some text that a shop would have, number ${i}.</p></section>`).join('')
}</main><footer>foot</footer>`;

function hostPage(target, vendor) {
  const body = target.body?.(vendor) ?? '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A shop</title><meta name="description" content="Things to buy"><link rel="icon" href="data:,"><style>body{font:16px sans-serif}a{display:inline-block;padding:12px}</style></head><body>${CONTENT}<script>window.__t0=performance.now()</script>${body}</body></html>`;
}

/** Serves one target: `{host, vendor, log, slow(), close()}`. */
export async function serve(target) {
  const state = { log: [], latencyMs: 0, bytesPerSecond: 0, freeAt: 0 };

  const send = async (response, status, headers, body, entry) => {
    if (state.latencyMs) await sleep(state.latencyMs);
    entry.bytes = body.length;
    response.on('finish', () => { entry.end = Date.now(); });
    response.writeHead(status, { ...headers, 'content-length': body.length });
    if (!state.bytesPerSecond) return response.end(body);
    for (let at = 0; at < body.length; at += PIECE) {
      const piece = body.subarray(at, at + PIECE);
      // One line for all, as a phone has.
      state.freeAt = Math.max(state.freeAt, Date.now()) + (piece.length / state.bytesPerSecond) * 1000;
      const wait = state.freeAt - Date.now();
      if (wait > 1) await sleep(wait);
      response.write(piece);
    }
    return response.end();
  };

  const file = (url) => {
    const name = decodeURIComponent(new URL(url, 'http://x').pathname).slice(1);
    const found = target.files && path.join(target.files, name);
    return found && fs.existsSync(found) && fs.statSync(found).isFile() ? found : null;
  };

  const vendorServer = http.createServer(async (request, response) => {
    const entry = { method: request.method, url: request.url, start: Date.now(), bytes: 0 };
    state.log.push(entry);
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*', 'access-control-allow-methods': '*' };
    try {
      if (target.service) return await forward(target.service, request, response, send, entry);
      if (request.method === 'OPTIONS') return await send(response, 204, cors, Buffer.alloc(0), entry);
      const stub = target.stubs?.find(({ pattern }) => pattern.test(request.url));
      if (stub) return await send(response, 200, { ...cors, 'content-type': 'application/json' }, Buffer.from(JSON.stringify(stub.body)), entry);
      const found = file(request.url);
      if (!found) return await send(response, 404, cors, Buffer.alloc(0), entry);
      const body = brotli(fs.readFileSync(found));
      const headers = { ...cors, 'content-type': TYPES[path.extname(found).slice(1)] ?? 'application/octet-stream', 'content-encoding': 'br', 'cache-control': 'public, max-age=31536000, immutable', 'timing-allow-origin': '*' };
      return await send(response, 200, headers, body, entry);
    } catch (error) {
      entry.failed = String(error);
      return response.destroy();
    }
  });
  // Sockets go to the service as they are.
  vendorServer.on('upgrade', (request, socket, head) => {
    if (!target.service) return socket.destroy();
    const { hostname, port } = new URL(target.service);
    const upstream = net.connect(Number(port), hostname, () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`];
      for (let i = 0; i < request.rawHeaders.length; i += 2) lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
      upstream.write(`${lines.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    for (const [one, other] of [[socket, upstream], [upstream, socket]]) one.on('error', () => other.destroy());
    state.log.push({ method: 'WS', url: request.url, start: Date.now(), end: Date.now(), bytes: 0 });
    return undefined;
  });

  const hostServer = http.createServer((request, response) => {
    if (new URL(request.url, 'http://x').pathname !== '/') return response.writeHead(404).end();
    const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
    if (target.policy) headers['content-security-policy'] = target.policy;
    return response.writeHead(200, headers).end(hostPage(target, state.vendor));
  });
  await new Promise((resolve) => hostServer.listen(target.hostPort ?? 0, '127.0.0.1', resolve));
  await new Promise((resolve) => vendorServer.listen(target.vendorPort ?? 0, 'localhost', resolve));
  state.host = `http://127.0.0.1:${hostServer.address().port}`;
  state.vendor = `http://localhost:${vendorServer.address().port}`;
  /** A slow phone network: so much to each first byte, and so much a second for all. */
  state.slow = (on) => {
    state.latencyMs = on ? 150 : 0;
    state.bytesPerSecond = on ? 200_000 : 0;
  };
  state.close = () => {
    for (const server of [hostServer, vendorServer]) {
      server.closeAllConnections();
      server.close();
    }
  };
  return state;
}

/** Asks the real service, and sends its answer as it is. */
function forward(service, request, response, send, entry) {
  return new Promise((resolve, reject) => {
    const upstream = http.request(new URL(request.url, service), { method: request.method, headers: request.headers }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => {
        const { 'transfer-encoding': _, connection: __, ...headers } = answer.headers;
        send(response, answer.statusCode, headers, Buffer.concat(pieces), entry).then(resolve, reject);
      });
    });
    upstream.on('error', reject);
    request.pipe(upstream);
  });
}
