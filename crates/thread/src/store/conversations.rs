//! Writing: service requests are raised, answered, closed and read.

use super::events::{EventKind, append};
use super::message_rows::{Writer, find_by_client_id, insert_message, is_same};
use super::model::{ServiceRequestRow, message_columns, service_request, service_request_sql};
use super::place::{Place, place_of_agent, place_of_contact};
use super::subject::subject_of;
use super::transaction::retried;
use super::{
    AgentScope, ContactScope, Store, StoreError, StoredEvent, StoredMessage, StoredServiceRequest, Tx,
    Uploader, attachments, contacts, webhook_outbox,
};
use crate::crypto::uuid_v7;
use protocol::ServiceRequestId;
use protocol::conversation::WriteMessageRequest;
use protocol::webhook::{MessageData, ServiceRequestData, WebhookEvent};
use protocol::wire::{Author, Status, User};

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
        retried!(self.try_raise(scope, request, now_ms))
    }

    async fn try_raise(
        &self,
        scope: &ContactScope,
        request: &WriteMessageRequest,
        now_ms: i64,
    ) -> Result<Option<Outcome<StoredServiceRequest>>, StoreError> {
        let mut tx = self.begin_for(scope.app_id()).await?;
        let Some(contact_id) = contacts::find_or_create(&mut tx, scope, now_ms).await? else {
            return Ok(None);
        };
        if let Some((id, stored)) = find_by_client_id(&mut tx, &contact_id, &request.client_id).await? {
            if stored.seq != 1 || !is_same(&stored, request) {
                return Ok(Some(Outcome::Conflict));
            }
            let mut raised = load(&mut tx, &id).await?;
            raised.last_message = stored;
            // What it found may be of the same batch, and not durable yet.
            tx.commit().await?;
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
        retried!(self.try_write_as_contact(scope, id, request, now_ms))
    }

    async fn try_write_as_contact(
        &self,
        scope: &ContactScope,
        id: &ServiceRequestId,
        request: &WriteMessageRequest,
        now_ms: i64,
    ) -> Result<Option<Outcome<StoredMessage>>, StoreError> {
        let mut tx = self.begin_for(scope.app_id()).await?;
        let place = place_of_contact(&mut tx, scope, id, Some(&request.client_id)).await?;
        let Some(place) = place else { return Ok(None) };
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
        retried!(self.try_write_as_agent(scope, id, agent_name, request, now_ms))
    }

    async fn try_write_as_agent(
        &self,
        scope: &AgentScope,
        id: &ServiceRequestId,
        agent_name: Option<&str>,
        request: &WriteMessageRequest,
        now_ms: i64,
    ) -> Result<Option<Outcome<StoredMessage>>, StoreError> {
        let mut tx = self.begin_for(scope.app_id()).await?;
        let place = place_of_agent(&mut tx, scope, id, Some(&request.client_id)).await?;
        let Some(place) = place else { return Ok(None) };
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
        retried!(self.try_set_status(scope, id, status, now_ms))
    }

    async fn try_set_status(
        &self,
        scope: &AgentScope,
        id: &ServiceRequestId,
        status: Status,
        now_ms: i64,
    ) -> Result<Option<Written<StoredServiceRequest>>, StoreError> {
        let mut tx = self.begin_for(scope.app_id()).await?;
        let Some(place) = place_of_agent(&mut tx, scope, id, None).await? else { return Ok(None) };
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
        retried!(self.try_mark_read_as_contact(scope, id, seq))
    }

    async fn try_mark_read_as_contact(
        &self,
        scope: &ContactScope,
        id: &ServiceRequestId,
        seq: i64,
    ) -> Result<Option<Written<()>>, StoreError> {
        let mut tx = self.begin_for(scope.app_id()).await?;
        match place_of_contact(&mut tx, scope, id, None).await? {
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
        retried!(self.try_mark_read_as_agent(scope, id, seq))
    }

    async fn try_mark_read_as_agent(
        &self,
        scope: &AgentScope,
        id: &ServiceRequestId,
        seq: i64,
    ) -> Result<Option<Written<()>>, StoreError> {
        let mut tx = self.begin_for(scope.app_id()).await?;
        match place_of_agent(&mut tx, scope, id, None).await? {
            Some(place) => mark_read(tx, place, Author::Agent, seq).await.map(Some),
            None => Ok(None),
        }
    }
}

async fn write(
    mut tx: Tx,
    place: Place,
    writer: Writer<'_>,
    uploader: Uploader<'_>,
    client_scope: &str,
    request: &WriteMessageRequest,
    now_ms: i64,
) -> Result<Outcome<StoredMessage>, StoreError> {
    let id = &place.service_request_id;
    if place.is_sent_before
        && let Some((stored_in, stored)) =
            find_by_client_id(&mut tx, client_scope, &request.client_id).await?
    {
        let same = stored_in == *id && is_same(&stored, request);
        // What it found may be of the same batch, and not durable yet.
        tx.commit().await?;
        return Ok(if same { Outcome::Again(stored) } else { Outcome::Conflict });
    }
    let Some(files) = attachments::waiting(&mut tx, uploader, &request.attachment_ids).await? else {
        return Ok(Outcome::NoAttachment);
    };
    // Whoever writes has seen what is there; a contact wants an answer, too.
    let numbered = match writer {
        Writer::Contact => {
            "UPDATE service_requests SET message_seq = message_seq + 1, seen_seq = message_seq + 1, status = 'open', \
             updated_at = $2 WHERE id = $1 RETURNING message_seq"
        }
        Writer::Agent(_) => {
            "UPDATE service_requests SET message_seq = message_seq + 1, agent_seen_seq = message_seq + 1, \
             updated_at = $2 WHERE id = $1 RETURNING message_seq"
        }
    };
    let (seq,): (i64,) = sqlx::query_as(numbered).bind(id).bind(now_ms).fetch_one(&mut *tx).await?;
    let stored = insert_message(&mut tx, id, seq, writer, client_scope, request, files, now_ms).await?;
    let kind = EventKind::Message(ServiceRequestId(id.clone()), stored.clone());
    let mut events = vec![append(&mut tx, &place.contact_id, id, kind).await?];
    let app_id = place.contact.app_id();
    if place.has_webhooks {
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
    }
    if writer.author() == Author::Contact && place.status != Status::Open.as_str() {
        let reopened = load(&mut tx, id).await?;
        let told = WebhookEvent::StatusChanged(service_request_data(&reopened));
        events.push(append(&mut tx, &place.contact_id, id, EventKind::ServiceRequest(reopened)).await?);
        if place.has_webhooks {
            webhook_outbox::tell(&mut tx, app_id, told, now_ms).await?;
        }
    }
    tx.commit().await?;
    Ok(Outcome::Stored(Written { value: stored, contact: place.contact, events }))
}

/// What webhooks tell of a service request.
fn service_request_data(stored: &StoredServiceRequest) -> ServiceRequestData {
    ServiceRequestData { service_request: stored.to_wire(Author::Agent) }
}

/// No event if that side had read so far before.
async fn mark_read(mut tx: Tx, place: Place, reader: Author, seq: i64) -> Result<Written<()>, StoreError> {
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
    }
    tx.commit().await?;
    Ok(Written { value: (), contact: place.contact, events })
}

async fn load(tx: &mut Tx, id: &str) -> Result<StoredServiceRequest, StoreError> {
    let row: ServiceRequestRow =
        sqlx::query_as(service_request_sql!("r.id = $1")).bind(id).fetch_one(&mut **tx).await?;
    service_request(row)
}
