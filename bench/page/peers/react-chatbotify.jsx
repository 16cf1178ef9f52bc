import { createRoot } from 'react-dom/client';
import ChatBot from 'react-chatbotify';

let root;
let holder;
window.peer = {
  mount() {
    holder = document.body.appendChild(document.createElement('div'));
    root = createRoot(holder);
    root.render(<ChatBot settings={{ general: { embedded: false } }} />);
  },
  unmount() {
    root.unmount();
    holder.remove();
  },
};
window.peer.mount();
