//! The hub: which sockets are open, and for whom. Bounded memory for each; a slow reader is let go.

use crate::auth::Claims;
use crate::metrics::names;
use crate::store::{AgentScope, ContactHead, ContactScope, EventKind, StoredApiKey, StoredEvent};
use axum::extract::ws::Utf8Bytes;
use metrics::gauge;
use protocol::conversation::ServerFrame;
use protocol::wire::Author;
use protocol::{AppId, ErrorCode};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// Events that wait for a socket before it counts as too slow.
pub const BUFFERED_EVENTS: usize = 64;

/// What a socket is handed.
#[derive(Clone, Debug)]
pub enum Push {
    /// An event, ready to send.
    Event {
        /// Its place among the contact's events.
        seq: i64,
        /// The frame.
        frame: Utf8Bytes,
    },
    /// Another node stored events up to this place.
    Look {
        /// The newest known.
        seq: i64,
    },
    /// What is told in passing: nothing is lost with it.
    Note(Utf8Bytes),
    /// The session is over.
    End(ErrorCode),
}

/// Who listens.
#[derive(Clone, Debug)]
pub enum Listener {
    /// A contact's session.
    Contact(Claims),
    /// An agents' tool, by its API key.
    Agent(Arc<StoredApiKey>),
}

impl Listener {
    fn audience(&self) -> Audience {
        match self {
            Self::Contact(claims) => Audience::Contact(claims.scope()),
            Self::Agent(key) => Audience::Agents(AgentScope::new(key.app_id.clone())),
        }
    }
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// One contact.
    Contact(ContactScope),
    /// An app's agents.
    Agents(AgentScope),
}

impl Audience {
    /// Whose.
    pub fn app_id(&self) -> &AppId {
        match self {
            Self::Contact(contact) => contact.app_id(),
            Self::Agents(agents) => agents.app_id(),
        }
    }

    const fn viewer(&self) -> Author {
        match self {
            Self::Contact(_) => Author::Contact,
            Self::Agents(_) => Author::Agent,
        }
    }
}

/// All open sockets of this process.
#[derive(Debug, Default)]
pub struct Hub(Mutex<Sockets>);

#[derive(Debug, Default)]
struct Sockets {
    next_id: u64,
    open: HashMap<u64, Socket>,
    by_audience: HashMap<Audience, Vec<u64>>,
}

#[derive(Debug)]
struct Socket {
    listener: Listener,
    audience: Audience,
    sender: mpsc::Sender<Push>,
}

/// A socket's place in the hub; dropping it gives the place up.
#[derive(Debug)]
pub struct Subscription {
    hub: Arc<Hub>,
    id: u64,
    receiver: mpsc::Receiver<Push>,
}

impl Subscription {
    /// What comes next; `None` if this socket was too slow.
    pub async fn next(&mut self) -> Option<Push> {
        self.receiver.recv().await
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hub.sockets().remove(self.id);
    }
}

impl Hub {
    /// Adds a socket; `None` if its audience has `max_sockets` already.
    pub fn subscribe(self: &Arc<Self>, listener: Listener, max_sockets: usize) -> Option<Subscription> {
        let audience = listener.audience();
        let (sender, receiver) = mpsc::channel(BUFFERED_EVENTS);
        let mut sockets = self.sockets();
        if sockets.by_audience.get(&audience).is_some_and(|ids| ids.len() >= max_sockets) {
            return None;
        }
        let id = sockets.next_id;
        sockets.next_id += 1;
        sockets.by_audience.entry(audience.clone()).or_default().push(id);
        sockets.open.insert(id, Socket { listener, audience, sender });
        Some(Subscription { hub: Arc::clone(self), id, receiver })
    }

    /// Hands events to the sockets of the contact and of the app's agents. A socket whose buffer is full is dropped:
    /// it comes back and catches up.
    pub fn publish(&self, contact: &ContactScope, events: &[StoredEvent]) {
        let agents = Audience::Agents(AgentScope::new(contact.app_id().clone()));
        let mut sockets = self.sockets();
        for audience in [Audience::Contact(contact.clone()), agents] {
            let ids = sockets.by_audience.get(&audience).cloned().unwrap_or_default();
            if ids.is_empty() {
                continue;
            }
            let viewer = audience.viewer();
            for event in events {
                let push = Push::Event { seq: event.seq_for(viewer), frame: frame(event, viewer) };
                for id in &ids {
                    sockets.send(*id, push.clone());
                }
            }
        }
    }

    /// Apps that somebody listens to.
    pub fn apps(&self) -> HashSet<AppId> {
        self.sockets().by_audience.keys().map(|audience| audience.app_id().clone()).collect()
    }

