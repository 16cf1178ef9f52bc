//! Every selector that the tests rely on, in one place. DESIGN.md's contract promises them.

/// The messenger's element in a page.
pub(crate) const HOST: &str = "chatgenie-messenger";
/// In its shadow root: the button that opens and closes the panel.
pub(crate) const LAUNCHER: &str = "button[part=launcher]";
/// In its shadow root, once opened: the panel's frame.
pub(crate) const FRAME: &str = "iframe[title]";

/// In the panel: where a visitor writes the address.
pub(crate) const EMAIL_FIELD: &str = "input[type=email]";
/// In the agents' page: where the API key is typed.
pub(crate) const KEY_FIELD: &str = "input[type=password]";
/// In the panel: where a visitor writes the PIN.
pub(crate) const PIN_FIELD: &str = "input[autocomplete=one-time-code]";
/// In the panel: ends the session.
pub(crate) const SIGN_OUT: &str = "[data-action=sign-out]";
/// In the panel: where a message is written.
pub(crate) const COMPOSER: &str = "textarea";
/// In the panel: a service request in the list.
pub(crate) const REQUEST: &str = "[data-request]";
