// What of the engine's glue `messenger.js` may call.
import { start, run, recover, initialize, destroy, open, close, toggle, signOut } from 'engine-glue';

export const engine = { start, run, recover, initialize, destroy, open, close, toggle, signOut };
export { initSync } from 'engine-glue';
