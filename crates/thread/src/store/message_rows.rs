//! Rows of `messages`, inside the transaction that writes them.

use super::model::{MessageRow, author_text, message, message_columns, message_sql};
use super::{StoreError, StoredMessage, Tx, attachments};
use crate::crypto::uuid_v7;
use protocol::conversation::{Attachment, WriteMessageRequest};
use protocol::wire::Author;
use protocol::{ClientId, MessageId};

/// Who writes.
#[derive(Clone, Copy)]
pub(super) enum Writer<'a> {
    Contact,
    /// With the name that customers see.
    Agent(Option<&'a str>),
}

impl Writer<'_> {
    pub(super) const fn author(self) -> Author {
        match self {
            Self::Contact => Author::Contact,
            Self::Agent(_) => Author::Agent,
        }
    }
}

/// The message that was sent with this client id, and its service request.
pub(super) async fn find_by_client_id(
    tx: &mut Tx,
    client_scope: &str,
    client_id: &ClientId,
) -> Result<Option<(String, StoredMessage)>, StoreError> {
    let row: Option<MessageRow> =
        sqlx::query_as(message_sql!("WHERE m.client_scope = $1 AND m.client_id_hex = $2"))
            .bind(client_scope)
            .bind(hex::encode(client_id.as_str()))
            .fetch_optional(&mut **tx)
            .await?;
    row.map(|row| Ok((row.service_request_id().to_owned(), message(row)?))).transpose()
}

/// Adds a message with its attachments.
#[expect(clippy::too_many_arguments, reason = "the columns of a row")]
pub(super) async fn insert_message(
    tx: &mut Tx,
    service_request_id: &str,
    seq: i64,
    writer: Writer<'_>,
    client_scope: &str,
    request: &WriteMessageRequest,
    files: Vec<Attachment>,
    now_ms: i64,
) -> Result<StoredMessage, StoreError> {
    let id = uuid_v7(now_ms);
    let agent_name = match writer {
        Writer::Contact => None,
        Writer::Agent(name) => name,
    };
    sqlx::query(
        "INSERT INTO messages \
         (id, service_request_id, seq, author, client_scope, client_id_hex, body, created_at, agent_name, attachments) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&id)
    .bind(service_request_id)
    .bind(seq)
    .bind(author_text(writer.author()))
    .bind(client_scope)
    .bind(hex::encode(request.client_id.as_str()))
    .bind(&request.body)
    .bind(now_ms)
    .bind(agent_name)
    .bind((!files.is_empty()).then(|| serde_json::to_string(&files).expect("attachments serialise")))
    .execute(&mut **tx)
    .await?;
    attachments::carry(tx, &id, &files).await?;
    Ok(StoredMessage {
        id: MessageId(id),
        seq,
        author: writer.author(),
        client_id: request.client_id.clone(),
        body: request.body.clone(),
        created_at: now_ms,
        agent_name: agent_name.map(ToOwned::to_owned),
        attachments: files,
    })
}

/// Whether a request with the same client id is the same message.
pub(super) fn is_same(stored: &StoredMessage, request: &WriteMessageRequest) -> bool {
    stored.body == request.body && stored.attachments.iter().map(|file| &file.id).eq(&request.attachment_ids)
}
