//! `GET /v1/live` and `GET /v1/agent/live`: the sockets that tell a contact, or an app's agents, what happens.
//!
//! The socket is in the hub before the past is read, so nothing falls between. Events carry their number: one that
//! was sent is not sent again, and a gap is filled from the database.

use super::params::is_findable;
use super::typing::{typing_of_agent, typing_of_contact};
use crate::auth::{AgentCaller, ContactCaller, LiveCaller, SessionError};
use crate::crypto::random_bytes;
use crate::error::ApiError;
use crate::live::{Listener, Push, encode, frame};
use crate::state::AppState;
use crate::store::{EventScope, Missed, StoreError};
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::http::StatusCode;
use axum::response::Response;
use protocol::ErrorCode;
use protocol::conversation::{ClientFrame, ServerFrame};
use protocol::wire::Author;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

const PING_EVERY: Duration = Duration::from_secs(25);
/// A frame that cannot be sent for so long: the reader is gone or too slow.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// Pings without any sign of life after which the connection counts as dead.
const SILENT_PINGS: u32 = 2;
const MAX_FRAME_BYTES: usize = 64 * 1024;
/// Small buffers: thousands of sockets are idle at a time.
const READ_BUFFER_BYTES: usize = 4 * 1024;
const MAX_WRITE_BUFFER_BYTES: usize = 1024 * 1024;
/// Clients come back within so long after a shutdown.
const RECONNECT_SPREAD_MS: u32 = 5_000;

/// `GET /v1/live`.
pub(super) async fn contact(
    State(state): State<AppState>,
    caller: LiveCaller,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    connect(state, caller, Author::Contact, upgrade)
}

/// `GET /v1/agent/live`.
pub(super) async fn agent(
    State(state): State<AppState>,
    caller: LiveCaller,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    connect(state, caller, Author::Agent, upgrade)
}

fn connect(
    state: AppState,
    caller: LiveCaller,
    side: Author,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let upgrade = upgrade.map_err(|_| {
        ApiError::with_status(
            StatusCode::UPGRADE_REQUIRED,
            ErrorCode::InvalidParams,
            "Open a WebSocket here.",
        )
    })?;
    let tracked = state.tasks().token();
    Ok(upgrade
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(MAX_WRITE_BUFFER_BYTES)
        .on_upgrade(move |socket| async move {
            let mut connection = Connection { socket, state, side };
            let farewell = connection.run(&caller).await;
            connection.close(farewell).await;
            drop(tracked);
        }))
}

/// Why a socket ends.
enum Farewell {
    /// The other side closed, or cannot be reached.
    Gone,
    /// Refused or over: the code is told.
    Error(ErrorCode),
    /// What came is not a frame of the protocol, or too large.
    BadFrame(u16),
    /// It reads too slowly: it may come back and catch up.
    TooSlow,
    /// The service is stopping.
    Shutdown,
}

struct Connection {
    socket: WebSocket,
    state: AppState,
    side: Author,
}

/// Who has said hello.
enum Party {
    Contact(ContactCaller),
    Agent(AgentCaller),
}

impl Party {
    fn listener(&self) -> Listener {
        match self {
            Self::Contact(caller) => Listener::Contact(caller.claims.clone()),
            Self::Agent(caller) => Listener::Agent(caller.key.clone()),
        }
    }

    fn events(&self) -> EventScope<'_> {
        match self {
            Self::Contact(caller) => EventScope::Contact(&caller.scope),
            Self::Agent(caller) => EventScope::App(&caller.scope),
        }
    }

    /// Whether the session or the API key is still in force.
    fn check(&self, state: &AppState) -> Result<(), ErrorCode> {
        match self {
            Self::Contact(caller) => {
                let checked = caller.claims.check(state.directory(), state.clock().now_ms());
                checked.map(drop).map_err(SessionError::code)
            }
            Self::Agent(caller) => {
                let found = state.directory().api_key(&caller.key.sha256);
                found.map(drop).ok_or(ErrorCode::Unauthorized)
            }
        }
    }

    fn max_sockets(&self, state: &AppState) -> usize {
        match self {
            Self::Contact(_) => state.settings().max_sockets,
            Self::Agent(_) => state.settings().max_agent_sockets,
        }
    }
}

impl Connection {
    async fn run(&mut self, caller: &LiveCaller) -> Farewell {
        match self.serve(caller).await {
            Ok(never) => match never {},
            Err(farewell) => farewell,
        }
    }

