//! Signing in by email and PIN: what is asked, what was answered.

use crate::failure::Failure;
use protocol::{Email, ErrorCode};

/// Digits of a PIN.
const PIN_DIGITS: usize = 6;
/// Another mail may be asked for after this long, in milliseconds.
const SEND_AGAIN_MS: f64 = 30_000.0;

/// What went wrong at signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// What was typed is no email address.
    NoAddress,
    /// What was typed are not six digits.
    NoPin,
    /// The PIN does not fit, or no longer.
    WrongPin,
    /// Something else.
    Failed(Failure),
}

/// Something that is told before or while somebody signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// The user has signed out.
    SignedOut,
    /// The session has ended and could not be renewed.
    Expired,
    /// Another PIN was sent.
    SentAgain,
}

/// Where a visitor stands who signs in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Entry {
    /// As it was typed, or filled in.
    pub(crate) address: String,
    /// Goes back with the PIN; there once a PIN was sent.
    pub(crate) challenge_id: Option<String>,
    /// Whether an answer is awaited.
    pub(crate) is_busy: bool,
    /// What went wrong.
    pub(crate) trouble: Option<Trouble>,
    /// What else is told.
    pub(crate) note: Option<Note>,
    /// Changes when the user turns back: an answer to an earlier question is dropped.
    pub(crate) turn: u32,
    may_send_again_ms: f64,
}

impl Entry {
    /// The first step, with an address to fill in.
    pub(crate) fn restart(&mut self, address: String, note: Option<Note>) {
        *self = Self { address, note, turn: self.turn.wrapping_add(1), ..Self::default() };
    }

    /// A PIN is to be sent to this address; `None` if it is none, or an answer is awaited.
    pub(crate) fn ask(&mut self, typed: &str) -> Option<String> {
        if self.is_busy {
            return None;
        }
        let address = typed.trim().to_owned();
        self.address.clone_from(&address);
        (self.note, self.trouble) = (None, None);
        if Email::parse(&address).is_err() {
            self.trouble = Some(Trouble::NoAddress);
            return None;
        }
        self.is_busy = true;
        Some(address)
    }

    /// A PIN was sent.
    pub(crate) fn sent(&mut self, challenge_id: String, now_ms: f64) {
        let is_again = self.challenge_id.replace(challenge_id).is_some();
        self.is_busy = false;
        self.note = is_again.then_some(Note::SentAgain);
        self.may_send_again_ms = now_ms + SEND_AGAIN_MS;
    }

    /// These digits are to be tried with this challenge; `None` if they are not six, or an answer is awaited.
    pub(crate) fn enter(&mut self, typed: &str) -> Option<(String, String)> {
        if self.is_busy {
            return None;
        }
        (self.note, self.trouble) = (None, None);
        let Some(pin) = pin(typed) else {
            self.trouble = Some(Trouble::NoPin);
            return None;
        };
        let challenge_id = self.challenge_id.clone()?;
        self.is_busy = true;
        Some((challenge_id, pin))
    }

    /// It came to nothing.
    pub(crate) fn fail(&mut self, failure: Failure) {
        self.is_busy = false;
        self.trouble = Some(match (failure, &self.challenge_id) {
            (Failure::Refused(ErrorCode::InvalidParams), None) => Trouble::NoAddress,
            (Failure::Refused(ErrorCode::InvalidParams), Some(_)) => Trouble::NoPin,
            (Failure::Refused(ErrorCode::InvalidPin), _) => Trouble::WrongPin,
            _ => Trouble::Failed(failure),
        });
    }

