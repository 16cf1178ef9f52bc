import { createRoot } from 'react-dom/client';
import { useState } from 'react';
import { Fab, Webchat } from '@botpress/webchat';

function App() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {isOpen && <Webchat clientId="00000000-0000-0000-0000-000000000000" />}
      <div id="fab" style={{ position: 'fixed', right: 20, bottom: 20, width: 56, height: 56 }}>
        <Fab onClick={() => setOpen(!isOpen)} />
      </div>
    </>
  );
}

let root;
let holder;
window.peer = {
  mount() {
    holder = document.body.appendChild(document.createElement('div'));
    root = createRoot(holder);
    root.render(<App />);
  },
  unmount() {
    root.unmount();
    holder.remove();
  },
};
window.peer.mount();