    async fn serve(&mut self, caller: &LiveCaller) -> Result<std::convert::Infallible, Farewell> {
        let shutdown = self.state.shutdown().clone();
        let hello_within = self.state.settings().hello_within;
        let (party, cursor) = tokio::select! {
            () = shutdown.cancelled() => return Err(Farewell::Shutdown),
            hello = timeout(hello_within, self.hello(caller)) => {
                hello.unwrap_or(Err(Farewell::Error(ErrorCode::Unauthorized)))?
            }
        };
        let mut events = self
            .state
            .hub()
            .subscribe(party.listener(), party.max_sockets(&self.state))
            .ok_or(Farewell::Error(ErrorCode::RateLimited))?;
        // A session that ended between the check and the subscription.
        party.check(&self.state).map_err(Farewell::Error)?;
        let mut sent_seq = match cursor {
            Some(cursor) => self.catch_up(&party, cursor.parse().unwrap_or(-1)).await?,
            None => self.state.store().event_seq(party.events()).await.map_err(failed)?,
        };
        self.send(encode(&ServerFrame::Ready { cursor: sent_seq.to_string() })).await?;

        let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut silent_pings = 0;
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return Err(Farewell::Shutdown),
                push = events.next() => sent_seq = self.push(&party, sent_seq, push).await?,
                received = self.socket.recv() => {
                    check(received.as_ref())?;
                    silent_pings = 0;
                    if let Some(Ok(Message::Text(text))) = received {
                        self.heard(&party, &text).await?;
                    }
                }
                _ = pings.tick() => {
                    if silent_pings >= SILENT_PINGS {
                        return Err(Farewell::Gone);
                    }
                    silent_pings += 1;
                    self.send_message(Message::Ping(Vec::new().into())).await?;
                }
            }
        }
    }

    /// The first frame: who it is, and where the last connection stood.
    async fn hello(&mut self, caller: &LiveCaller) -> Result<(Party, Option<String>), Farewell> {
        loop {
            match self.socket.recv().await {
                Some(Ok(Message::Text(text))) => {
                    let Ok(ClientFrame::Hello { token, cursor }) = serde_json::from_str(&text) else {
                        return Err(Farewell::BadFrame(close_code::POLICY));
                    };
                    let party = match self.side {
                        Author::Contact => caller.sign_in(&token).map(Party::Contact),
                        Author::Agent => caller.sign_in_agent(&token).map(Party::Agent),
                    };
                    return Ok((party.map_err(Farewell::Error)?, cursor));
                }
                other => check(other.as_ref())?,
            }
        }
    }

    /// What a client says after `hello`. Unknown frames of later versions, and typing in what is not the client's or
    /// too often, are let pass without effect.
    async fn heard(&mut self, party: &Party, text: &str) -> Result<(), Farewell> {
        let Ok(ClientFrame::Typing { service_request_id }) = serde_json::from_str(text) else {
            return Ok(());
        };
        if !is_findable(service_request_id.as_str()) {
            return Ok(());
        }
        let told = match party {
            Party::Contact(caller) => typing_of_contact(&self.state, caller, service_request_id).await,
            Party::Agent(caller) => typing_of_agent(&self.state, caller, service_request_id).await,
        };
        match told {
            Err(ApiError::Store(error)) => Err(failed(error)),
            Ok(()) | Err(ApiError::Problem(_) | ApiError::Limited(_) | ApiError::Busy(_)) => Ok(()),
        }
    }

    /// Sends what was missed after `seq`; where the socket stands then.
    async fn catch_up(&mut self, party: &Party, seq: i64) -> Result<i64, Farewell> {
        match self.state.store().missed_events(party.events(), seq).await.map_err(failed)? {
            Missed::Events(events) => {
                for event in &events {
                    self.send(frame(event, self.side)).await?;
                }
                Ok(events.last().map_or(seq, |event| event.seq_for(self.side)))
            }
            Missed::TooMuch => {
                let seq = self.state.store().event_seq(party.events()).await.map_err(failed)?;
                self.send(encode(&ServerFrame::Reload { cursor: seq.to_string() })).await?;
                Ok(seq)
            }
        }
    }

    /// Sends an event of the hub, if it is the next; where the socket stands then.
    async fn push(&mut self, party: &Party, sent_seq: i64, push: Option<Push>) -> Result<i64, Farewell> {
        match push {
            Some(Push::Event { seq, .. }) if seq <= sent_seq => Ok(sent_seq),
            Some(Push::Event { seq, frame }) if seq == sent_seq + 1 => {
                self.send(frame).await?;
                Ok(seq)
            }
            Some(Push::Look { seq }) if seq <= sent_seq => Ok(sent_seq),
            // Two writes were told in another order than they were stored, or one was by another node.
            Some(Push::Event { .. } | Push::Look { .. }) => self.catch_up(party, sent_seq).await,
            Some(Push::Note(note)) => {
                self.send(note).await?;
                Ok(sent_seq)
            }
            Some(Push::End(code)) => Err(Farewell::Error(code)),
            None => Err(Farewell::TooSlow),
        }
    }

    async fn send(&mut self, text: Utf8Bytes) -> Result<(), Farewell> {
        self.send_message(Message::Text(text)).await
    }

    async fn send_message(&mut self, message: Message) -> Result<(), Farewell> {
        match timeout(SEND_WITHIN, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Farewell::Gone),
        }
    }

    async fn close(&mut self, farewell: Farewell) {
        let (last, code) = match farewell {
            Farewell::Gone => return,
            Farewell::Error(error) => (Some(ServerFrame::Error { code: error }), close_code::POLICY),
            Farewell::BadFrame(code) => (None, code),
            Farewell::TooSlow => (None, close_code::AGAIN),
            Farewell::Shutdown => {
                let retry_after_ms = u32::from_le_bytes(random_bytes()) % RECONNECT_SPREAD_MS;
                (Some(ServerFrame::Goodbye { retry_after_ms }), close_code::RESTART)
            }
        };
        if let Some(last) = last
            && self.send(encode(&last)).await.is_err()
        {
            return;
        }
        let close = Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::default() }));
        let _ = self.send_message(close).await;
    }
}

/// Whether what came can be of a client of the protocol.
fn check(received: Option<&Result<Message, axum::Error>>) -> Result<(), Farewell> {
    match received {
        Some(Ok(Message::Text(_) | Message::Ping(_) | Message::Pong(_))) => Ok(()),
        Some(Ok(Message::Binary(_))) => Err(Farewell::BadFrame(close_code::UNSUPPORTED)),
        Some(Ok(Message::Close(_))) | None => Err(Farewell::Gone),
        // Too large, or not a WebSocket's.
        Some(Err(_)) => Err(Farewell::BadFrame(close_code::SIZE)),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "used as an argument of map_err")]
fn failed(error: StoreError) -> Farewell {
    tracing::error!(%error, "a live socket ends");
    Farewell::Error(if error.is_transient() { ErrorCode::Unavailable } else { ErrorCode::Internal })
}