    /// Seconds until another mail may be asked for.
    pub(crate) fn seconds_left(&self, now_ms: f64) -> u32 {
        let left = ((self.may_send_again_ms - now_ms) / 1000.0).ceil().clamp(0.0, SEND_AGAIN_MS / 1000.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 30")]
        let left = left as u32;
        left
    }
}

/// The PIN in what was typed or pasted, which may have spaces, dashes and digits of other scripts.
pub(crate) fn pin(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter_map(digit).collect();
    (digits.len() == PIN_DIGITS).then_some(digits)
}

/// A digit as ASCII has it: keyboards for Arabic, Persian and Japanese have their own.
fn digit(typed: char) -> Option<char> {
    let of = |zero: char| u32::from(typed).checked_sub(u32::from(zero)).filter(|value| *value < 10);
    ['0', '\u{660}', '\u{6f0}', '\u{ff10}']
        .into_iter()
        .find_map(of)
        .and_then(|value| char::from_digit(value, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Entry {
        let mut entry = Entry::default();
        assert_eq!(entry.ask(" ann@x.com "), Some("ann@x.com".into()));
        entry.sent("pin_1".into(), 1_000.0);
        entry
    }

    #[test]
    fn a_pin_is_read_however_it_is_written() {
        for typed in ["123456", " 123 456 ", "123-456", "123\u{2013}456", "١٢٣٤٥٦", "۱۲۳۴۵۶", "１２３４５６"]
        {
            assert_eq!(pin(typed).as_deref(), Some("123456"), "{typed}");
        }
        for typed in ["", "12345", "1234567", "abcdef"] {
            assert_eq!(pin(typed), None, "{typed}");
        }
    }

    #[test]
    fn what_is_no_address_is_not_sent() {
        let mut entry = Entry::default();
        for typed in ["", "ann", "@", "ann@", "a n@x.com"] {
            assert_eq!(entry.ask(typed), None, "{typed}");
            assert_eq!(entry.trouble, Some(Trouble::NoAddress));
            assert_eq!(entry.address, typed, "it stays, to be mended");
        }
        assert!(entry.ask("ann@x.com").is_some());
        assert_eq!(entry.trouble, None);
        assert_eq!(entry.ask("ann@x.com"), None, "once is enough");
    }

    #[test]
    fn six_digits_are_tried_once_at_a_time() {
        let mut entry = asked();
        assert_eq!(entry.enter("12345"), None);
        assert_eq!(entry.trouble, Some(Trouble::NoPin));
        assert_eq!(entry.enter("123 456"), Some(("pin_1".into(), "123456".into())));
        assert_eq!(entry.enter("123 456"), None);
        entry.fail(Failure::Refused(ErrorCode::InvalidPin));
        assert_eq!(entry.trouble, Some(Trouble::WrongPin));
        assert!(entry.enter("654321").is_some());
    }

    #[test]
    fn refusals_are_told_for_what_they_are_about() {
        let mut entry = Entry::default();
        entry.fail(Failure::Refused(ErrorCode::InvalidParams));
        assert_eq!(entry.trouble, Some(Trouble::NoAddress));
        let mut entry = asked();
        entry.fail(Failure::Refused(ErrorCode::InvalidParams));
        assert_eq!(entry.trouble, Some(Trouble::NoPin));
        entry.fail(Failure::Network);
        assert_eq!(entry.trouble, Some(Trouble::Failed(Failure::Network)));
    }

    #[test]
    fn another_mail_has_to_wait() {
        let mut entry = asked();
        assert_eq!(entry.note, None);
        assert_eq!(entry.seconds_left(1_000.0), 30);
        assert_eq!(entry.seconds_left(1_001.0), 30);
        assert_eq!(entry.seconds_left(30_999.0), 1);
        assert_eq!(entry.seconds_left(31_000.0), 0);
        assert_eq!(entry.seconds_left(-1e9), 30, "a clock that was set back");
        assert!(entry.ask("ann@x.com").is_some());
        entry.sent("pin_2".into(), 40_000.0);
        assert_eq!(entry.note, Some(Note::SentAgain));
        assert_eq!(entry.challenge_id.as_deref(), Some("pin_2"));
    }

    #[test]
    fn turning_back_drops_what_is_under_way() {
        let mut entry = asked();
        let turn = entry.turn;
        entry.restart("ann@x.com".into(), None);
        assert_ne!(entry.turn, turn);
        assert_eq!((entry.challenge_id.as_ref(), entry.is_busy), (None, false));
    }
}
