//! The page around the conversations.

use crate::failure::Failure;
use protocol::ServiceRequestId;
use protocol::conversation::ServerFrame;
use protocol::wire::{AttachmentLimits, Author};
use std::future::Future;
use std::pin::Pin;

/// What comes.
pub(crate) type Coming<T> = Pin<Box<dyn Future<Output = T>>>;

/// What conversations need of the page around them: who signs in, and how the list is had.
pub(crate) trait Host {
    /// Where the calls of this side begin: `/v1`, `/v1/agent`.
    fn base(&self) -> &'static str;
    /// Whether somebody is signed in, so that there is somebody to ask for.
    fn is_signed_in(&self) -> bool;
    /// Why nothing can be sent now; `None` if it can. Follows it.
    fn hindrance(&self) -> Option<&'static str>;
    /// The bearer of requests.
    fn token(&self) -> Result<String, Failure>;
    /// Sees to another bearer than this one, which was refused.
    fn renew(&self, refused: String) -> Coming<Result<(), Failure>>;
    /// Whose drafts the browser keeps here.
    fn owner(&self) -> Option<String>;
    /// What may be attached; `None` where nothing may. Follows it.
    fn limits(&self) -> Option<AttachmentLimits>;
    /// What the other side, or a colleague, is called where a message tells no name. Follows it.
    fn name(&self, author: Author) -> String;
    /// The name that the user's own messages will have.
    fn signature(&self) -> Option<String>;
    /// Whether the list is before the user's eyes.
    fn shows_list(&self) -> bool;
    /// Fetches the list; `None` if the user has changed meanwhile.
    fn fetch_list(&self) -> Coming<Option<Result<(), Failure>>>;
    /// The same, and shows where the list would be why it could not be had.
    fn load_list(&self);
    /// Something happened in a service request that the list does not have.
    fn meet(&self, id: ServiceRequestId);
    /// The socket has told something, which is about to be taken in.
    fn heard(&self, frame: &ServerFrame);
    /// The tab or the network is back, and timers may have slept.
    fn woken(&self);
}
