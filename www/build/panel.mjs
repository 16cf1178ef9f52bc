// Makes the panel's files: dist/web/messenger.
import { makePage } from './page.mjs';

await makePage({ name: 'panel', crate: 'chatgenie-messenger', folder: 'messenger' });
