//! Service requests and their messages.

use super::events::{EventKind, append};
use super::model::{
    MessageRow, ServiceRequestRow, author_text, message, message_columns, message_sql, service_request,
    service_request_sql,
};
use super::{
    AgentScope, ContactScope, Store, StoreError, StoredEvent, StoredMessage, StoredServiceRequest, Uploader,
    attachments, contacts, webhook_outbox,
};
use crate::crypto::uuid_v7;
use protocol::conversation::{Attachment, WriteMessageRequest};
use protocol::webhook::{MessageData, ServiceRequestData, WebhookEvent};
use protocol::wire::{Author, Status, User};
use protocol::{AppId, ClientId, MessageId, ServiceRequestId};
use sqlx::{Any, Transaction};

/// Most service requests in a list.
const MAX_LISTED: i64 = 200;
/// Most messages in an answer; the rest follows by `after`.
pub const MAX_MESSAGES: i64 = 1_000;

/// What became of a write that carries a client id.
#[derive(Clone, Debug)]
pub enum Outcome<T> {
    /// It is stored now.
    Stored(Written<T>),
    /// It was stored before; this is it.
    Again(T),
    /// The client id was used for something else.
    Conflict,
    /// An attachment is not one that the sender uploaded and that still waits for its message.
    NoAttachment,
}

/// What was stored, and what the contact's sockets are to be told.
#[derive(Clone, Debug)]
pub struct Written<T> {
    /// What was stored.
    pub value: T,
    /// Whose it is.
    pub contact: ContactScope,
    /// In order.
    pub events: Vec<StoredEvent>,
}

/// A row of `service_requests` inside a transaction.
struct Place {
    service_request_id: String,
    contact_id: String,
    contact: ContactScope,
    status: String,
    message_seq: i64,
    seen_seq: i64,
    agent_seen_seq: i64,
}

#[derive(sqlx::FromRow)]
struct PlaceRow {
    id: String,
    contact_id: String,
    email: String,
    status: String,
    message_seq: i64,
    seen_seq: i64,
    agent_seen_seq: i64,
}

/// Who writes.
#[derive(Clone, Copy)]
enum Writer<'a> {
    Contact,
    /// With the name that customers see.
    Agent(Option<&'a str>),
}

impl Writer<'_> {
    const fn author(self) -> Author {
        match self {
            Self::Contact => Author::Contact,
            Self::Agent(_) => Author::Agent,
        }
    }
}

