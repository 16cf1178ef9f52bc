//! Service requests and messages as they are stored, and their form on the wire.

use super::StoreError;
use crate::clock::rfc3339;
use protocol::conversation::{Attachment, Message, ServiceRequest};
use protocol::wire::{Agent, Author, Status, User};
use protocol::{ClientId, MessageId, ServiceRequestId};
use serde::{Deserialize, Serialize};

/// A message as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMessage {
    /// The message.
    pub id: MessageId,
    /// Its place in the service request.
    pub seq: i64,
    /// Who wrote it.
    pub author: Author,
    /// As its sender gave it.
    pub client_id: ClientId,
    /// Plain text.
    pub body: String,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Who of the service provider wrote it, where the API key has a name.
    pub agent_name: Option<String>,
    /// Its files, in order.
    pub attachments: Vec<Attachment>,
}

impl StoredMessage {
    /// On the wire, for `viewer`: only the side that sent it sees its client id.
    pub fn to_wire(&self, viewer: Author) -> Message {
        Message {
            id: self.id.clone(),
            seq: self.seq,
            author: self.author,
            body: self.body.clone(),
            created_at: rfc3339(self.created_at),
            client_id: (self.author == viewer).then(|| self.client_id.clone()),
            agent: self.agent_name.clone().map(|name| Agent { name }),
            attachments: self.attachments.clone(),
        }
    }
}

/// A service request as it is stored, with its last message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredServiceRequest {
    /// The service request.
    pub id: ServiceRequestId,
    /// Normalised address of the contact that raised it.
    pub contact_email: String,
    /// From the first words of its first message.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Unix milliseconds.
    pub updated_at: i64,
    /// The contact has read messages up to here.
    pub contact_read_seq: i64,
    /// Agents have read messages up to here.
    pub agent_read_seq: i64,
    /// Messages of agents that the contact has not read.
    pub contact_unread: i64,
    /// Messages of the contact that agents have not read.
    pub agent_unread: i64,
    /// The newest message.
    pub last_message: StoredMessage,
}

impl StoredServiceRequest {
    /// On the wire, for `viewer`: only agents see whose it is.
    pub fn to_wire(&self, viewer: Author) -> ServiceRequest {
        let unread = match viewer {
            Author::Contact => self.contact_unread,
            Author::Agent => self.agent_unread,
        };
        ServiceRequest {
            id: self.id.clone(),
            subject: self.subject.clone(),
            status: self.status,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            contact: (viewer == Author::Agent).then(|| User { email: self.contact_email.clone() }),
            unread: u32::try_from(unread).unwrap_or(u32::MAX),
            contact_read_seq: self.contact_read_seq,
            agent_read_seq: self.agent_read_seq,
            messages: vec![self.last_message.to_wire(viewer)],
        }
    }
}

/// A row of [`message_columns`].
#[derive(sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "the aliases of the columns, which joins must not mix up")]
pub(super) struct MessageRow {
    m_service_request_id: String,
    m_id: String,
    m_seq: i64,
    m_author: String,
    m_client_id_hex: String,
    m_body: String,
    m_created_at: i64,
    m_agent_name: Option<String>,
    m_attachments: Option<String>,
}

impl MessageRow {
    /// Where it belongs.
    pub(super) fn service_request_id(&self) -> &str {
        &self.m_service_request_id
    }
}

/// A row of [`service_request_sql`].
#[derive(sqlx::FromRow)]
pub(super) struct ServiceRequestRow {
    r_id: String,
    r_email: String,
    r_subject: String,
    r_status: String,
    r_created_at: i64,
    r_updated_at: i64,
    r_seen_seq: i64,
    r_agent_seen_seq: i64,
    r_contact_unread: i64,
    r_agent_unread: i64,
    #[sqlx(flatten)]
    last_message: MessageRow,
}

