//! What nodes tell each other: JSON, sealed under a key that only they have. Whoever can read the bus reads nothing, and
//! what a stranger sends there has no effect.

use crate::crypto::MasterKey;
use crate::live::Audience;
use crate::store::{ContactScope, StoredEvent};
use protocol::AppId;
use protocol::conversation::ServerFrame;
use serde::{Deserialize, Serialize};

/// Binds a sealed message to its place.
const PURPOSE: &str = "node-message";

/// One message. Nodes of other releases may not understand it; they find out by looking into the database.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum NodeMessage {
    /// Something happened to a contact.
    Events { app_id: AppId, email: String, events: Vec<StoredEvent> },
    /// Told in passing, to a contact or, without an address, to the app's agents.
    Note { app_id: AppId, email: Option<String>, note: Box<ServerFrame>, but_key: Option<String> },
    /// Apps, keys or ended sessions changed.
    Changed,
}

impl NodeMessage {
    pub(super) fn events(contact: &ContactScope, events: &[StoredEvent]) -> Self {
        let (app_id, email) = (contact.app_id().clone(), contact.email().to_owned());
        Self::Events { app_id, email, events: events.to_vec() }
    }

    pub(super) fn note(audience: &Audience, note: &ServerFrame, but_key: Option<&str>) -> Self {
        let (app_id, email) = match audience {
            Audience::Contact(contact) => (contact.app_id(), Some(contact.email().to_owned())),
            Audience::Agents(agents) => (agents.app_id(), None),
        };
        let but_key = but_key.map(ToOwned::to_owned);
        Self::Note { app_id: app_id.clone(), email, note: Box::new(note.clone()), but_key }
    }

    pub(super) fn seal(&self, key: &MasterKey) -> String {
        key.seal(PURPOSE, &serde_json::to_vec(self).expect("messages serialise"))
    }

    /// `None` if it is not of these nodes, or of another release.
    pub(super) fn open(key: &MasterKey, sealed: &[u8]) -> Option<Self> {
        let clear = key.open(PURPOSE, std::str::from_utf8(sealed).ok()?).ok()?;
        serde_json::from_slice(&clear).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{EventKind, StoredMessage};
    use protocol::wire::Author;

    fn key(byte: u8) -> MasterKey {
        MasterKey::derived(&[byte; 32], "test")
    }

    #[test]
    fn a_message_opens_at_the_own_nodes_only_and_shows_nothing_on_the_way() {
        let message = StoredMessage {
            id: "m".into(),
            seq: 1,
            author: Author::Agent,
            client_id: "c".into(),
            body: "private words".into(),
            created_at: 0,
            agent_name: None,
            attachments: Vec::new(),
        };
        let event = StoredEvent { seq: 7, app_seq: 9, kind: EventKind::Message("r".into(), message) };
        let contact = ContactScope::new("app".into(), "ann@shop.example".into());
        let sealed = NodeMessage::events(&contact, std::slice::from_ref(&event)).seal(&key(1));
        assert!(!sealed.contains("private") && !sealed.contains("ann"));
        match NodeMessage::open(&key(1), sealed.as_bytes()) {
            Some(NodeMessage::Events { app_id, email, events }) => {
                assert_eq!((app_id.as_str(), email.as_str()), ("app", "ann@shop.example"));
                assert_eq!(events, [event]);
            }
            other => panic!("{other:?}"),
        }
        assert!(NodeMessage::open(&key(2), sealed.as_bytes()).is_none());
        assert!(NodeMessage::open(&key(1), b"{\"Changed\":null}").is_none());
    }
}
