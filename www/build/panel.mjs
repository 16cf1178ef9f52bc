// Makes the panel's files: dist/web/messenger.
import { makePage } from './page.mjs';

await makePage({
  name: 'panel',
  crate: 'chatgenie-messenger',
  folder: 'messenger',
  words: {
    title: 'Support',
    starting: 'Connecting…',
    failed: 'Support could not be loaded. Check your connection.',
    needs_script: 'Support needs JavaScript. Please switch it on for this site.',
  },
  // The bar is there whoever comes.
  header: '<header class="header"></header>',
});
