// The messenger without a framework. Importing it does nothing, on a server too.
export { isMessengerError } from './error.js';
export { loadWidget } from './load.js';
export { getMessenger } from './messenger.js';
export { readParams } from './page.js';
export type { WidgetSource } from './source.js';
export type {
  ChatgenieGlobal, ErrorCode, InitParams, Messenger, MessengerError, MessengerEvents,
} from './chatgenie.js';
