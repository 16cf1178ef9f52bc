//! Webhooks: an app's events, posted to an address of the service provider, signed, in order, until they arrive.
//!
//! What is to be sent stands in the database before anybody is told that the event happened
//! (`store/webhook_outbox.rs`). Delivery is at least once: a receiver knows a repetition by its `webhook-id`.

mod address;
mod backoff;
mod client;
mod dispatch;
mod signature;

pub use address::{NetworkPolicy, WebhookUrl};
pub use client::{Answer, Client, ClientError, Signed};
pub use dispatch::{Dispatcher, work};
pub use signature::{SECRET_PREFIX, WebhookSecret};
