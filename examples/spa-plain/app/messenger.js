// All that concerns the messenger. No bundler: modules as the browser loads them.
import { getMessenger, isMessengerError } from '/modules/@chatgenie/messenger/index.js';
import { fetchConnectionKey } from './api.js';

const help = document.getElementById('help');
let messenger = null;

/** The user signed in. */
export async function startMessenger({ email, messenger: { origin, appId } }) {
  if (!messenger) {
    messenger = getMessenger({ origin });
    // Once: handlers stay whatever becomes of the messenger.
    messenger.on('ready', () => (help.disabled = false));
    messenger.on('authenticated', ({ user }) => (help.dataset.user = user.email));
    messenger.on('unread', ({ count }) => (help.textContent = count ? `Help (${count})` : 'Help'));
    messenger.on('open', () => (help.ariaPressed = 'true'));
    messenger.on('close', () => (help.ariaPressed = 'false'));
    messenger.on('destroyed', () => {
      help.disabled = true;
      help.ariaPressed = 'false';
      delete help.dataset.user;
    });
    help.addEventListener('click', () => messenger.toggle());
  }
  try {
    await messenger.initialize({
      appId,
      connectionType: 'messenger_auth',
      connectionEmail: email,
      connectionKey: fetchConnectionKey,
    });
  } catch (error) {
    // A portal without its messenger is still a portal. "destroyed" means that the user signed out meanwhile.
    if (isMessengerError(error) && error.code !== 'destroyed') help.dataset.error = error.code;
  }
}

/** The user signed out: nothing of theirs may stay for the next one. */
export function stopMessenger() {
  messenger?.destroy();
}
