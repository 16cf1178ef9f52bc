import 'deep-chat';

let chat;
window.peer = {
  mount() {
    chat = document.createElement('deep-chat');
    chat.style.cssText = 'position:fixed;right:20px;bottom:20px';
    document.body.append(chat);
  },
  unmount: () => chat.remove(),
};
window.peer.mount();
