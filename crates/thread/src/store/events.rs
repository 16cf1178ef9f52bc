//! What a contact's sockets are told, in order, kept for catching up after a break.

use super::model::{ServiceRequestRow, message, service_request, service_request_sql};
use super::{ContactScope, Store, StoreError, StoredMessage, StoredServiceRequest};
use protocol::ServiceRequestId;
use sqlx::{Any, Transaction};
use std::collections::HashMap;

/// Most events that are sent one by one after a break.
pub const MAX_MISSED: usize = 200;

/// One event of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its place among the contact's events: 1, 2, 3, …
    pub seq: i64,
    /// What happened.
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A message was written.
    Message(ServiceRequestId, StoredMessage),
    /// A service request was raised or changed its status; as it is now.
    ServiceRequest(StoredServiceRequest),
}

/// What a contact missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missed {
    /// All of it, in order.
    Events(Vec<StoredEvent>),
    /// More than [`MAX_MISSED`], or a cursor that was never given out: the lists must be fetched anew.
    TooMuch,
}

type EventRow =
    (i64, String, Option<String>, Option<i64>, Option<String>, Option<String>, Option<String>, Option<i64>);

impl Store {
    /// The `seq` of the contact's newest event; 0 if there is none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn event_seq(&self, scope: &ContactScope) -> Result<i64, StoreError> {
        let row: Option<(i64,)> =
            sqlx::query_as("SELECT event_seq FROM contacts WHERE app_id = $1 AND email = $2")
                .bind(scope.app_id().as_str())
                .bind(scope.email())
                .fetch_optional(&self.reader)
                .await?;
        Ok(row.map_or(0, |(seq,)| seq))
    }

    /// The contact's events after `after`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn missed_events(&self, scope: &ContactScope, after: i64) -> Result<Missed, StoreError> {
        if after < 0 || after > self.event_seq(scope).await? {
            return Ok(Missed::TooMuch);
        }
        let rows: Vec<EventRow> = sqlx::query_as(
            "SELECT e.seq, e.service_request_id, m.id, m.seq, m.author, m.client_id_hex, m.body, m.created_at \
             FROM contacts c JOIN events e ON e.contact_id = c.id LEFT JOIN messages m ON m.id = e.message_id \
             WHERE c.app_id = $1 AND c.email = $2 AND e.seq > $3 ORDER BY e.seq LIMIT $4",
        )
        .bind(scope.app_id().as_str())
        .bind(scope.email())
        .bind(after)
        .bind(i64::try_from(MAX_MISSED + 1).unwrap_or(i64::MAX))
        .fetch_all(&self.reader)
        .await?;
        if rows.len() > MAX_MISSED {
            return Ok(Missed::TooMuch);
        }
        let changed = self.changed_service_requests(scope, after).await?;
        rows.into_iter().map(|row| event(row, &changed)).collect::<Result<_, _>>().map(Missed::Events)
    }

    async fn changed_service_requests(
        &self,
        scope: &ContactScope,
        after: i64,
    ) -> Result<HashMap<String, StoredServiceRequest>, StoreError> {
        let rows: Vec<ServiceRequestRow> = sqlx::query_as(service_request_sql!(
            "c.app_id = $1 AND c.email = $2 AND r.id IN (SELECT e.service_request_id FROM events e \
             WHERE e.contact_id = c.id AND e.seq > $3 AND e.message_id IS NULL)"
        ))
        .bind(scope.app_id().as_str())
        .bind(scope.email())
        .bind(after)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(|row| Ok((row.0.clone(), service_request(row)?))).collect()
    }
}

fn event(row: EventRow, changed: &HashMap<String, StoredServiceRequest>) -> Result<StoredEvent, StoreError> {
    let (seq, service_request_id, id, m_seq, author, client_id, body, created_at) = row;
    let kind = match (id, m_seq, author, client_id, body, created_at) {
        (Some(id), Some(m_seq), Some(author), Some(client_id), Some(body), Some(created_at)) => {
            EventKind::Message(
                ServiceRequestId(service_request_id),
                message((id, m_seq, author, client_id, body, created_at))?,
            )
        }
        _ => EventKind::ServiceRequest(
            changed.get(&service_request_id).cloned().ok_or(StoreError::Corrupt("event"))?,
        ),
    };
    Ok(StoredEvent { seq, kind })
}

/// Adds an event in the transaction that causes it; its `seq`.
pub(super) async fn append(
    tx: &mut Transaction<'static, Any>,
    contact_id: &str,
    service_request_id: &str,
    message_id: Option<&str>,
) -> Result<i64, StoreError> {
    let (seq,): (i64,) =
        sqlx::query_as("UPDATE contacts SET event_seq = event_seq + 1 WHERE id = $1 RETURNING event_seq")
            .bind(contact_id)
            .fetch_one(&mut **tx)
            .await?;
    sqlx::query(
        "INSERT INTO events (contact_id, seq, service_request_id, message_id) VALUES ($1, $2, $3, $4)",
    )
    .bind(contact_id)
    .bind(seq)
    .bind(service_request_id)
    .bind(message_id)
    .execute(&mut **tx)
    .await?;
    Ok(seq)
}
