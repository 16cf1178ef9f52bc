// Makes dist/: the modules, their types, and the types of what widget.js puts into a page, which have one source.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const repository = path.resolve(here, '../..');
const at = (...parts) => path.join(here, ...parts);

fs.rmSync(at('dist'), { recursive: true, force: true });
fs.mkdirSync(at('dist'));
// The compiler resolves the types beside the sources, and copies no `.d.ts` by itself.
for (const folder of ['src', 'dist']) {
  fs.copyFileSync(path.join(repository, 'www/chatgenie.d.ts'), at(folder, 'chatgenie.d.ts'));
}
const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
execFileSync(process.execPath, [tsc, '--project', at('tsconfig.json')], { stdio: 'inherit' });
for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) fs.copyFileSync(path.join(repository, name), at(name));
