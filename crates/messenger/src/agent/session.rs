//! The API key: tried, kept by the tab, forgotten.

use super::{Agents, Phase};
use crate::failure::Failure;
use crate::state::key_form::Note;
use crate::state::reach::Lists;
use crate::{api, browser, storage};
use protocol::ErrorCode;
use protocol::wire::{AgentResponse, Status};
use wasm_bindgen_futures::spawn_local;
use web_sys::Storage;

/// Name of what the tab keeps: the key. Not for other tabs, and gone when this one is closed.
const KEY: &str = "chatgenie:agent:key";

fn tab() -> Option<Storage> {
    // Reading the property throws where the browser blocks storage.
    browser::window().session_storage().ok().flatten()
}

fn keep(key: Option<&str>) {
    if let Some(tab) = tab() {
        // What cannot be kept is in memory.
        let _ = match key {
            Some(key) => tab.set_item(KEY, key),
            None => tab.remove_item(KEY),
        };
    }
}

/// Whose drafts and unsent messages they are: nobody's words go out under another's name.
pub(super) fn owner(about: &AgentResponse) -> String {
    let name = about.agent.as_ref().map_or("", |agent| &agent.name);
    let name: String = js_sys::encode_uri_component(name).into();
    [about.app.app_id.as_str(), "/", &name].concat()
}

impl Agents {
    /// Tries the key that the tab keeps, if it does.
    pub(crate) fn restore(self) {
        let Some(key) = tab().and_then(|tab| tab.get_item(KEY).ok().flatten()) else { return };
        self.phase.set(Phase::Connecting);
        spawn_local(async move {
            let answer = api::agent(&key).await;
            if self.phase.get_untracked() != Phase::Connecting {
                return;
            }
            match answer {
                Ok(about) => self.signed_in(key, about),
                Err(failure) if failure.is_session_end() => self.revoked(),
                Err(failure) => self.phase.set(Phase::Failed(failure)),
            }
        });
    }

    /// Tries a key that was typed.
    pub(crate) fn enter(self, typed: &str) {
        let mut asked = None;
        self.change_form(|form| asked = form.ask(typed));
        let Some(key) = asked else { return };
        spawn_local(async move {
            match api::agent(&key).await {
                Ok(about) => self.signed_in(key, about),
                Err(failure) => self.change_form(|form| form.fail(failure)),
            }
        });
    }

    /// Forgets the key and everything that it has opened, in this tab.
    pub(crate) fn sign_out(self) {
        self.io().key.take();
        keep(None);
        // Whoever has answered here before may have left something too.
        storage::clear();
        self.forget();
        self.about.set(None);
        super::address::forget();
        self.change_form(|form| form.restart(Some(Note::SignedOut)));
        self.phase.set(Phase::Visitor);
    }

    /// The key of the next request.
    pub(super) fn key(self) -> Result<String, Failure> {
        self.io().key.borrow().clone().ok_or(Failure::Refused(ErrorCode::Unauthorized))
    }

    /// Thread takes a key no more. What was typed stays, for whoever has another one of this app under the same name.
    pub(super) fn refused(self, key: &str) {
        let is_current = self.io().key.borrow().as_deref() == Some(key);
        if is_current {
            self.io().key.take();
            self.talk.disconnect();
            self.revoked();
        }
    }

    fn revoked(self) {
        keep(None);
        self.talk.said.set(String::new());
        self.change_form(|form| form.restart(Some(Note::Revoked)));
        self.phase.set(Phase::Visitor);
    }

    fn signed_in(self, key: String, about: AgentResponse) {
        let owner = owner(&about);
        let is_same = self
            .about
            .with_untracked(|known| known.as_ref().is_some_and(|known| self::owner(known) == owner));
        if !is_same {
            self.forget();
        }
        keep(Some(&key));
        self.io().key.replace(Some(key));
        self.about.set(Some(about));
        if !is_same {
            self.talk.take_up(&owner);
        }
        self.change_form(|form| form.restart(None));
        self.phase.set(Phase::SignedIn);
        self.talk.connect();
        self.talk.refresh();
        self.talk.resume_sending();
        self.follow_address();
        self.talk.focus_soon();
    }

    fn forget(self) {
        self.talk.forget();
        self.lists.set(Lists::default());
        self.filter.set(Status::Open);
        self.change.set(super::status::Change::default());
    }
}