impl Store {
    /// Raises a service request. `None` if the app was deleted meanwhile.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn raise(
        &self,
        scope: &ContactScope,
        request: &WriteMessageRequest,
        now_ms: i64,
    ) -> Result<Option<Outcome<StoredServiceRequest>>, StoreError> {
        let mut tx = self.begin().await?;
        let Some(contact_id) = contacts::find_or_create(&mut tx, scope, now_ms).await? else {
            return Ok(None);
        };
        if let Some((id, stored)) = find_by_client_id(&mut tx, &contact_id, &request.client_id).await? {
            if stored.seq != 1 || !is_same(&stored, request) {
                return Ok(Some(Outcome::Conflict));
            }
            let mut raised = load(&mut tx, &id).await?;
            raised.last_message = stored;
            return Ok(Some(Outcome::Again(raised)));
        }
        let Some(files) =
            attachments::waiting(&mut tx, Uploader::Contact(scope), &request.attachment_ids).await?
        else {
            return Ok(Some(Outcome::NoAttachment));
        };
        let id = uuid_v7(now_ms);
        sqlx::query(
            "INSERT INTO service_requests \
             (id, app_id, contact_id, subject, status, message_seq, seen_seq, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, 'open', 1, 1, $5, $5)",
        )
        .bind(&id)
        .bind(scope.app_id().as_str())
        .bind(&contact_id)
        .bind(subject_of(&request.body, &files))
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        insert_message(&mut tx, &id, 1, Writer::Contact, &contact_id, request, files, now_ms).await?;
        let raised = load(&mut tx, &id).await?;
        let event = append(&mut tx, &contact_id, &id, EventKind::ServiceRequest(raised.clone())).await?;
        let told = WebhookEvent::ServiceRequestCreated(service_request_data(&raised));
        webhook_outbox::tell(&mut tx, scope.app_id(), told, now_ms).await?;
        tx.commit().await?;
        let events = vec![event];
        Ok(Some(Outcome::Stored(Written { value: raised, contact: scope.clone(), events })))
    }

    /// Writes a contact's message; opens the service request again if it was closed. `None` if the contact has no
    /// such service request.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn write_as_contact(
        &self,
        scope: &ContactScope,
        id: &ServiceRequestId,
        request: &WriteMessageRequest,
        now_ms: i64,
    ) -> Result<Option<Outcome<StoredMessage>>, StoreError> {
        let mut tx = self.begin().await?;
        let Some(place) = place_of_contact(&mut tx, scope, id).await? else { return Ok(None) };
        let client_scope = place.contact_id.clone();
        let uploader = Uploader::Contact(scope);
        write(tx, place, Writer::Contact, uploader, &client_scope, request, now_ms).await.map(Some)
    }

    /// Writes the message of an agent with this name. `None` if the app has no such service request.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn write_as_agent(
        &self,
        scope: &AgentScope,
        id: &ServiceRequestId,
        agent_name: Option<&str>,
        request: &WriteMessageRequest,
        now_ms: i64,
    ) -> Result<Option<Outcome<StoredMessage>>, StoreError> {
        let mut tx = self.begin().await?;
        let Some(place) = place_of_agent(&mut tx, scope, id).await? else { return Ok(None) };
        let client_scope = place.service_request_id.clone();
        let (writer, uploader) = (Writer::Agent(agent_name), Uploader::Agents(scope));
        write(tx, place, writer, uploader, &client_scope, request, now_ms).await.map(Some)
    }

    /// Sets the status. No event if it is that already. `None` if the app has no such service request.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn set_status(
        &self,
        scope: &AgentScope,
        id: &ServiceRequestId,
        status: Status,
        now_ms: i64,
    ) -> Result<Option<Written<StoredServiceRequest>>, StoreError> {
        let mut tx = self.begin().await?;
        let Some(place) = place_of_agent(&mut tx, scope, id).await? else { return Ok(None) };
        let mut events = Vec::new();
        if place.status != status.as_str() {
            sqlx::query("UPDATE service_requests SET status = $2, updated_at = $3 WHERE id = $1")
                .bind(&place.service_request_id)
                .bind(status.as_str())
                .bind(now_ms)
                .execute(&mut *tx)
                .await?;
            let changed = load(&mut tx, &place.service_request_id).await?;
            let told = WebhookEvent::StatusChanged(service_request_data(&changed));
            let changed = EventKind::ServiceRequest(changed);
            events.push(append(&mut tx, &place.contact_id, &place.service_request_id, changed).await?);
            webhook_outbox::tell(&mut tx, scope.app_id(), told, now_ms).await?;
        }
        let value = load(&mut tx, &place.service_request_id).await?;
        tx.commit().await?;
        Ok(Some(Written { value, contact: place.contact, events }))
    }

    /// The contact has read up to `seq`. `None` if the contact has no such service request.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn mark_read_as_contact(
        &self,
        scope: &ContactScope,
        id: &ServiceRequestId,
        seq: i64,
    ) -> Result<Option<Written<()>>, StoreError> {
        let mut tx = self.begin().await?;
        match place_of_contact(&mut tx, scope, id).await? {
            Some(place) => mark_read(tx, place, Author::Contact, seq).await.map(Some),
            None => Ok(None),
        }
    }

    /// Agents have read up to `seq`. `None` if the app has no such service request.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn mark_read_as_agent(
        &self,
        scope: &AgentScope,
        id: &ServiceRequestId,
        seq: i64,
    ) -> Result<Option<Written<()>>, StoreError> {
        let mut tx = self.begin().await?;
        match place_of_agent(&mut tx, scope, id).await? {
            Some(place) => mark_read(tx, place, Author::Agent, seq).await.map(Some),
            None => Ok(None),
        }
    }

    /// When anything last changed, Unix milliseconds.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn newest_change(&self) -> Result<Option<i64>, StoreError> {
        let (newest,): (Option<i64>,) =
            sqlx::query_as("SELECT MAX(updated_at) FROM service_requests").fetch_one(&self.reader).await?;
        Ok(newest)
    }

    /// Whether the contact has such a service request.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn is_of_contact(
        &self,
        scope: &ContactScope,
        id: &ServiceRequestId,
    ) -> Result<bool, StoreError> {
        let found: Option<(String,)> = sqlx::query_as(
            "SELECT r.id FROM service_requests r JOIN contacts c ON c.id = r.contact_id \
             WHERE r.id = $1 AND c.app_id = $2 AND c.email = $3",
        )
        .bind(id.as_str())
        .bind(scope.app_id().as_str())
        .bind(scope.email())
        .fetch_optional(&self.reader)
        .await?;
        Ok(found.is_some())
    }

    /// Whose service request it is. `None` if the app has no such service request.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn contact_of(
        &self,
        scope: &AgentScope,
        id: &ServiceRequestId,
    ) -> Result<Option<ContactScope>, StoreError> {
        let found: Option<(String,)> = sqlx::query_as(
            "SELECT c.email FROM service_requests r JOIN contacts c ON c.id = r.contact_id \
             WHERE r.id = $1 AND r.app_id = $2",
        )
        .bind(id.as_str())
        .bind(scope.app_id().as_str())
        .fetch_optional(&self.reader)
        .await?;
        Ok(found.map(|(email,)| ContactScope::new(scope.app_id().clone(), email)))
    }

    /// The contact's service requests, newest change first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_of_contact(
        &self,
        scope: &ContactScope,
    ) -> Result<Vec<StoredServiceRequest>, StoreError> {
        let rows: Vec<ServiceRequestRow> = sqlx::query_as(service_request_sql!(
            "c.app_id = $1 AND c.email = $2 ORDER BY r.updated_at DESC, r.id DESC LIMIT $3"
        ))
        .bind(scope.app_id().as_str())
        .bind(scope.email())
        .bind(MAX_LISTED)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(service_request).collect()
    }

    /// The app's service requests, newest change first; all, or those of one status.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_of_app(
        &self,
        scope: &AgentScope,
        status: Option<Status>,
    ) -> Result<Vec<StoredServiceRequest>, StoreError> {
        let rows: Vec<ServiceRequestRow> = sqlx::query_as(service_request_sql!(
            "r.app_id = $1 AND ($2 = '' OR r.status = $2) ORDER BY r.updated_at DESC, r.id DESC LIMIT $3"
        ))
        .bind(scope.app_id().as_str())
        .bind(status.map_or("", Status::as_str))
        .bind(MAX_LISTED)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(service_request).collect()
    }

    /// Messages with a `seq` above `after`, [`MAX_MESSAGES`] at the most. `None` if the contact has no such service
    /// request.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn messages_of_contact(
        &self,
        scope: &ContactScope,
        id: &ServiceRequestId,
        after: i64,
    ) -> Result<Option<Vec<StoredMessage>>, StoreError> {
        if self.is_of_contact(scope, id).await? {
            self.messages(id.as_str(), after).await.map(Some)
        } else {
            Ok(None)
        }
    }

    /// As [`Store::messages_of_contact`], for the app's agents.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn messages_of_app(
        &self,
        scope: &AgentScope,
        id: &ServiceRequestId,
        after: i64,
    ) -> Result<Option<Vec<StoredMessage>>, StoreError> {
        let found: Option<(String,)> =
            sqlx::query_as("SELECT id FROM service_requests WHERE id = $1 AND app_id = $2")
                .bind(id.as_str())
                .bind(scope.app_id().as_str())
                .fetch_optional(&self.reader)
                .await?;
        match found {
            Some((id,)) => self.messages(&id, after).await.map(Some),
            None => Ok(None),
        }
    }

    /// Only after the scope was checked.
    async fn messages(&self, checked_id: &str, after: i64) -> Result<Vec<StoredMessage>, StoreError> {
        let rows: Vec<MessageRow> = sqlx::query_as(message_sql!(
            "WHERE m.service_request_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3"
        ))
        .bind(checked_id)
        .bind(after)
        .bind(MAX_MESSAGES)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(message).collect()
    }
}

