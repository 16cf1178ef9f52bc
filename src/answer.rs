//! What a question to Thread or to the page can come to, without the way to it: `thread` reads it, `lifecycle` decides
//! by it.

use crate::error::MessengerError;
use protocol::ErrorCode;
use protocol::wire::Position;

/// How an app wants its launcher.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Look {
    /// `#rrggbb`.
    pub brand_color: String,
    /// The page's corner; absent: the end of its lines.
    pub position: Option<Position>,
}

/// Why a question was not answered as hoped.
#[derive(Clone)]
pub struct Failure {
    /// What to tell the page.
    pub error: MessengerError,
    /// From `Retry-After`.
    pub retry_after_ms: Option<u32>,
    /// What it means for the visit.
    pub fault: Fault,
}

impl Failure {
    /// A failure after which the same may work later.
    pub fn transient(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { error: MessengerError::new(code, message), retry_after_ms: None, fault: Fault::Transient }
    }
}

/// What a failure means for the visit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The same may work later.
    Transient,
    /// The key was refused: the passwordless way is left.
    Key,
    /// Nothing of this visit can work.
    Fatal,
}

impl Fault {
    /// What an answer of Thread with this code means.
    pub fn of(code: ErrorCode) -> Self {
        match code {
            ErrorCode::InvalidConnectionKey => Self::Key,
            code if code.is_transient() => Self::Transient,
            _ => Self::Fatal,
        }
    }
}
