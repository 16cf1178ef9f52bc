//! Several nodes that serve from one database: what happens at one, the sockets of all hear.
//!
//! The database is the truth, and every node looks there for what others did. With NATS nodes also tell each other at
//! once. What NATS loses, or while it is away, comes by looking: so nothing depends on it but the delay. Here is what is
//! told; [`listening`](crate::listening) hears it.

mod message;
mod target;

pub(crate) use message::NodeMessage;
pub use target::NatsTarget;

use crate::crypto::{MasterKey, derived_bytes};
use crate::live::Audience;
use crate::store::{ContactScope, StoredEvent};
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
    told_away: AtomicBool,
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
            told_away: AtomicBool::new(false),
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

    /// Where NATS is, and what is to be sent there; nothing the second time.
    pub(crate) fn outgoing(&self) -> Option<(&NatsTarget, mpsc::Receiver<NodeMessage>)> {
        let to_send = self.to_send.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.target.as_ref().zip(to_send)
    }

    /// What all nodes of the database send to and listen at.
    pub(crate) fn subject(&self) -> String {
        format!("chatgenie.{}.nodes", self.cluster)
    }

    /// A message that these nodes alone can read.
    pub(crate) fn seal(&self, message: &NodeMessage) -> String {
        message.seal(&self.key)
    }

    /// `None` if it is not of these nodes, or of another release.
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<NodeMessage> {
        NodeMessage::open(&self.key, sealed)
    }

    /// Notes whether NATS is there, and tells the log once: of one that was never there, too.
    pub(crate) fn set_connected(&self, is_connected: bool) {
        let was_connected = self.is_connected.swap(is_connected, Ordering::SeqCst);
        let told_away = self.told_away.swap(!is_connected, Ordering::SeqCst);
        if is_connected && !was_connected {
            tracing::info!("NATS is there");
        } else if !is_connected && !told_away {
            tracing::warn!("NATS is away: nodes hear of each other by the database, up to a second later");
        }
    }
}

impl fmt::Debug for Nodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nodes").field("is_connected", &self.is_connected()).finish_non_exhaustive()
    }
}
