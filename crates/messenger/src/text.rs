//! Every text that the user reads, in one place and in the language that is spoken.
//!
//! `build.rs` makes a function of each message in `locales/`. Views call these functions and hold no words of
//! their own.

use crate::failure::Failure;
use protocol::ErrorCode;
use protocol::wire::Status;

pub(crate) use made::*;

#[allow(dead_code, reason = "a text may be translated before a view shows it")]
mod made {
    use crate::language::speech::{self, Argument};

    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// Texts of the agents' page alone: the panel's table has them not.
pub(crate) mod agent {
    #![allow(dead_code, reason = "a text may be translated before a view shows it")]

    use crate::language::speech::{self, Argument};

    include!(concat!(env!("OUT_DIR"), "/agent_texts.rs"));
}

/// How many characters of a message are left; too many if negative.
pub(crate) fn characters_left(left: isize) -> String {
    let count = u32::try_from(left.unsigned_abs()).unwrap_or(u32::MAX);
    if left < 0 { characters_too_many(count) } else { characters_remaining(count) }
}

/// Where a service request stands.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Open => status_open(),
        Status::Closed => status_closed(),
    }
}

/// What went wrong and what to do; a button "Try again" stands beside it.
pub(crate) fn failure(failure: Failure) -> &'static str {
    match failure {
        Failure::Network => failure_network(),
        Failure::Timeout => failure_timeout(),
        Failure::Unreadable => failure_unreadable(),
        Failure::Refused(code) => match code {
            ErrorCode::RateLimited => failure_rate_limited(),
            ErrorCode::Unauthorized | ErrorCode::SessionExpired => failure_session_ended(),
            ErrorCode::NotFound => failure_not_found(),
            ErrorCode::PayloadTooLarge => failure_too_large(),
            ErrorCode::InvalidParams => failure_not_accepted(),
            _ => failure_internal(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words() {
        for &code in ErrorCode::ALL {
            assert!(failure(Failure::Refused(code)).ends_with('.'), "{}", code.as_str());
        }
    }

    #[test]
    fn the_rest_of_a_message_is_told() {
        assert_eq!(characters_left(12), "12 characters left");
        assert_eq!(characters_left(1), "1 character left");
        assert_eq!(characters_left(-3), "3 characters too many. Please shorten your message.");
    }
}
