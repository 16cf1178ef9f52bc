// What the server serves of this example: what Vite has built.
import fs from 'node:fs/promises';
import path from 'node:path';

const dist = path.resolve(import.meta.dirname, process.env.EXAMPLE_DIST ?? 'dist');

export const folders = { '/assets/': path.join(dist, 'assets') };

export const page = () => fs.readFile(path.join(dist, 'index.html'));