async fn write(
    mut tx: Transaction<'static, Any>,
    place: Place,
    writer: Writer<'_>,
    uploader: Uploader<'_>,
    client_scope: &str,
    request: &WriteMessageRequest,
    now_ms: i64,
) -> Result<Outcome<StoredMessage>, StoreError> {
    let id = &place.service_request_id;
    if let Some((stored_in, stored)) = find_by_client_id(&mut tx, client_scope, &request.client_id).await? {
        let same = stored_in == *id && is_same(&stored, request);
        return Ok(if same { Outcome::Again(stored) } else { Outcome::Conflict });
    }
    let Some(files) = attachments::waiting(&mut tx, uploader, &request.attachment_ids).await? else {
        return Ok(Outcome::NoAttachment);
    };
    let (seq,): (i64,) = sqlx::query_as(
        "UPDATE service_requests SET message_seq = message_seq + 1, updated_at = $2 WHERE id = $1 \
         RETURNING message_seq",
    )
    .bind(id)
    .bind(now_ms)
    .fetch_one(&mut *tx)
    .await?;
    let stored = insert_message(&mut tx, id, seq, writer, client_scope, request, files, now_ms).await?;
    // Whoever writes has seen what is there; a contact wants an answer, too.
    let seen = match writer {
        Writer::Contact => {
            "UPDATE service_requests SET seen_seq = message_seq, status = 'open' WHERE id = $1"
        }
        Writer::Agent(_) => "UPDATE service_requests SET agent_seen_seq = message_seq WHERE id = $1",
    };
    sqlx::query(seen).bind(id).execute(&mut *tx).await?;
    let kind = EventKind::Message(ServiceRequestId(id.clone()), stored.clone());
    let mut events = vec![append(&mut tx, &place.contact_id, id, kind).await?];
    let app_id = place.contact.app_id();
    let data = MessageData {
        service_request_id: ServiceRequestId(id.clone()),
        contact: User { email: place.contact.email().to_owned() },
        message: stored.to_wire(Author::Agent),
    };
    let told = match writer {
        Writer::Contact => WebhookEvent::MessageFromContact(data),
        Writer::Agent(_) => WebhookEvent::MessageFromAgent(data),
    };
    webhook_outbox::tell(&mut tx, app_id, told, now_ms).await?;
    if writer.author() == Author::Contact && place.status != Status::Open.as_str() {
        let reopened = load(&mut tx, id).await?;
        let told = WebhookEvent::StatusChanged(service_request_data(&reopened));
        events.push(append(&mut tx, &place.contact_id, id, EventKind::ServiceRequest(reopened)).await?);
        webhook_outbox::tell(&mut tx, app_id, told, now_ms).await?;
    }
    tx.commit().await?;
    Ok(Outcome::Stored(Written { value: stored, contact: place.contact, events }))
}

