//! What the browser keeps of a user, on our own origin, until they sign out: drafts, and messages that were not sent.
//!
//! Each has a key of its own, so that tabs leave each other's alone. A message that two tabs send has one
//! `clientId`, and is stored once.

use super::Talk;
use crate::state::outbox::Unsent;
use crate::state::place::Place;
use crate::{codec, storage};

/// Beginning of the name of a draft; the place follows.
fn drafts(owner: &str) -> String {
    ["draft ", owner, " "].concat()
}

/// Beginning of the name of a message; its `clientId` follows.
fn outbox(owner: &str) -> String {
    ["outbox ", owner, " "].concat()
}

impl Talk {
    /// Takes up what is kept of the user who has just signed in.
    pub(crate) fn take_up(self, owner: &str) {
        let start = drafts(owner);
        for place in storage::names(&start) {
            if let Some(typed) = storage::read(&[start.as_str(), &place].concat()) {
                *self.io().drafts.borrow_mut().entry(Place::named(&place)) = typed;
            }
        }
        let start = outbox(owner);
        let mut unsent: Vec<Unsent> = storage::names(&start)
            .into_iter()
            .filter_map(|id| codec::from_json(&storage::read(&[start.as_str(), &id].concat())?))
            .collect();
        unsent.sort_by_key(|unsent| unsent.written_ms);
        self.change(|desk| desk.take_up(&unsent));
        self.io().unsent.replace(unsent);
    }

    /// Keeps a draft; an empty one no more.
    pub(super) fn store_draft(self, place: &Place, typed: &str) {
        if let Some(owner) = self.io().host().owner() {
            let name = [drafts(&owner).as_str(), place.name()].concat();
            storage::write(&name, Some(typed).filter(|typed| !typed.is_empty()));
        }
    }

    /// Keeps the messages that are not sent, and those that are no more.
    pub(super) fn store_outbox(self) {
        let now = self.desk.with(crate::state::desk::Desk::unsent);
        let Some(owner) = self.io().host().owner() else { return };
        let start = outbox(&owner);
        let before = self.io().unsent.replace(now.clone());
        for gone in before.iter().filter(|old| now.iter().all(|new| new.client_id != old.client_id)) {
            storage::write(&[start.as_str(), gone.client_id.as_str()].concat(), None);
        }
        for new in now.iter().filter(|new| !before.contains(new)) {
            let name = [start.as_str(), new.client_id.as_str()].concat();
            storage::write(&name, codec::to_json(new).as_deref());
        }
    }

    /// Keeps nothing of the user any more.
    pub(crate) fn clear_kept(self) {
        let Some(owner) = self.io().host().owner() else { return };
        self.io().unsent.take();
        for start in [drafts(&owner), outbox(&owner)] {
            for rest in storage::names(&start) {
                storage::write(&[start.as_str(), &rest].concat(), None);
            }
        }
    }
}
