//! Signing in by email and PIN, the session that the browser keeps, and signing out.

use super::session::{Held, Kept};
use super::{Panel, Phase};
use crate::state::entry::Note;
use crate::storage;
use crate::{api, browser, time};
use protocol::port::{FromPanel, FromPanelKind};
use protocol::wire::{CreatePinRequest, CreateSessionRequest, SessionResponse, SignInMethod};
use wasm_bindgen_futures::spawn_local;
use web_sys::StorageEvent;

/// Name of what is kept: a PIN session's token, a space, the address.
const SESSION: &str = "session";

/// A PIN session as the browser keeps it.
struct Stored {
    token: String,
    email: String,
}

fn stored() -> Option<Stored> {
    let kept = storage::read(SESSION)?;
    let (token, email) = kept.split_once(' ')?;
    Some(Stored { token: token.into(), email: email.into() })
}

/// Somebody has signed in by key: the browser keeps no PIN session beside it.
pub(super) fn drop_stored() {
    if let Some(stored) = stored() {
        storage::write(SESSION, None);
        spawn_local(async move {
            // Without an answer the token still lapses; here it is forgotten in any case.
            let _ = api::sign_out(&stored.token).await;
        });
    }
}

impl Panel {
    /// Has a PIN sent to what was typed.
    pub(crate) fn send_pin(self, typed: &str) {
        let mut asked = None;
        self.change_entry(|entry| asked = entry.ask(typed));
        let (Some(email), Some(app_id)) = (asked, browser::app_id()) else { return };
        let turn = self.turn();
        spawn_local(async move {
            let answer = api::send_pin(&CreatePinRequest { app_id, email }).await;
            self.change_entry(|entry| {
                if entry.turn == turn {
                    match answer {
                        Ok(answer) => entry.sent(answer.challenge_id, time::now_ms()),
                        Err(failure) => entry.fail(failure),
                    }
                }
            });
        });
    }

    /// Has another PIN sent.
    pub(crate) fn send_pin_again(self) {
        let address = self
            .entry
            .with_untracked(|entry| (entry.seconds_left(time::now_ms()) == 0).then(|| entry.address.clone()));
        if let Some(address) = address {
            self.send_pin(&address);
        }
    }

    /// Tries a PIN.
    pub(crate) fn enter_pin(self, typed: &str) {
        let mut tried = None;
        self.change_entry(|entry| tried = entry.enter(typed));
        let (Some((challenge_id, pin)), Some(app_id)) = (tried, browser::app_id()) else { return };
        let turn = self.turn();
        spawn_local(async move {
            let answer = api::sign_in(&CreateSessionRequest::Pin { app_id, challenge_id, pin }).await;
            if self.turn() != turn {
                return;
            }
            match answer {
                Ok(session) => self.signed_in_here(session),
                Err(failure) => self.change_entry(|entry| entry.fail(failure)),
            }
        });
    }

    fn turn(self) -> u32 {
        self.entry.get_untracked().turn
    }

    /// Back to the first step.
    pub(crate) fn other_address(self) {
        self.change_entry(|entry| {
            let address = core::mem::take(&mut entry.address);
            entry.restart(address, None);
        });
        self.talk.focus_soon();
    }

    /// Somebody signed in in this panel, or has come back.
    fn signed_in_here(self, session: SessionResponse) {
        let email = session.user.email.clone();
        self.change_entry(|entry| entry.restart(String::new(), None));
        self.signed_in(session, Kept::Here);
        if let Some(port) = &*self.io().port.borrow() {
            port.tell(&FromPanel {
                kind: FromPanelKind::SignedIn,
                email: Some(email),
                ..FromPanel::default()
            });
        }
    }

    /// Keeps a PIN session for the next load of the page, and for other tabs.
    pub(super) fn store(held: &Held, email: &str) {
        if held.kept == Kept::Here {
            storage::write(SESSION, Some(&[&held.token, " ", email].concat()));
        }
    }

    /// Takes up the session that the browser keeps; false if there is none, or it is of another than `expected`.
    pub(super) fn restore(self, expected: Option<&str>) -> bool {
        let Some(Stored { token, email }) = stored() else { return false };
        if expected.is_some_and(|expected| !expected.trim().eq_ignore_ascii_case(&email)) {
            return false;
        }
        self.app_failure.note(None);
        self.phase.set(Phase::Connecting);
        let generation = self.talk.generation();
        spawn_local(async move {
            let answer = api::renew(&token).await;
            if self.talk.generation() != generation || self.io().session.borrow().is_some() {
                return;
            }
            match answer {
                Ok(session) if session.user.email == email => self.signed_in_here(session),
                // What is kept under an address is that address's.
                Ok(_) => self.ended(&token, email),
                Err(failure) if failure.is_session_end() => self.ended(&token, email),
                Err(failure) => {
                    self.app_failure.note(Some(failure));
                    self.phase.set(Phase::Visitor);
                }
            }
        });
        true
    }

    /// A PIN session has ended and cannot be renewed: the user signs in again. Another tab may have another.
    pub(super) fn ended(self, token: &str, email: String) {
        match stored() {
            Some(stored) if stored.token != token && stored.email == email && self.restore(None) => return,
            Some(stored) if stored.token == token => storage::write(SESSION, None),
            _ => {}
        }
        self.change_entry(|entry| entry.restart(email, Some(Note::Expired)));
        self.phase.set(Phase::Visitor);
        self.load_app();
        self.tell(FromPanelKind::SessionExpired);
        self.talk.focus_soon();
    }

    /// Ends the session here, in other tabs and at Thread.
    pub(crate) fn sign_out(self) {
        let held = self.io().session.take();
        let is_kept = held.as_ref().is_none_or(|held| held.kept == Kept::Here);
        let token = held.map(|held| held.token).or_else(|| stored().map(|stored| stored.token));
        if is_kept {
            storage::write(SESSION, None);
        }
        self.talk.clear_kept();
        self.leave();
        spawn_local(async move {
            if let Some(token) = token {
                // Without an answer the token still lapses; here it is forgotten in any case.
                let _ = api::sign_out(&token).await;
            }
            self.tell(FromPanelKind::SignedOut);
        });
    }

    /// Forgets the user, who has signed out.
    fn leave(self) {
        self.forget();
        self.change_entry(|entry| entry.restart(String::new(), Some(Note::SignedOut)));
        self.phase.set(if self.offers_pin() { Phase::Visitor } else { Phase::SignedOut });
        self.talk.focus_soon();
    }

    /// Whether one may sign in by PIN here.
    fn offers_pin(self) -> bool {
        self.app
            .with_untracked(|app| app.as_ref().is_some_and(|app| app.sign_in.contains(&SignInMethod::Pin)))
    }

    /// Another tab has changed what the browser keeps.
    pub(super) fn stored_elsewhere(self, event: &StorageEvent) {
        // Without a key, all of it is gone.
        if event.key().is_some_and(|key| Some(key) != storage::key(SESSION)) {
            return;
        }
        let kept = self.io().session.borrow().as_ref().map(|held| held.kept);
        let email = self.email.get_untracked();
        match (kept, stored()) {
            (Some(Kept::Here), None) => {
                self.leave();
                self.tell(FromPanelKind::SignedOut);
            }
            (Some(Kept::Here), Some(stored)) if email.as_ref() != Some(&stored.email) => {
                self.forget();
                self.restore(None);
            }
            (None, Some(_)) if self.phase.get_untracked() == Phase::Visitor => {
                self.restore(None);
            }
            _ => {}
        }
    }
}
