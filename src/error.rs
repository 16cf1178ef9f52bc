//! What the page is told when something fails.

use protocol::ErrorCode;
use protocol::params::ParamsError;

/// An error on its way to the page, where `www/widget/messenger.js` makes an `Error` of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessengerError {
    /// The stable code.
    pub code: ErrorCode,
    /// The parameter at fault, where there is one.
    pub field: Option<String>,
    /// What was found and what to do.
    pub message: String,
}

impl MessengerError {
    /// An error without a field.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, field: None, message: message.into() }
    }

    /// The `initialize` was overtaken.
    pub fn destroyed() -> Self {
        Self::new(ErrorCode::Destroyed, "destroy() or another initialize() came first.")
    }

    /// The deadline passed and Thread had said nothing at all.
    pub fn no_answer() -> Self {
        Self::new(ErrorCode::Network, "There was no answer in time. The widget goes on trying.")
    }
}

impl From<ParamsError> for MessengerError {
    fn from(ParamsError { code, field, message }: ParamsError) -> Self {
        Self { code, field, message }
    }
}
