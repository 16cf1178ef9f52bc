//! Reading: the list, and the messages of a conversation.

use super::{Panel, Phase, note};
use crate::api;
use crate::browser;
use crate::failure::Failure;
use crate::state::conversation::History;
use crate::state::place::{Place, Route};
use protocol::ServiceRequestId;
use protocol::wire::Author;
use reactive_graph::prelude::*;
use wasm_bindgen_futures::spawn_local;

impl Panel {
    /// Shows something else.
    pub(crate) fn go(self, route: Route) {
        self.sticks.set(true);
        self.said.set(String::new());
        self.stop_typing();
        self.route.set(route);
        self.see();
        self.load_shown();
        self.focus_soon();
    }

    /// Fetches the list, and what is missing in the conversation that is shown.
    pub(super) fn refresh(self) {
        self.load_list();
        self.load_shown();
    }

    /// What is before the user's eyes, down to its end, is read: here and at Thread.
    pub(super) fn see(self) {
        let Some(id) = self.shown().filter(|_| self.sticks.get_untracked()) else { return };
        let Some(seq) = self.desk.with_untracked(|desk| desk.unseen(&id)) else { return };
        let mut before = 0;
        self.change(|desk| {
            before = desk.request(&id).map_or(0, |request| request.contact_read_seq);
            desk.read(&id, Author::Contact, seq);
        });
        spawn_local(async move {
            if self.fetch(api::mark_read(&id, seq)).await.is_err() {
                self.change(|desk| desk.not_read(&id, before));
            }
        });
    }

    /// The conversation that is before the user's eyes.
    pub(super) fn shown(self) -> Option<ServiceRequestId> {
        let is_seen = self.is_open.get_untracked() && browser::is_visible();
        is_seen.then(|| self.route.with_untracked(|route| route.id().cloned())).flatten()
    }

    /// Fetches the list.
    pub(crate) fn load_list(self) {
        note(self.list_failure, None);
        spawn_local(async move {
            if let Some(Err(failure)) = self.fetch_list().await
                && self.phase.get_untracked() != Phase::Expired
            {
                note(self.list_failure, Some(failure));
            }
        });
    }

    pub(super) async fn fetch_list(self) -> Option<Result<(), Failure>> {
        let answer = self.ask(api::list()).await?;
        Some(answer.map(|answer| {
            note(self.list_failure, None);
            self.change(|desk| desk.listed(answer.service_requests));
            self.greet_newcomer();
            self.see();
        }))
    }

    /// Who has no request yet lands in the composer of a new one.
    fn greet_newcomer(self) {
        let has_none = self.desk.with_untracked(|desk| desk.requests().is_some_and(<[_]>::is_empty));
        if has_none && self.route.with_untracked(|route| *route == Route::List) {
            self.go(Route::At(Place::New));
        }
    }

    fn load_shown(self) {
        if let Some(id) = self.route.with_untracked(|route| route.id().cloned()) {
            self.load_conversation(id);
        }
    }

    /// Fetches the messages of a conversation that are not here yet.
    pub(crate) fn load_conversation(self, id: ServiceRequestId) {
        let place = Place::Request(id.clone());
        self.change(|desk| {
            let conversation = desk.conversation_mut(place.clone());
            if matches!(conversation.history, History::Failed(_)) {
                conversation.history = History::Missing;
            }
        });
        spawn_local(async move {
            let history = match self.load_messages(&id).await {
                None => return,
                Some(Ok(())) => History::Whole,
                // Old messages stay on the screen; without any, the failure takes their place.
                Some(Err(failure)) => History::Failed(failure),
            };
            self.change(|desk| {
                let conversation = desk.conversation_mut(place);
                if history == History::Whole || conversation.history != History::Whole {
                    conversation.history = history;
                }
            });
            self.see();
        });
    }

    pub(super) async fn load_messages(self, id: &ServiceRequestId) -> Option<Result<(), Failure>> {
        let place = Place::Request(id.clone());
        loop {
            let after = self.desk.with_untracked(|desk| {
                desk.conversation(&place).map_or(0, crate::state::conversation::Conversation::whole_up_to)
            });
            let messages = match self.ask(api::messages(id, after)).await? {
                Ok(answer) => answer.messages,
                Err(failure) => return Some(Err(failure)),
            };
            let is_end = !messages.iter().any(|message| message.seq > after);
            self.change(|desk| desk.fetched(id, messages));
            // A long conversation may come in parts: go on while the list knows of more.
            if is_end || !self.desk.with_untracked(|desk| desk.lacks_messages(id)) {
                return Some(Ok(()));
            }
        }
    }
}
