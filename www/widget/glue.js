// What of the engine's glue `messenger.js` may call.
import { start, initialize, destroy, open, close, toggle, signOut } from 'engine-glue';

export const engine = { start, initialize, destroy, open, close, toggle, signOut };
export { default as init, initSync } from 'engine-glue';
