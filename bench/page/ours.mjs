// Ours: the real service with a database of its own, on both engines.
import { execFileSync, spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './browser.mjs';

const binary = process.env.CHATGENIE_THREAD_BIN ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '../../dist/thread');
const EMAIL = 'ann@example.com';

const freePort = () => new Promise((resolve, reject) => {
  const server = net.createServer();
  server.on('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

const answers = (url) => new Promise((resolve) => {
  http.get(url, (answer) => { answer.resume(); resolve(answer.statusCode === 200); }).on('error', () => resolve(false));
});

/** Starts Thread; gives the targets and how to end it. */
export async function ours() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chatgenie-bench-thread-'));
  const [port, vendorPort, hostPort] = [await freePort(), await freePort(), await freePort()];
  const database = ['--database', `sqlite:${path.join(folder, 'thread.db')}`];
  const thread = spawn(binary, ['serve', '--listen', `127.0.0.1:${port}`, '--public-url', `http://localhost:${vendorPort}`, '--mail', `file:${path.join(folder, 'mail')}`, ...database], { stdio: 'ignore', env: { PATH: process.env.PATH } });
  const service = `http://127.0.0.1:${port}`;
  const close = () => {
    thread.kill();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  if (!await eventually(() => answers(`${service}/readyz`))) {
    close();
    throw new Error(`${binary} does not get ready; run ./build.sh build`);
  }
  const created = execFileSync(binary, ['app', 'create', '--name', 'Acme', '--origin', `http://127.0.0.1:${hostPort}`, '--json', ...database], { encoding: 'utf8', env: { PATH: process.env.PATH } });
  const { appId, secret } = JSON.parse(created);
  await eventually(() => answers(`${service}/v1/apps/${appId}`));
  const params = {
    appId,
    connectionType: 'messenger_auth',
    connectionEmail: EMAIL,
    connectionKey: crypto.createHmac('sha256', secret).update(EMAIL).digest('hex'),
  };
  const target = {
    version: 'this repository',
    kind: 'ours',
    service,
    hostPort,
    vendorPort,
    body: (vendor) => `<script>
window.begin = () => chatgenie.default.messenger().initialize(${JSON.stringify(params)});
window.loaded = () => {
  chatgenie.default.messenger().on('authenticated', () => { window.signedIn = true; });
  begin();
};
</script><script async src="${vendor}/widget.js" onload="loaded()"></script>`,
    api: 'window.chatgenie',
    launcher: "$deep('button[part=launcher]')",
    signedIn: 'window.signedIn',
    panelFrame: /\/messenger\//,
    panel: "document.querySelector('textarea')",
    mount: 'begin()',
    unmount: 'chatgenie.default.messenger().destroy()',
  };
  return {
    targets: [
      { ...target, name: 'chatgenie' },
      { ...target, name: 'chatgenie, plain JavaScript', policy: "script-src * 'unsafe-inline'" },
    ],
    close,
  };
}