/// What webhooks tell of a service request.
fn service_request_data(stored: &StoredServiceRequest) -> ServiceRequestData {
    ServiceRequestData { service_request: stored.to_wire(Author::Agent) }
}

/// No event if that side had read so far before.
async fn mark_read(
    mut tx: Transaction<'static, Any>,
    place: Place,
    reader: Author,
    seq: i64,
) -> Result<Written<()>, StoreError> {
    let seq = seq.min(place.message_seq);
    let (sql, read_seq) = match reader {
        Author::Contact => ("UPDATE service_requests SET seen_seq = $2 WHERE id = $1", place.seen_seq),
        Author::Agent => {
            ("UPDATE service_requests SET agent_seen_seq = $2 WHERE id = $1", place.agent_seen_seq)
        }
    };
    let mut events = Vec::new();
    if seq > read_seq {
        let id = &place.service_request_id;
        sqlx::query(sql).bind(id).bind(seq).execute(&mut *tx).await?;
        let kind = EventKind::Read(ServiceRequestId(id.clone()), reader, seq);
        events.push(append(&mut tx, &place.contact_id, id, kind).await?);
        tx.commit().await?;
    }
    Ok(Written { value: (), contact: place.contact, events })
}

async fn place_of_contact(
    tx: &mut Transaction<'static, Any>,
    scope: &ContactScope,
    id: &ServiceRequestId,
) -> Result<Option<Place>, StoreError> {
    let row: Option<PlaceRow> = sqlx::query_as(
        "SELECT r.id, r.contact_id, c.email, r.status, r.message_seq, r.seen_seq, r.agent_seen_seq \
         FROM service_requests r JOIN contacts c ON c.id = r.contact_id \
         WHERE r.id = $1 AND c.app_id = $2 AND c.email = $3",
    )
    .bind(id.as_str())
    .bind(scope.app_id().as_str())
    .bind(scope.email())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| place(row, scope.app_id())))
}

