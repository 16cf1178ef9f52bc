//! What is drawn of conversations, on whatever page. Views read signals and call [`Talk`](crate::talk::Talk); they decide
//! nothing.

mod attachment;
pub(crate) mod chat;
pub(crate) mod composer;
pub(crate) mod icon;
pub(crate) mod log;
mod message;
pub(crate) mod notice;
pub(crate) mod part;
pub(crate) mod request;
mod scroll;