    /// Something happened elsewhere: sockets of the app's agents and of these contacts, or of all of its contacts, look
    /// into the database.
    pub fn look(&self, app_id: &AppId, contacts: Option<&[ContactHead]>) {
        let mut sockets = self.sockets();
        let agents = Audience::Agents(AgentScope::new(app_id.clone()));
        let audiences: Vec<(Audience, i64)> = if let Some(heads) = contacts {
            let app_head = heads.iter().map(|head| head.app_seq).max().unwrap_or(i64::MAX);
            let contacts = heads.iter().map(|head| (Audience::Contact(head.contact.clone()), head.seq));
            contacts.chain([(agents, app_head)]).collect()
        } else {
            let all = sockets.by_audience.keys().filter(|audience| audience.app_id() == app_id);
            all.map(|audience| (audience.clone(), i64::MAX)).collect()
        };
        for (audience, seq) in audiences {
            for id in sockets.by_audience.get(&audience).cloned().unwrap_or_default() {
                sockets.send(id, Push::Look { seq });
            }
        }
    }

    /// Tells an audience in passing, but for sockets of this API key. A socket that is behind is not told.
    pub fn note(&self, audience: &Audience, note: &ServerFrame, but_key: Option<&str>) {
        let sockets = self.sockets();
        let Some(ids) = sockets.by_audience.get(audience) else { return };
        let push = Push::Note(encode(note));
        for socket in ids.iter().filter_map(|id| sockets.open.get(id)) {
            let is_own =
                matches!((&socket.listener, but_key), (Listener::Agent(key), Some(but)) if key.id == but);
            if !is_own && socket.sender.capacity() > BUFFERED_EVENTS / 2 {
                // Full or gone: it is of no use then.
                let _ = socket.sender.try_send(push.clone());
            }
        }
    }

    /// A renewal: the session's sockets live on.
    pub fn extend(&self, session_id: &str, expires_at: i64) {
        for socket in self.sockets().open.values_mut() {
            if let Listener::Contact(claims) = &mut socket.listener
                && claims.session_id == session_id
            {
                claims.expires_at = expires_at;
            }
        }
    }

    /// Ends the sockets whose session or API key is no longer in force.
    pub fn sweep(&self, is_in_force: impl Fn(&Listener) -> bool) {
        let mut sockets = self.sockets();
        let over: Vec<(u64, ErrorCode)> = sockets
            .open
            .iter()
            .filter(|(_, socket)| !is_in_force(&socket.listener))
            .map(|(id, socket)| match socket.listener {
                Listener::Contact(_) => (*id, ErrorCode::SessionExpired),
                Listener::Agent(_) => (*id, ErrorCode::Unauthorized),
            })
            .collect();
        for (id, code) in over {
            sockets.send(id, Push::End(code));
            sockets.remove(id);
        }
    }

    /// Tells `/metrics` how many sockets are open.
    pub(crate) fn measure(&self) {
        let sockets = self.sockets();
        let (mut contacts, mut agents) = (0_u32, 0_u32);
        for socket in sockets.open.values() {
            match socket.listener {
                Listener::Contact(_) => contacts += 1,
                Listener::Agent(_) => agents += 1,
            }
        }
        gauge!(names::SOCKETS, "audience" => "contacts").set(contacts);
        gauge!(names::SOCKETS, "audience" => "agents").set(agents);
    }

    /// How many sockets are open.
    pub fn open_sockets(&self) -> usize {
        self.sockets().open.len()
    }

    fn sockets(&self) -> MutexGuard<'_, Sockets> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sockets {
    fn send(&mut self, id: u64, push: Push) {
        let full = self.open.get(&id).is_some_and(|socket| socket.sender.try_send(push).is_err());
        if full {
            self.remove(id);
        }
    }

    /// Without its sender, the socket's task gets what is buffered, then `None`.
    fn remove(&mut self, id: u64) {
        let Some(socket) = self.open.remove(&id) else { return };
        if let Some(ids) = self.by_audience.get_mut(&socket.audience) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.by_audience.remove(&socket.audience);
            }
        }
    }
}

/// The frame of an event, as this side sees it.
pub fn frame(event: &StoredEvent, viewer: Author) -> Utf8Bytes {
    let cursor = event.seq_for(viewer).to_string();
    let frame = match &event.kind {
        EventKind::Message(service_request_id, message) => ServerFrame::Message {
            cursor,
            service_request_id: service_request_id.clone(),
            message: message.to_wire(viewer),
        },
        EventKind::ServiceRequest(service_request) => {
            ServerFrame::ServiceRequest { cursor, service_request: service_request.to_wire(viewer) }
        }
        EventKind::Read(service_request_id, author, seq) => ServerFrame::Read {
            cursor,
            service_request_id: service_request_id.clone(),
            author: *author,
            seq: *seq,
        },
    };
    encode(&frame)
}

