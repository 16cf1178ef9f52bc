//! One conversation, as its views see it.

use crate::attach::{Basket, BlobUrl};
use crate::failure::Failure;
use crate::signal::Memo;
use crate::state::place::{Place, Route};
use crate::state::rows::Moment;
use crate::talk::Talk;
use protocol::AttachmentId;
use protocol::wire::Author;
use std::future::Future;
use std::rc::Rc;

/// The conversation that is shown.
#[derive(Clone, Copy)]
pub(crate) struct Chat {
    /// Where it is read and written.
    pub(crate) talk: Talk,
    /// Which one it is.
    pub(crate) place: Memo<Place>,
}

impl Chat {
    /// The conversation of the current route.
    pub(crate) fn of(talk: Talk) -> Self {
        let place = Memo::new(move |before: Option<&Place>| match talk.route.get() {
            Route::At(place) => place,
            // On the way out: the screen goes in the same turn.
            Route::List => before.cloned().unwrap_or(Place::New),
        });
        Self { talk, place }
    }

    /// Whose messages stand at the end of the line.
    pub(super) fn own(self) -> Author {
        self.talk.desk.with_untracked(crate::state::desk::Desk::own)
    }

    /// A time of day; with the day, too. Follows the clock.
    pub(super) fn time(self, at: Moment, with_date: bool) -> String {
        self.talk.clock.with(|clock| {
            let time = clock.time(at);
            if with_date { [&clock.day(at, self.talk.now.get()), " ", &time].concat() } else { time }
        })
    }

    /// Sends again what failed.
    pub(super) fn retry(self) {
        self.talk.retry(self.place.get_untracked());
    }

    /// A picture that is here already.
    pub(super) fn known_picture(self, id: &AttachmentId) -> Option<Rc<BlobUrl>> {
        self.talk.known_picture(id)
    }

    /// Fetches a picture.
    pub(super) fn picture(self, id: AttachmentId) -> impl Future<Output = Result<Rc<BlobUrl>, Failure>> {
        self.talk.picture(id)
    }

    /// Fetches a file.
    pub(super) fn file(self, id: AttachmentId) -> impl Future<Output = Result<BlobUrl, Failure>> {
        self.talk.file(id)
    }

    /// What was typed before.
    pub(super) fn draft(self) -> String {
        self.talk.draft(&self.place.get_untracked())
    }

    /// Keeps what is typed.
    pub(super) fn keep_draft(self, typed: String) {
        self.talk.keep_draft(self.place.get_untracked(), typed);
    }

    /// Files that go with the message.
    pub(super) fn basket(self) -> Basket {
        self.talk.basket()
    }

    /// Sends a text, with the files of the basket.
    pub(super) fn send(self, text: String) {
        self.talk.send(self.place.get_untracked(), text);
    }
}
