//! What the lines of a conversation and its composer need of the page that shows them. The panel is one; views that
//! take these traits serve any other.

use crate::attach::{Basket, BlobUrl};
use crate::failure::Failure;
use crate::state::place::Place;
use crate::state::rows::Moment;
use protocol::AttachmentId;
use protocol::wire::Author;
use reactive_graph::computed::Memo;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// An answer that comes.
pub(crate) type Coming<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// A conversation, as its lines see it.
pub(crate) trait Chat {
    /// Whose messages stand at the end of the line.
    fn own(&self) -> Author;
    /// Name of the other side, where a message has none of its own.
    fn other_name(&self) -> String;
    /// A time of day; with the day, too. Follows the clock.
    fn time(&self, at: Moment, with_date: bool) -> String;
    /// Sends again what failed.
    fn retry(&self);
    /// A picture that is here already.
    fn known_picture(&self, id: &AttachmentId) -> Option<Rc<BlobUrl>>;
    /// Fetches a picture.
    fn picture(&self, id: AttachmentId) -> Coming<Rc<BlobUrl>>;
    /// Fetches a file.
    fn file(&self, id: AttachmentId) -> Coming<BlobUrl>;
}

/// Somebody who writes, as the composer sees them.
pub(crate) trait Writer {
    /// Where the message goes.
    fn place(&self) -> Memo<Place>;
    /// Why nothing can be sent now; `None` if it can. Follows it.
    fn hindrance(&self) -> Option<&'static str>;
    /// What was typed before.
    fn draft(&self) -> String;
    /// Keeps what is typed.
    fn keep_draft(&self, typed: String);
    /// Files that go with the message.
    fn basket(&self) -> Basket;
    /// Sends a text, with the files of the basket.
    fn send(&self, text: String);
}
