//! Writing: a message is on the screen at once, and goes out in its turn.

use super::Panel;
use crate::failure::Failure;
use crate::state::place::{Place, Route};
use crate::{api, browser, time};
use leptos::prelude::*;
use protocol::conversation::WriteMessageRequest;
use wasm_bindgen_futures::spawn_local;

impl Panel {
    /// Sends a message; what failed before it goes first.
    pub(crate) fn send(self, place: Place, body: String) {
        self.io().drafts.borrow_mut().remove(&place);
        self.sticks.set(true);
        self.change(|desk| {
            let conversation = desk.conversation_mut(place.clone());
            conversation.retry();
            conversation.write(browser::random_id().into(), body, time::now_ms());
        });
        self.send_waiting(place);
    }

    /// Sends again what failed.
    pub(crate) fn retry(self, place: Place) {
        self.change(|desk| desk.conversation_mut(place.clone()).retry());
        self.send_waiting(place);
        self.focus_soon();
    }

    /// Sends what the end of a session held up.
    pub(super) fn resume_sending(self) {
        let Route::At(place) = self.route.get_untracked() else { return };
        let held_up = self.desk.with_untracked(|desk| {
            desk.conversation(&place).is_some_and(|conversation| {
                conversation.pending().iter().any(|p| p.failure.is_some_and(Failure::is_session_end))
            })
        });
        if held_up {
            self.change(|desk| desk.conversation_mut(place.clone()).retry());
            self.send_waiting(place);
        }
    }

    /// Sends what waits at a place, one after the other; does nothing if that is under way.
    fn send_waiting(self, place: Place) {
        let io = self.io();
        if io.sending.borrow().contains(&place) {
            return;
        }
        io.sending.borrow_mut().push(place.clone());
        let generation = io.generation.get();
        spawn_local(async move {
            let mut place = place;
            while let Some(next) = self.next_message(&place) {
                match self.send_one(&place, &next).await {
                    None => return,
                    Some(Ok(())) => self.follow_raised(&mut place),
                    Some(Err(failure)) => {
                        self.change(|desk| desk.conversation_mut(place.clone()).fail(failure));
                    }
                }
            }
            let io = self.io();
            if io.generation.get() == generation {
                io.sending.borrow_mut().retain(|busy| *busy != place);
            }
        });
    }

    fn next_message(self, place: &Place) -> Option<WriteMessageRequest> {
        self.desk.with_untracked(|desk| {
            let next = desk.conversation(place)?.next_to_send()?;
            Some(WriteMessageRequest {
                client_id: next.client_id.clone(),
                body: next.body.clone(),
                attachment_ids: Vec::new(),
            })
        })
    }

    async fn send_one(self, place: &Place, message: &WriteMessageRequest) -> Option<Result<(), Failure>> {
        Some(match place {
            Place::New => self.ask(api::raise(message)).await?.map(|request| {
                let raised = Place::Request(request.id.clone());
                self.io().raised(&raised);
                let is_shown = self.route.with_untracked(|route| *route == Route::At(Place::New));
                self.change(|desk| desk.raised(request));
                if is_shown {
                    self.route.set(Route::At(raised));
                }
            }),
            Place::Request(id) => self.ask(api::write(id, message)).await?.map(|message| {
                self.change(|desk| desk.fetched(id, vec![message]));
            }),
        })
    }

    /// After the first message of a new request the rest goes to what it has raised.
    fn follow_raised(self, place: &mut Place) {
        if *place == Place::New
            && let Some(raised) = self.io().sending.borrow().last()
        {
            *place = raised.clone();
        }
    }
}

impl super::Io {
    /// What belonged to a new request belongs to what was raised now: the draft, and the turn to send.
    fn raised(&self, raised: &Place) {
        let mut drafts = self.drafts.borrow_mut();
        if let Some(draft) = drafts.remove(&Place::New) {
            *drafts.entry(raised.clone()) = draft;
        }
        let mut sending = self.sending.borrow_mut();
        sending.retain(|busy| *busy != Place::New);
        sending.push(raised.clone());
    }
}
