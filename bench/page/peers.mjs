// Other messengers, from npm: bundled as their documentation says, minified, served by our vendor server.
import esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const built = path.join(here, '../.built');

const version = (name) => JSON.parse(fs.readFileSync(path.join(here, '../node_modules', name, 'package.json'))).version;

/** Bundles `peers/<name>`; gives the folder to serve. `alias` says where packages are, by name. */
async function bundle(name, alias = {}) {
  const folder = path.join(built, name.replace(/\.\w+$/, ''));
  await esbuild.build({
    entryPoints: [path.join(here, 'peers', name)],
    bundle: true,
    minify: true,
    format: 'esm',
    outfile: path.join(folder, 'peer.js'),
    jsx: 'automatic',
    alias,
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
    loader: Object.fromEntries(['.svg', '.png', '.woff2', '.mp3', '.wav', '.ogg'].map((kind) => [kind, 'dataurl'])),
    logLevel: 'error',
  });
  return folder;
}

const tags = (folder) => (vendor) => {
  const styles = fs.existsSync(path.join(folder, 'peer.css')) ? `<link rel="stylesheet" href="${vendor}/peer.css">` : '';
  return `${styles}<script type="module" crossorigin src="${vendor}/peer.js"></script>`;
};

/** React as a package has it for itself: two of them in one page do not understand each other. */
const reactOf = (name) => Object.fromEntries(
  ['react', 'react-dom'].map((library) => [library, path.join(here, '../node_modules', name, 'node_modules', library)]),
);

const peer = async (name, file, { alias, ...more }) => {
  const files = await bundle(file, alias);
  return { name, version: version(name), kind: 'peer', files, body: tags(files), api: 'window.peer', mount: 'peer.mount()', unmount: 'peer.unmount()', ...more };
};

/** Those whose whole interface comes from npm. */
export const peers = () => Promise.all([
  peer('deep-chat', 'deep-chat.js', { launcher: "document.querySelector('deep-chat')" }),
  peer('react-chatbotify', 'react-chatbotify.jsx', { launcher: "document.querySelector('.rcb-toggle-button')", panel: "document.querySelector('.rcb-chat-input-textarea')" }),
  peer('@typebot.io/js', 'typebot.js', { launcher: "$deep('button', document.querySelector('typebot-bubble')?.shadowRoot ?? document.createElement('i'))" }),
  peer('@n8n/chat', 'n8n.js', { launcher: "document.querySelector('.chat-window-toggle')", panel: "document.querySelector('.chat-window textarea')", stubs: [{ pattern: /^\/webhook/, body: { data: [] } }] }),
  peer('@botpress/webchat', 'botpress.jsx', { alias: reactOf('@botpress/webchat'), launcher: "document.querySelector('#fab button, #fab *')" }),
]);

/** Those that fetch their interface from their vendor: what npm has of them, in brotli-11 bytes. */
export const loaders = () => Promise.all([
  ['@intercom/messenger-js-sdk', 'intercom.js'],
  ['crisp-sdk-web', 'crisp.js'],
  ['@papercups-io/chat-widget', 'papercups.jsx'],
].map(async ([name, file]) => {
  const code = fs.readFileSync(path.join(await bundle(file), 'peer.js'));
  const bytes = zlib.brotliCompressSync(code, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  return { name, version: version(name), bytes };
}));
