// What the server serves of this example: its files as they are, and the package's modules.
import fs from 'node:fs/promises';
import path from 'node:path';

const at = (...parts) => path.join(import.meta.dirname, ...parts);

export const folders = {
  '/app/': at('app'),
  '/modules/@chatgenie/messenger/': at('node_modules/@chatgenie/messenger/dist'),
};

export const page = () => fs.readFile(at('app/index.html'));
