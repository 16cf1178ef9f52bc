//! The way by NATS: one subject for all nodes of a database.

use super::message::NodeMessage;
use crate::state::AppState;
use async_nats::{Client, ConnectOptions, Event, ServerAddr};
use futures_util::StreamExt as _;
use std::fmt;
use std::time::Duration;
use tokio::sync::mpsc;

/// A connection that is silent for twice so long is dead.
const PING_EVERY: Duration = Duration::from_secs(10);
const MAX_RECONNECT_WAIT: Duration = Duration::from_secs(2);
/// Messages that wait for this node; what is more is lost, and found by looking.
const INBOX: usize = 4_096;

/// `--nats`.
#[derive(Clone)]
pub struct NatsTarget(Vec<ServerAddr>);

impl NatsTarget {
    /// `nats://[user:password@]host[:port]` or `tls://…`, several separated by commas.
    ///
    /// # Errors
    /// A sentence that explains.
    pub fn parse(text: &str) -> Result<Self, String> {
        let told = || "must be nats://HOST:PORT or tls://HOST:PORT, several separated by commas".to_owned();
        text.split(',')
            .map(|server| {
                let server = server.trim();
                if !server.starts_with("nats://") && !server.starts_with("tls://") {
                    return Err(told());
                }
                // Not what the parser says: that may repeat a password.
                server.parse::<ServerAddr>().map_err(|_| told())
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// Without passwords.
impl fmt::Debug for NatsTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NatsTarget({} servers)", self.0.len())
    }
}

/// Sends and listens; comes back by itself when NATS does.
pub(super) async fn work(state: &AppState, target: &NatsTarget, mut to_send: mpsc::Receiver<NodeMessage>) {
    let nodes = state.nodes();
    let subject = format!("chatgenie.{}.nodes", nodes.cluster);
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
            let sealed = message.seal(&nodes.key);
            if nodes.is_connected() == Some(true)
                && let Err(error) = client.publish(subject.clone(), sealed.into()).await
            {
                tracing::warn!(%error, "a message to the other nodes was not sent");
            }
        }
    };
    let listening = async {
        while let Some(message) = inbox.next().await {
            if let Some(message) = NodeMessage::open(&nodes.key, &message.payload) {
                message.take(state).await;
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
                    Event::Disconnected | Event::Closed => state.nodes().set_connected(false),
                    Event::SlowConsumer(_) => tracing::warn!("NATS brings more than this node takes"),
                    Event::ServerError(error) => tracing::warn!(%error, "NATS"),
                    Event::ClientError(error) => tracing::debug!(%error, "NATS"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_understood_or_explained_without_their_password() {
        assert_eq!(NatsTarget::parse("nats://localhost").expect("valid").0.len(), 1);
        let two = NatsTarget::parse("nats://a:1, tls://me:hunter2@b:2").expect("valid");
        assert_eq!(two.0.len(), 2);
        assert!(!format!("{two:?}").contains("hunter2"));
        for bad in ["", "localhost:4222", "http://localhost", "nats://me:hunter2@[/"] {
            let told = NatsTarget::parse(bad).expect_err(bad);
            assert!(told.contains("nats://HOST:PORT") && !told.contains("hunter2"), "{told}");
        }
    }
}
