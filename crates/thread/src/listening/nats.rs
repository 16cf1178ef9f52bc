//! The way by NATS: one subject for all nodes of a database.

use crate::live::Audience;
use crate::nodes::{NatsTarget, NodeMessage};
use crate::state::AppState;
use crate::store::{AgentScope, ContactScope};
use async_nats::{Client, ConnectOptions, Event};
use futures_util::StreamExt as _;
use std::time::Duration;
use tokio::sync::mpsc;

/// A connection that is silent for twice so long is dead.
const PING_EVERY: Duration = Duration::from_secs(10);
const MAX_RECONNECT_WAIT: Duration = Duration::from_secs(2);
/// Messages that wait for this node; what is more is lost, and found by looking.
const INBOX: usize = 4_096;

/// Sends and listens; comes back by itself when NATS does.
pub(super) async fn work(state: &AppState, target: &NatsTarget, mut to_send: mpsc::Receiver<NodeMessage>) {
    let nodes = state.nodes();
    let subject = nodes.subject();
    let Some(client) = connect(state, target).await else { return };
    let mut inbox = match client.subscribe(subject.clone()).await {
        Ok(inbox) => inbox,
        Err(error) => {
            tracing::error!(%error, "NATS takes no subscription: nodes hear of each other by the database alone");
            return;
        }
    };
    let sending = async {
        while let Some(message) = to_send.recv().await {
            let sealed = nodes.seal(&message);
            if nodes.is_connected() == Some(true)
                && let Err(error) = client.publish(subject.clone(), sealed.into()).await
            {
                tracing::warn!(%error, "a message to the other nodes was not sent");
            }
        }
    };
    let listening = async {
        while let Some(message) = inbox.next().await {
            if let Some(message) = nodes.open(&message.payload) {
                take(message, state).await;
            } else {
                tracing::debug!("a message that is not of a node of this release");
            }
        }
    };
    tokio::join!(sending, listening);
}

async fn connect(state: &AppState, target: &NatsTarget) -> Option<Client> {
    let told = state.clone();
    let options = ConnectOptions::new()
        .name("thread")
        // A node that starts before NATS works, too.
        .retry_on_initial_connect()
        .max_reconnects(None)
        .reconnect_delay_callback(|attempts| {
            let doublings = u32::try_from(attempts.min(8)).unwrap_or(8);
            MAX_RECONNECT_WAIT.min(Duration::from_millis(20 << doublings))
        })
        .ping_interval(PING_EVERY)
        .subscription_capacity(INBOX)
        // Its own sockets know already.
        .no_echo()
        .event_callback(move |event| {
            let state = told.clone();
            async move {
                match event {
                    Event::Connected => state.nodes().set_connected(true),
                    // The goodbye of this node itself.
                    Event::Disconnected | Event::Closed if state.shutdown().is_cancelled() => {}
                    Event::Disconnected | Event::Closed => state.nodes().set_connected(false),
                    Event::SlowConsumer(_) => tracing::warn!("NATS brings more than this node takes"),
                    Event::ServerError(error) => tracing::warn!(%error, "NATS"),
                    Event::ClientError(error) => {
                        tracing::debug!(%error, "NATS");
                        // It could not be reached; there is no other event for one that never was.
                        if state.nodes().is_connected() != Some(true) {
                            state.nodes().set_connected(false);
                        }
                    }
                    Event::LameDuckMode | Event::Draining => {}
                }
            }
        });
    match options.connect(target.0.clone()).await {
        Ok(client) => Some(client),
        Err(error) => {
            tracing::error!(%error, "NATS cannot be used: nodes hear of each other by the database alone");
            None
        }
    }
}

/// Tells this node's own sockets, or takes the change over.
async fn take(message: NodeMessage, state: &AppState) {
    match message {
        NodeMessage::Events { app_id, email, events } => {
            let contact = ContactScope::new(app_id, email);
            state.directory().add_contact(&contact);
            state.hub().publish(&contact, &events);
        }
        NodeMessage::Note { app_id, email, note, but_key } => {
            let audience = match email {
                Some(email) => Audience::Contact(ContactScope::new(app_id, email)),
                None => Audience::Agents(AgentScope::new(app_id)),
            };
            state.hub().note(&audience, &note, but_key.as_deref());
        }
        NodeMessage::Changed => {
            if let Err(error) = state.directory().refresh(state.store(), state.clock().now_ms()).await {
                tracing::warn!(%error, "a change at another node could not be read yet");
            }
        }
    }
}
