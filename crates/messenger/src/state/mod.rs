//! What panel and agents' page know, without a browser: every decision here is tested natively.

pub(crate) mod address;
pub(crate) mod backoff;
pub(crate) mod compose;
pub(crate) mod conversation;
pub(crate) mod desk;
pub(crate) mod entry;
pub(crate) mod key_form;
pub(crate) mod links;
pub(crate) mod outbox;
pub(crate) mod place;
pub(crate) mod reach;
pub(crate) mod rows;
pub(crate) mod shelf;