/// Columns of a message `m`.
macro_rules! message_columns {
    () => {
        "m.service_request_id AS m_service_request_id, m.id AS m_id, m.seq AS m_seq, m.author AS m_author, \
         m.client_id_hex AS m_client_id_hex, m.body AS m_body, m.created_at AS m_created_at, \
         m.agent_name AS m_agent_name, m.attachments AS m_attachments"
    };
}
pub(super) use message_columns;

/// `SELECT` of messages `m`; what follows `FROM messages m` is the argument.
macro_rules! message_sql {
    ($tail:literal) => {
        concat!("SELECT ", message_columns!(), " FROM messages m ", $tail)
    };
}
pub(super) use message_sql;

/// `SELECT` of a service request with its last message; what follows `WHERE` is the argument.
macro_rules! service_request_sql {
    ($tail:literal) => {
        concat!(
            "SELECT r.id AS r_id, c.email AS r_email, r.subject AS r_subject, r.status AS r_status, \
             r.created_at AS r_created_at, r.updated_at AS r_updated_at, r.seen_seq AS r_seen_seq, \
             r.agent_seen_seq AS r_agent_seen_seq, \
             (SELECT COUNT(*) FROM messages u WHERE u.service_request_id = r.id AND u.seq > r.seen_seq \
             AND u.author = 'agent') AS r_contact_unread, \
             (SELECT COUNT(*) FROM messages u WHERE u.service_request_id = r.id AND u.seq > r.agent_seen_seq \
             AND u.author = 'contact') AS r_agent_unread, ",
            message_columns!(),
            " FROM service_requests r JOIN contacts c ON c.id = r.contact_id \
             JOIN messages m ON m.service_request_id = r.id AND m.seq = r.message_seq WHERE ",
            $tail
        )
    };
}
pub(super) use service_request_sql;

pub(super) fn message(row: MessageRow) -> Result<StoredMessage, StoreError> {
    Ok(StoredMessage {
        id: MessageId(row.m_id),
        seq: row.m_seq,
        author: parse_author(&row.m_author)?,
        client_id: ClientId(client_id_text(&row.m_client_id_hex)?),
        body: row.m_body,
        created_at: row.m_created_at,
        agent_name: row.m_agent_name,
        attachments: match row.m_attachments {
            Some(json) => serde_json::from_str(&json).map_err(|_| StoreError::Corrupt("attachments"))?,
            None => Vec::new(),
        },
    })
}

pub(super) fn service_request(row: ServiceRequestRow) -> Result<StoredServiceRequest, StoreError> {
    Ok(StoredServiceRequest {
        id: ServiceRequestId(row.r_id),
        contact_email: row.r_email,
        subject: row.r_subject,
        status: parse_status(&row.r_status)?,
        created_at: row.r_created_at,
        updated_at: row.r_updated_at,
        contact_read_seq: row.r_seen_seq,
        agent_read_seq: row.r_agent_seen_seq,
        contact_unread: row.r_contact_unread,
        agent_unread: row.r_agent_unread,
        last_message: message(row.last_message)?,
    })
}

pub(super) const fn author_text(author: Author) -> &'static str {
    match author {
        Author::Contact => "contact",
        Author::Agent => "agent",
    }
}

pub(super) fn parse_author(text: &str) -> Result<Author, StoreError> {
    match text {
        "contact" => Ok(Author::Contact),
        "agent" => Ok(Author::Agent),
        _ => Err(StoreError::Corrupt("author")),
    }
}

fn parse_status(text: &str) -> Result<Status, StoreError> {
    match text {
        "open" => Ok(Status::Open),
        "closed" => Ok(Status::Closed),
        _ => Err(StoreError::Corrupt("status")),
    }
}

fn client_id_text(hex_text: &str) -> Result<String, StoreError> {
    let bytes = hex::decode(hex_text).map_err(|_| StoreError::Corrupt("client id"))?;
    String::from_utf8(bytes).map_err(|_| StoreError::Corrupt("client id"))
}
