// The example's sources are copied here, so that packages are this folder's.
import react from '@vitejs/plugin-react';
import fs from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vite';

const here = import.meta.dirname;
const examples = path.join(here, '../../../../examples');

fs.rmSync(path.join(here, 'app'), { recursive: true, force: true });
for (const name of ['index.html', 'src']) {
  fs.cpSync(path.join(examples, 'spa-react', name), path.join(here, 'app', name), { recursive: true });
}

export default defineConfig({
  root: path.join(here, 'app'),
  plugins: [react()],
  publicDir: path.join(examples, 'spa-server/public'),
  build: { outDir: path.join(here, 'dist'), emptyOutDir: true },
});
