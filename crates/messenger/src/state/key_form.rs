//! Signing in by API key: what was typed, what was answered.

use crate::failure::Failure;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Nothing was typed.
    Missing,
    /// Thread knows no such key, or knows it no more.
    Wrong,
    /// Something else.
    Failed(Failure),
}

/// Something that is told before somebody signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// The user has signed out.
    SignedOut,
    /// The key is valid no longer.
    Revoked,
}

/// Where somebody stands who signs in by API key. The key itself is in the field alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct KeyForm {
    /// Whether an answer is awaited.
    pub(crate) is_busy: bool,
    /// What went wrong.
    pub(crate) trouble: Option<Trouble>,
    /// What else is told.
    pub(crate) note: Option<Note>,
}

impl KeyForm {
    /// An empty form.
    pub(crate) fn restart(&mut self, note: Option<Note>) {
        *self = Self { note, ..Self::default() };
    }

    /// This key is to be tried; `None` if there is none, or an answer is awaited.
    pub(crate) fn ask(&mut self, typed: &str) -> Option<String> {
        if self.is_busy {
            return None;
        }
        let key = typed.trim();
        (self.note, self.trouble) = (None, None);
        if key.is_empty() {
            self.trouble = Some(Trouble::Missing);
        } else if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            // It could not be sent; whatever it is, it is no key.
            self.trouble = Some(Trouble::Wrong);
        } else {
            self.is_busy = true;
            return Some(key.to_owned());
        }
        None
    }

    /// It came to nothing.
    pub(crate) fn fail(&mut self, failure: Failure) {
        self.is_busy = false;
        self.trouble = Some(if failure.is_session_end() { Trouble::Wrong } else { Trouble::Failed(failure) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::ErrorCode;

    #[test]
    fn what_can_be_no_key_is_not_sent() {
        let mut form = KeyForm::default();
        for (typed, trouble) in [
            ("", Trouble::Missing),
            (" \n", Trouble::Missing),
            ("cgk_é", Trouble::Wrong),
            ("cgk_a b", Trouble::Wrong),
            ("cgk_a\nX: y", Trouble::Wrong),
        ] {
            assert_eq!(form.ask(typed), None, "{typed:?}");
            assert_eq!(form.trouble, Some(trouble), "{typed:?}");
        }
        assert_eq!(form.ask(" cgk_a-b_C1\n").as_deref(), Some("cgk_a-b_C1"));
        assert_eq!((form.trouble, form.ask("cgk_x")), (None, None), "once is enough");
    }

    #[test]
    fn a_refusal_is_told_for_what_it_is() {
        let mut form = KeyForm::default();
        form.restart(Some(Note::Revoked));
        assert_eq!(form.note, Some(Note::Revoked));
        assert!(form.ask("cgk_x").is_some());
        assert_eq!(form.note, None);
        form.fail(Failure::Refused(ErrorCode::Unauthorized));
        assert_eq!((form.is_busy, form.trouble), (false, Some(Trouble::Wrong)));
        assert!(form.ask("cgk_x").is_some());
        form.fail(Failure::Timeout);
        assert_eq!(form.trouble, Some(Trouble::Failed(Failure::Timeout)));
    }
}
