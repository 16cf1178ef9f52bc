// Starts the engine, which is inlined as a string of one character a byte.
import init, { initSync, start, initialize, destroy, open, close, toggle, signOut } from 'engine-glue';
import moduleText from 'engine-module';

const engine = { start, initialize, destroy, open, close, toggle, signOut };

/** @returns the engine, or a promise of it where the browser compiles only asynchronously. */
export function startEngine() {
  const bytes = new Uint8Array(moduleText.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = moduleText.charCodeAt(i);
  let module;
  try {
    module = new WebAssembly.Module(bytes);
  } catch {
    // Some browsers refuse to compile more than 4 KB at once on the main thread.
    return init({ module_or_path: bytes }).then(() => engine);
  }
  initSync({ module });
  return engine;
}
