import '@n8n/chat/style.css';
import { createChat } from '@n8n/chat';

let app;
window.peer = {
  mount() {
    app = createChat({ webhookUrl: `${new URL(import.meta.url).origin}/webhook`, loadPreviousSession: false });
  },
  unmount() {
    app.unmount();
    document.getElementById('n8n-chat')?.remove();
  },
};
window.peer.mount();
