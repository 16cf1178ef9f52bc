//! Several nodes that serve from one database: what happens at one, the sockets of all hear.
//!
//! The database is the truth, and every node looks there for what others did (`poll.rs`). With NATS (`nats.rs`) nodes
//! also tell each other at once. What NATS loses, or while it is away, comes by looking: so nothing depends on it but
//! the delay.

mod message;
mod nats;
mod poll;

pub use nats::NatsTarget;

use crate::crypto::{MasterKey, derived_bytes};
use crate::live::Audience;
use crate::state::AppState;
use crate::store::{ContactScope, StoredEvent};
use message::NodeMessage;
use protocol::conversation::ServerFrame;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc;

/// Messages that wait to be sent; more are dropped, and found by looking.
const OUTBOX: usize = 1_024;

/// The other nodes.
pub struct Nodes {
    target: Option<NatsTarget>,
    /// What messages are sealed under, and whose nodes these are.
    key: MasterKey,
    cluster: String,
    outbox: mpsc::Sender<NodeMessage>,
    /// Until the work begins.
    to_send: Mutex<Option<mpsc::Receiver<NodeMessage>>>,
    is_connected: AtomicBool,
}

impl Nodes {
    /// Nodes that share `secret`, a key of their database.
    pub fn new(target: Option<NatsTarget>, secret: &[u8]) -> Self {
        let (outbox, to_send) = mpsc::channel(OUTBOX);
        Self {
            target,
            key: MasterKey::derived(secret, "chatgenie-nodes-v1"),
            cluster: hex::encode(&derived_bytes(secret, "chatgenie-cluster-v1")[..8]),
            outbox,
            to_send: Mutex::new(Some(to_send)),
            is_connected: AtomicBool::new(false),
        }
    }

    /// `None` without NATS; else whether it is there.
    pub fn is_connected(&self) -> Option<bool> {
        self.target.as_ref().map(|_| self.is_connected.load(Ordering::SeqCst))
    }

    /// Tells the others what happened to a contact.
    pub fn tell_events(&self, contact: &ContactScope, events: &[StoredEvent]) {
        if !events.is_empty() {
            self.tell(|| NodeMessage::events(contact, events));
        }
    }

    /// Tells the others what is told in passing.
    pub fn tell_note(&self, audience: &Audience, note: &ServerFrame, but_key: Option<&str>) {
        self.tell(|| NodeMessage::note(audience, note, but_key));
    }

    /// Tells the others that apps, keys or ended sessions changed.
    pub fn tell_changed(&self) {
        self.tell(|| NodeMessage::Changed);
    }

    fn tell(&self, message: impl FnOnce() -> NodeMessage) {
        if self.is_connected() == Some(true) {
            // A full outbox: the others find out by looking.
            let _ = self.outbox.try_send(message());
        }
    }

    fn set_connected(&self, is_connected: bool) {
        if self.is_connected.swap(is_connected, Ordering::SeqCst) != is_connected {
            if is_connected {
                tracing::info!("NATS is there");
            } else {
                tracing::warn!(
                    "NATS is away: nodes hear of each other by the database, up to a second later"
                );
            }
        }
    }
}

impl fmt::Debug for Nodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nodes").field("is_connected", &self.is_connected()).finish_non_exhaustive()
    }
}

/// Listens to the other nodes until the service stops.
pub async fn work(state: AppState) {
    if !state.store().is_shared() {
        return;
    }
    let nodes = state.nodes();
    let to_send = nodes.to_send.lock().unwrap_or_else(PoisonError::into_inner).take();
    let listening = async {
        tokio::join!(poll::work(&state), async {
            if let (Some(target), Some(to_send)) = (&nodes.target, to_send) {
                nats::work(&state, target, to_send).await;
            }
        });
    };
    tokio::select! {
        () = state.shutdown().cancelled() => {}
        () = listening => {}
    }
}
