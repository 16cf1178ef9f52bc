//! Reading: the messages of a conversation, and that they were read.

use super::Talk;
use crate::api;
use crate::browser;
use crate::failure::Failure;
use crate::state::conversation::{Conversation, History};
use crate::state::place::{Place, Route};
use crate::state::rows::Viewer;
use protocol::ServiceRequestId;
use protocol::wire::Author;
use wasm_bindgen_futures::spawn_local;

impl Talk {
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
    pub(crate) fn refresh(self) {
        self.io().host().load_list();
        self.load_shown();
    }

    /// Why nothing can be sent now; `None` if it can. Follows it.
    pub(crate) fn hindrance(self) -> Option<&'static str> {
        self.io().host().hindrance()
    }

    /// What somebody on a side is called who has no name. Follows it.
    pub(crate) fn name(self, author: Author) -> String {
        self.io().host().name(author)
    }

    /// Who looks at a conversation. Follows up to where the other side has read.
    pub(crate) fn viewer(self, place: &Place) -> Viewer {
        let name = self.io().host().signature();
        self.desk.with(|desk| Viewer {
            own: desk.own(),
            name,
            seen: place.id().map_or(0, |id| desk.read_by_other(id)),
        })
    }

    /// Where this side's calls begin.
    pub(super) fn base(self) -> &'static str {
        self.io().host().base()
    }

    /// What is before the user's eyes, down to its end, is read: here and at Thread.
    pub(crate) fn see(self) {
        let Some(id) = self.shown().filter(|_| self.sticks.get_untracked()) else { return };
        let Some(seq) = self.desk.with_untracked(|desk| desk.unseen(&id)) else { return };
        let mut before = 0;
        self.change(|desk| {
            before = desk.read_by_user(&id);
            desk.read(&id, desk.own(), seq);
        });
        spawn_local(async move {
            if self.fetch(api::mark_read(self.base(), &id, seq)).await.is_err() {
                self.change(|desk| desk.not_read(&id, before));
            }
        });
    }

    /// The conversation that is before the user's eyes.
    pub(crate) fn shown(self) -> Option<ServiceRequestId> {
        let is_seen = self.is_open.get_untracked() && browser::is_visible();
        is_seen.then(|| self.route.with_untracked(|route| route.id().cloned())).flatten()
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
            let after = self
                .desk
                .with_untracked(|desk| desk.conversation(&place).map_or(0, Conversation::whole_up_to));
            let messages = match self.ask(api::messages(self.base(), id, after)).await? {
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
