// The engine as plain JavaScript: a file of its own, fetched only where WebAssembly is forbidden or missing.
import { ofDocument } from './browser.js';
import { engine, initSync } from './glue.js';

initSync({ module: new WebAssembly.Module() });
ofDocument('currentScript').chatgenieEngine = engine;
