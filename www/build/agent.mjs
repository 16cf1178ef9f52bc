// Makes the files of the agents' page: dist/web/agent.
import { makePage } from './page.mjs';

await makePage({ name: 'agent', crate: 'chatgenie-agent', folder: 'agent' });
