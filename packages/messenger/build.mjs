// Makes dist/: the modules, their types, and the types of what widget.js puts into a page, which have one source.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const repository = path.resolve(here, '../..');
const at = (...parts) => path.join(here, ...parts);

/** The compiler, which a clone has not until its packages are installed. */
function compiler() {
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    console.error('TypeScript is not installed: run npm ci here first, or ./build.sh examples');
    process.exit(1);
  }
}
const tsc = compiler();

fs.rmSync(at('dist'), { recursive: true, force: true });
fs.mkdirSync(at('dist'));
// The compiler resolves the types beside the sources, and copies no `.d.ts` by itself.
for (const folder of ['src', 'dist']) {
  fs.copyFileSync(path.join(repository, 'www/chatgenie.d.ts'), at(folder, 'chatgenie.d.ts'));
}
execFileSync(process.execPath, [tsc, '--project', at('tsconfig.json')], { stdio: 'inherit' });
for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) fs.copyFileSync(path.join(repository, name), at(name));
