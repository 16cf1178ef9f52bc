import Typebot from '@typebot.io/js/web';

window.peer = {
  mount: () => Typebot.initBubble({ typebot: 'a-bot', apiHost: new URL(import.meta.url).origin }),
  unmount: () => Typebot.unmount(),
};
window.peer.mount();