/// A frame as text.
pub fn encode(frame: &ServerFrame) -> Utf8Bytes {
    serde_json::to_string(frame).expect("frames serialise").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoredMessage;
    use protocol::wire::SignInMethod;

    fn claims(session_id: &str, email: &str) -> Claims {
        Claims {
            session_id: session_id.into(),
            app_id: "app".into(),
            email: email.into(),
            method: SignInMethod::MessengerAuth,
            secret_id: None,
            issued_at: 0,
            expires_at: 10,
            ends_at: 10,
        }
    }

    fn event(seq: i64) -> StoredEvent {
        let message = StoredMessage {
            id: "m".into(),
            seq,
            author: Author::Agent,
            client_id: "c".into(),
            body: "hello".into(),
            created_at: 0,
            agent_name: None,
            attachments: Vec::new(),
        };
        StoredEvent { seq, app_seq: seq + 100, kind: EventKind::Message("r".into(), message) }
    }

    #[tokio::test]
    async fn events_reach_the_sockets_of_their_contact_only() {
        let hub = Arc::new(Hub::default());
        let mut ann = hub.subscribe(Listener::Contact(claims("1", "ann@x")), 9).expect("room");
        let mut bob = hub.subscribe(Listener::Contact(claims("2", "bob@x")), 9).expect("room");
        hub.publish(&claims("", "ann@x").scope(), &[event(1)]);
        hub.publish(&claims("", "bob@x").scope(), &[event(7)]);
        assert!(matches!(ann.next().await, Some(Push::Event { seq: 1, .. })));
        assert!(matches!(bob.next().await, Some(Push::Event { seq: 7, .. })));
    }

    fn agent(key_id: &str, app_id: &str) -> Arc<StoredApiKey> {
        Arc::new(StoredApiKey { id: key_id.into(), app_id: app_id.into(), sha256: String::new(), name: None })
    }

    #[tokio::test]
    async fn agents_hear_all_contacts_of_their_app_by_its_numbers_and_no_notes_of_their_own() {
        let hub = Arc::new(Hub::default());
        let mut own = hub.subscribe(Listener::Agent(agent("k1", "app")), 9).expect("room");
        let mut other = hub.subscribe(Listener::Agent(agent("k2", "app")), 9).expect("room");
        let mut foreign = hub.subscribe(Listener::Agent(agent("k3", "other")), 9).expect("room");
        let note = ServerFrame::Typing { service_request_id: "r".into(), author: Author::Agent, agent: None };
        let audience = Audience::Agents(AgentScope::new("app".into()));
        hub.note(&audience, &note, Some("k1"));
        hub.publish(&claims("", "ann@x").scope(), &[event(1)]);
        assert!(matches!(other.next().await, Some(Push::Note(_))));
        assert!(matches!(other.next().await, Some(Push::Event { seq: 101, .. })));
        assert!(matches!(own.next().await, Some(Push::Event { seq: 101, .. })));
        hub.sweep(|listener| matches!(listener, Listener::Agent(key) if key.id != "k3"));
        assert!(matches!(foreign.next().await, Some(Push::End(ErrorCode::Unauthorized))), "it heard nothing");
    }

    #[tokio::test]
    async fn a_slow_reader_is_dropped_and_others_are_not() {
        let hub = Arc::new(Hub::default());
        let mut slow = hub.subscribe(Listener::Contact(claims("1", "ann@x")), 9).expect("room");
        let mut quick = hub.subscribe(Listener::Contact(claims("2", "ann@x")), 9).expect("room");
        for seq in 0..=i64::try_from(BUFFERED_EVENTS).expect("small") {
            hub.publish(&claims("", "ann@x").scope(), &[event(seq)]);
            assert!(matches!(quick.next().await, Some(Push::Event { .. })));
        }
        assert_eq!(hub.open_sockets(), 1);
        for _ in 0..BUFFERED_EVENTS {
            assert!(slow.next().await.is_some());
        }
        assert!(slow.next().await.is_none());
    }

    #[tokio::test]
    async fn a_sweep_ends_what_is_over_and_a_renewal_saves_from_it() {
        let hub = Arc::new(Hub::default());
        let mut kept = hub.subscribe(Listener::Contact(claims("1", "ann@x")), 9).expect("room");
        let mut ended = hub.subscribe(Listener::Contact(claims("2", "ann@x")), 9).expect("room");
        hub.extend("1", 20);
        hub.sweep(|listener| matches!(listener, Listener::Contact(claims) if claims.expires_at > 10));
        assert!(matches!(ended.next().await, Some(Push::End(ErrorCode::SessionExpired))));
        assert!(ended.next().await.is_none());
        hub.publish(&claims("", "ann@x").scope(), &[event(1)]);
        assert!(matches!(kept.next().await, Some(Push::Event { seq: 1, .. })));
    }

    #[test]
    fn places_are_limited_and_given_back() {
        let hub = Arc::new(Hub::default());
        let first = hub.subscribe(Listener::Contact(claims("1", "ann@x")), 1).expect("room");
        assert!(hub.subscribe(Listener::Contact(claims("1", "ann@x")), 1).is_none());
        drop(first);
        assert!(hub.subscribe(Listener::Contact(claims("1", "ann@x")), 1).is_some());
        assert_eq!(hub.open_sockets(), 0);
    }
}
