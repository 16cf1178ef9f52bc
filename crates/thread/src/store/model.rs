//! Service requests and messages as they are stored, and their form on the wire.

use super::StoreError;
use crate::clock::rfc3339;
use protocol::wire::{Author, Message, ServiceRequest, Status, User};
use protocol::{ClientId, MessageId, ServiceRequestId};

/// A message as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        }
    }
}

/// A service request as it is stored, with its last message.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The newest message.
    pub last_message: StoredMessage,
}

impl StoredServiceRequest {
    /// On the wire, for `viewer`: only agents see whose it is.
    pub fn to_wire(&self, viewer: Author) -> ServiceRequest {
        ServiceRequest {
            id: self.id.clone(),
            subject: self.subject.clone(),
            status: self.status,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            contact: (viewer == Author::Agent).then(|| User { email: self.contact_email.clone() }),
            messages: vec![self.last_message.to_wire(viewer)],
        }
    }
}

/// Columns of a message: id, seq, author, `client_id_hex`, body, `created_at`.
pub(super) type MessageRow = (String, i64, String, String, String, i64);

/// Columns of [`service_request_sql`].
pub(super) type ServiceRequestRow =
    (String, String, String, String, i64, i64, String, i64, String, String, String, i64);

/// `SELECT` of a service request with its last message; what follows `WHERE` is the argument.
macro_rules! service_request_sql {
    ($tail:literal) => {
        concat!(
            "SELECT r.id, c.email, r.subject, r.status, r.created_at, r.updated_at, \
             m.id, m.seq, m.author, m.client_id_hex, m.body, m.created_at \
             FROM service_requests r JOIN contacts c ON c.id = r.contact_id \
             JOIN messages m ON m.service_request_id = r.id AND m.seq = r.message_seq WHERE ",
            $tail
        )
    };
}
pub(super) use service_request_sql;

pub(super) fn message(
    (id, seq, author, client_id_hex, body, created_at): MessageRow,
) -> Result<StoredMessage, StoreError> {
    Ok(StoredMessage {
        id: MessageId(id),
        seq,
        author: parse_author(&author)?,
        client_id: ClientId(client_id_text(&client_id_hex)?),
        body,
        created_at,
    })
}

pub(super) fn service_request(row: ServiceRequestRow) -> Result<StoredServiceRequest, StoreError> {
    let (
        id,
        contact_email,
        subject,
        status,
        created_at,
        updated_at,
        m_id,
        m_seq,
        m_author,
        m_client,
        m_body,
        m_at,
    ) = row;
    Ok(StoredServiceRequest {
        id: ServiceRequestId(id),
        contact_email,
        subject,
        status: parse_status(&status)?,
        created_at,
        updated_at,
        last_message: message((m_id, m_seq, m_author, m_client, m_body, m_at))?,
    })
}

pub(super) const fn author_text(author: Author) -> &'static str {
    match author {
        Author::Contact => "contact",
        Author::Agent => "agent",
    }
}

fn parse_author(text: &str) -> Result<Author, StoreError> {
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
