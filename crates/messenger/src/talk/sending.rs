//! Writing: a message is on the screen at once, and goes out in its turn.

use super::Talk;
use crate::failure::Failure;
use crate::state::conversation::Pending;
use crate::state::desk::Desk;
use crate::state::place::{Place, Route};
use crate::{api, browser, time};
use gloo_timers::callback::Timeout;
use protocol::conversation::WriteMessageRequest;
use wasm_bindgen_futures::spawn_local;

/// What was not sent is tried again after this long, if nothing tells before that it can be.
const TRY_AGAIN_MS: u32 = 15_000;

impl Talk {
    /// Sends a message with the files of the basket; what failed before it goes first.
    pub(crate) fn send(self, place: Place, body: String) {
        self.io().drafts.borrow_mut().remove(&place);
        self.store_draft(&place, "");
        let files = self.basket().take(&place);
        let attachments = files.into_iter().map(|(attachment, picture)| {
            if let Some(picture) = picture {
                // It is here: nobody needs to fetch it.
                self.io().pictures.put(&attachment.id, picture);
            }
            attachment
        });
        let attachments = attachments.collect();
        self.sticks.set(true);
        self.change(|desk| {
            let conversation = desk.conversation_mut(place.clone());
            conversation.retry();
            conversation.write(Pending {
                client_id: browser::random_id().into(),
                body,
                attachments,
                written_ms: time::now_ms(),
                failure: None,
            });
        });
        self.send_waiting(place);
    }

    /// Sends again what failed.
    pub(crate) fn retry(self, place: Place) {
        self.change(|desk| desk.conversation_mut(place.clone()).retry());
        self.send_waiting(place);
        self.focus_soon();
    }

    /// Sends what the end of a session or of the network has held up, and what was not sent before a reload.
    pub(crate) fn resume_sending(self) {
        let places = self.desk.with_untracked(Desk::to_go_on);
        for place in places {
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
                        self.try_again_later();
                    }
                }
            }
            let io = self.io();
            if io.generation.get() == generation {
                io.sending.borrow_mut().retain(|busy| *busy != place);
            }
        });
    }

    /// What goes by may have gone by unnoticed.
    fn try_again_later(self) {
        let again = Timeout::new(TRY_AGAIN_MS, move || {
            if self.io().host().is_signed_in() {
                self.resume_sending();
            }
        });
        self.io().again.replace(Some(again));
    }

    fn next_message(self, place: &Place) -> Option<WriteMessageRequest> {
        self.desk.with_untracked(|desk| {
            let next = desk.conversation(place)?.next_to_send()?;
            Some(WriteMessageRequest {
                client_id: next.client_id.clone(),
                body: next.body.clone(),
                attachment_ids: next.attachments.iter().map(|attachment| attachment.id.clone()).collect(),
            })
        })
    }

    async fn send_one(self, place: &Place, message: &WriteMessageRequest) -> Option<Result<(), Failure>> {
        Some(match place {
            Place::New => self.ask(api::raise(message)).await?.map(|request| {
                let raised = Place::Request(request.id.clone());
                self.io().raised(&raised);
                self.basket().moved(&raised);
                self.store_draft(&Place::New, "");
                self.store_draft(&raised, &self.draft(&raised));
                let is_shown = self.route.with_untracked(|route| *route == Route::At(Place::New));
                self.change(|desk| desk.raised(request));
                if is_shown {
                    self.route.set(Route::At(raised));
                }
            }),
            Place::Request(id) => self.ask(api::write(self.base(), id, message)).await?.map(|message| {
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
