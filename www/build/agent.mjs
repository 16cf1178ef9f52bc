// Makes the files of the agents' page: dist/web/agent.
import { makePage } from './page.mjs';

await makePage({
  name: 'agent',
  crate: 'chatgenie-agent',
  folder: 'agent',
  words: {
    title: 'Requests',
    starting: 'Loading…',
    failed: 'The page could not be loaded. Check your connection.',
    needs_script: 'This page needs JavaScript. Please switch it on for this site.',
  },
});
