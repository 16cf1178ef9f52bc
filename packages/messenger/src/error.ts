// Errors of the same kind as the widget's, for what happens before there is a widget.
import type { ErrorCode, MessengerError } from './chatgenie.js';

/** An error as the widget makes them. `origin`: Thread's, where the code is explained. */
export function messengerError(code: ErrorCode, message: string, origin: string, field?: string): MessengerError {
  const error = new Error(`${message} (${code})`);
  error.name = 'MessengerError';
  return Object.assign(error, { code, field, docs: `${origin}/docs/errors#${code}` }) as MessengerError;
}

/** Whether a caught value is a `MessengerError`, of this package or of the widget. */
export function isMessengerError(value: unknown): value is MessengerError {
  return value instanceof Error && value.name === 'MessengerError' && 'code' in value;
}
