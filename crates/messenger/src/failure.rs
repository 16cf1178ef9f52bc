//! Why a request came to nothing.

use protocol::ErrorCode;

/// Why a request came to nothing. What the user reads of it is in [`crate::text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// Thread could not be reached.
    #[error("Thread could not be reached")]
    Network,
    /// No answer came in time.
    #[error("no answer came in time")]
    Timeout,
    /// Thread said no.
    #[error("{}", .0.as_str())]
    Refused(ErrorCode),
    /// An answer came that is not Thread's, from a proxy for example.
    #[error("the answer could not be read")]
    Unreadable,
}

impl Failure {
    /// Whether it goes by: what was not sent for this reason is sent again without being asked.
    pub(crate) fn goes_by(self) -> bool {
        matches!(self, Self::Network | Self::Timeout | Self::Refused(ErrorCode::Unavailable))
            || self.is_session_end()
    }

    /// Whether the session is not, or no longer, valid.
    pub(crate) fn is_session_end(self) -> bool {
        matches!(self, Self::Refused(ErrorCode::Unauthorized | ErrorCode::SessionExpired))
    }
}