async fn place_of_agent(
    tx: &mut Transaction<'static, Any>,
    scope: &AgentScope,
    id: &ServiceRequestId,
) -> Result<Option<Place>, StoreError> {
    let row: Option<PlaceRow> = sqlx::query_as(
        "SELECT r.id, r.contact_id, c.email, r.status, r.message_seq, r.seen_seq, r.agent_seen_seq \
         FROM service_requests r JOIN contacts c ON c.id = r.contact_id \
         WHERE r.id = $1 AND r.app_id = $2",
    )
    .bind(id.as_str())
    .bind(scope.app_id().as_str())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| place(row, scope.app_id())))
}

fn place(row: PlaceRow, app_id: &AppId) -> Place {
    Place {
        service_request_id: row.id,
        contact_id: row.contact_id,
        contact: ContactScope::new(app_id.clone(), row.email),
        status: row.status,
        message_seq: row.message_seq,
        seen_seq: row.seen_seq,
        agent_seen_seq: row.agent_seen_seq,
    }
}

async fn load(tx: &mut Transaction<'static, Any>, id: &str) -> Result<StoredServiceRequest, StoreError> {
    let row: ServiceRequestRow =
        sqlx::query_as(service_request_sql!("r.id = $1")).bind(id).fetch_one(&mut **tx).await?;
    service_request(row)
}

async fn find_by_client_id(
    tx: &mut Transaction<'static, Any>,
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

#[expect(clippy::too_many_arguments, reason = "the columns of a row")]
async fn insert_message(
    tx: &mut Transaction<'static, Any>,
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
fn is_same(stored: &StoredMessage, request: &WriteMessageRequest) -> bool {
    stored.body == request.body && stored.attachments.iter().map(|file| &file.id).eq(&request.attachment_ids)
}

/// The first words, or the name of the first file where there are none.
fn subject_of(body: &str, files: &[Attachment]) -> String {
    match files.first() {
        Some(file) if body.trim().is_empty() => subject(&file.name),
        _ => subject(body),
    }
}

/// The first words of the first line that has any: 80 characters at the most, cut between words where possible.
fn subject(body: &str) -> String {
    const MAX_CHARS: usize = 80;
    let line = body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut subject = String::new();
    for word in line.split_whitespace() {
        let space = usize::from(!subject.is_empty());
        if subject.chars().count() + space + word.chars().count() > MAX_CHARS {
            if subject.is_empty() {
                subject.extend(word.chars().take(MAX_CHARS - 1));
            }
            subject.push('…');
            return subject;
        }
        if space == 1 {
            subject.push(' ');
        }
        subject.push_str(word);
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::subject;

    #[test]
    fn a_subject_is_the_first_words() {
        assert_eq!(subject("  My order\tis late.  \nSince Monday."), "My order is late.");
        assert_eq!(subject("\n\n second line"), "second line");
        let long = subject(&"word ".repeat(40));
        assert!(long.ends_with("word…") && long.chars().count() <= 81, "{long}");
        assert_eq!(subject(&"é".repeat(500)).chars().count(), 80);
    }
}
