//! The session: renewed before it lapses, forgotten when it ends. One that came from a key is in memory alone.

use super::{Panel, Phase};
use crate::api;
use crate::failure::Failure;
use crate::talk::Host as _;
use crate::time;
use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use protocol::port::FromPanelKind;
use protocol::wire::SessionResponse;

/// Part of its life after which a session is renewed.
const RENEW_AFTER: f64 = 0.8;
/// Wait before a renewal that could not reach Thread is tried again.
const RETRY_MS: f64 = 30_000.0;
/// Longest wait of one timer, in milliseconds: browsers count them in 31 bits.
const LONGEST_TIMER_MS: f64 = 2_000_000_000.0;

/// Whether the browser keeps a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It came by the port: it is in memory alone.
    Never,
    /// It was opened here by a PIN: for the next load of the page, and for other tabs.
    Here,
}

/// A session as it is held.
pub(super) struct Held {
    /// Bearer token.
    pub(super) token: String,
    /// Whether the browser keeps it.
    pub(super) kept: Kept,
    renew_at_ms: f64,
    _timer: Option<Timeout>,
}

/// When to renew a session that came now.
fn renew_at(now_ms: f64, expires_ms: f64) -> f64 {
    now_ms + (expires_ms - now_ms).max(0.0) * RENEW_AFTER
}

impl Panel {
    /// Somebody was signed in.
    pub(super) fn signed_in(self, session: SessionResponse, kept: Kept) {
        let is_same = self.email.with_untracked(|email| email.as_ref() == Some(&session.user.email))
            && self
                .app
                .with_untracked(|app| app.as_ref().is_some_and(|app| app.app_id == session.app.app_id));
        if !is_same {
            self.forget();
            self.talk.change(|desk| desk.unread_before = session.unread);
        }
        let email = session.user.email.clone();
        self.email.set(Some(email.clone()));
        if !is_same {
            self.talk.take_up(&email);
        }
        self.hold(session, kept);
        self.phase.set(Phase::SignedIn);
        self.talk.connect();
        self.talk.refresh();
        self.talk.resume_sending();
        if !is_same {
            self.talk.focus_soon();
        }
    }

    /// Forgets the user and everything that is theirs.
    pub(super) fn forget(self) {
        self.io().session.take();
        self.talk.forget();
        self.email.set(None);
        self.list_failure.note(None);
    }

    /// Renews a session that should have been while timers slept.
    pub(super) fn renew_if_due(self) {
        let due = self.io().session.borrow().as_ref().is_some_and(|held| held.renew_at_ms <= time::now_ms());
        if due {
            self.talk.renew_quietly();
        }
    }

    fn hold(self, session: SessionResponse, kept: Kept) {
        let now = time::now_ms();
        let held = self.hold_until(session.token, kept, renew_at(now, time::parse(&session.expires_at)));
        Self::store(&held, &session.user.email);
        *self.io().session.borrow_mut() = Some(held);
        // Mostly it is as it was, and nothing is to be drawn.
        if self.app.with_untracked(|app| app.as_ref() != Some(&session.app)) {
            self.app.set(Some(session.app));
        }
    }

    fn hold_until(self, token: String, kept: Kept, renew_at_ms: f64) -> Held {
        // A time that cannot be read renews nothing; a 401 will.
        let timer = renew_at_ms.is_finite().then(|| {
            let wait = (renew_at_ms - time::now_ms()).clamp(1_000.0, LONGEST_TIMER_MS);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
            Timeout::new(wait as u32, move || self.wake_to_renew())
        });
        Held { token, kept, renew_at_ms, _timer: timer }
    }

    fn wake_to_renew(self) {
        let held = self.io().session.take();
        let Some(held) = held else { return };
        let is_due = held.renew_at_ms <= time::now_ms();
        // A timer that was cut short at its longest starts again.
        let next = if is_due { time::now_ms() + RETRY_MS } else { held.renew_at_ms };
        let held = self.hold_until(held.token, held.kept, next);
        *self.io().session.borrow_mut() = Some(held);
        if is_due {
            self.talk.renew_quietly();
        }
    }

    /// Renews the session unless `token` was replaced already.
    pub(super) async fn renew_session(self, token: &str) -> Result<(), Failure> {
        let io = self.io();
        while io.is_renewing.get() {
            TimeoutFuture::new(50).await;
        }
        if self.token()? != token {
            return Ok(());
        }
        let Some(kept) = io.session.borrow().as_ref().map(|held| held.kept) else { return Ok(()) };
        io.is_renewing.set(true);
        let generation = self.talk.generation();
        let answer = api::renew(token).await;
        io.is_renewing.set(false);
        if self.talk.generation() != generation || self.token()? != token {
            // Another session came meanwhile.
            return Ok(());
        }
        match answer {
            Ok(session) => {
                self.hold(session, kept);
                Ok(())
            }
            Err(failure) => {
                if failure.is_session_end() {
                    self.expire();
                }
                Err(failure)
            }
        }
    }

    /// The session has ended and cannot be renewed: the widget may have a key, the user a PIN.
    fn expire(self) {
        let held = self.io().session.take();
        self.talk.disconnect();
        match (held, self.email.get_untracked()) {
            (Some(held), Some(email)) if held.kept == Kept::Here => self.ended(&held.token, email),
            _ => {
                self.phase.set(Phase::Expired);
                self.tell(FromPanelKind::SessionExpired);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_renewed_at_four_fifths_of_their_life() {
        assert!((renew_at(1_000.0, 2_000.0) - 1_800.0).abs() < 1e-9);
        assert!((renew_at(2_000.0, 1_000.0) - 2_000.0).abs() < 1e-9, "one that has lapsed at once");
        assert!(renew_at(0.0, f64::INFINITY).is_infinite(), "a time that has no meaning sets no timer");
    }
}
