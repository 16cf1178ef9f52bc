//! What sockets are told, in order, kept for catching up after a break. An event has two numbers: one among its
//! contact's, for the contact's sockets, and one among its app's, for agents'.

use super::model::{
    MessageRow, ServiceRequestRow, author_text, message, message_columns, message_sql, parse_author,
    service_request, service_request_sql,
};
use super::{AgentScope, ContactScope, Store, StoreError, StoredMessage, StoredServiceRequest, Tx};
use protocol::wire::Author;
use protocol::{AppId, ServiceRequestId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Most events that are sent one by one after a break.
pub const MAX_MISSED: usize = 200;

/// Most events that are looked through at a time for what other nodes did.
const MAX_POLLED: i64 = 1_000;

/// Where a contact's events stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactHead {
    /// Who.
    pub contact: ContactScope,
    /// The newest among the contact's.
    pub seq: i64,
    /// The same among the app's.
    pub app_seq: i64,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredEvent {
    /// Its place among the contact's events, each one above the last; the first is 1 only where the app had none.
    pub seq: i64,
    /// Its place among the app's events: 1, 2, 3, …
    pub app_seq: i64,
    /// What happened.
    pub kind: EventKind,
}

impl StoredEvent {
    /// Its place among the events that this side's sockets are told.
    pub const fn seq_for(&self, viewer: Author) -> i64 {
        match viewer {
            Author::Contact => self.seq,
            Author::Agent => self.app_seq,
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventKind {
    /// A message was written.
    Message(ServiceRequestId, StoredMessage),
    /// A service request was raised or changed its status; as it is now.
    ServiceRequest(StoredServiceRequest),
    /// A side has read up to this `seq`.
    Read(ServiceRequestId, Author, i64),
}

/// What a socket missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missed {
    /// All of it, in order.
    Events(Vec<StoredEvent>),
    /// More than [`MAX_MISSED`], some of it deleted, or a cursor that was never given out: the lists must be fetched
    /// anew.
    TooMuch,
}

/// Whose events.
#[derive(Clone, Copy, Debug)]
pub enum EventScope<'a> {
    /// One contact's.
    Contact(&'a ContactScope),
    /// All of an app's.
    App(&'a AgentScope),
}

#[derive(sqlx::FromRow)]
struct EventRow {
    seq: i64,
    app_seq: Option<i64>,
    service_request_id: String,
    message_id: Option<String>,
    read_by: Option<String>,
    read_seq: Option<i64>,
}

impl EventRow {
    fn seq_in(&self, scope: EventScope<'_>) -> Option<i64> {
        match scope {
            EventScope::Contact(_) => Some(self.seq),
            EventScope::App(_) => self.app_seq,
        }
    }
}

/// `e` with its contact `c`: of one contact (app `$1`, address `$2`), or of an app (`$1`, and `$2` empty), after `$3`.
macro_rules! missed_sql {
    (contact, $head:expr, $tail:literal) => {
        concat!(
            $head,
            " FROM events e JOIN contacts c ON c.id = e.contact_id \
             WHERE c.app_id = $1 AND c.email = $2 AND e.seq > $3 ",
            $tail
        )
    };
    (app, $head:expr, $tail:literal) => {
        concat!($head, " FROM events e WHERE e.app_id = $1 AND $2 = '' AND e.app_seq > $3 ", $tail)
    };
}

const COLUMNS_OF_CONTACT: &str = missed_sql!(
    contact,
    "SELECT e.seq, e.app_seq, e.service_request_id, e.message_id, e.read_by, e.read_seq",
    "ORDER BY e.seq LIMIT $4"
);
const COLUMNS_OF_APP: &str = missed_sql!(
    app,
    "SELECT e.seq, e.app_seq, e.service_request_id, e.message_id, e.read_by, e.read_seq",
    "ORDER BY e.app_seq LIMIT $4"
);
const MESSAGES_OF_CONTACT: &str = concat!(
    message_sql!("WHERE m.id IN ("),
    missed_sql!(contact, "SELECT e.message_id", "AND e.message_id IS NOT NULL)")
);
const MESSAGES_OF_APP: &str = concat!(
    message_sql!("WHERE m.id IN ("),
    missed_sql!(app, "SELECT e.message_id", "AND e.message_id IS NOT NULL)")
);
const REQUESTS_OF_CONTACT: &str = concat!(
    service_request_sql!("r.id IN ("),
    missed_sql!(contact, "SELECT e.service_request_id", "AND e.message_id IS NULL AND e.read_by IS NULL)")
);
const REQUESTS_OF_APP: &str = concat!(
    service_request_sql!("r.id IN ("),
    missed_sql!(app, "SELECT e.service_request_id", "AND e.message_id IS NULL AND e.read_by IS NULL)")
);

impl EventScope<'_> {
    fn keys(&self) -> (&str, &str) {
        match self {
            Self::Contact(scope) => (scope.app_id().as_str(), scope.email()),
            Self::App(scope) => (scope.app_id().as_str(), ""),
        }
    }
}

impl Store {
    /// The number of the newest event; 0 if there is none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn event_seq(&self, scope: EventScope<'_>) -> Result<i64, StoreError> {
        self.event_range(scope).await.map(|(_, head)| head)
    }

    /// The number before the first event there ever was, and that of the newest.
    async fn event_range(&self, scope: EventScope<'_>) -> Result<(i64, i64), StoreError> {
        let sql = match scope {
            EventScope::Contact(_) => {
                "SELECT start_seq, event_seq FROM contacts WHERE app_id = $1 AND email = $2"
            }
            EventScope::App(_) => "SELECT CAST(0 AS BIGINT), event_seq FROM apps WHERE id = $1 AND $2 = ''",
        };
        let (app_id, email) = scope.keys();
        let range: Option<(i64, i64)> =
            sqlx::query_as(sql).bind(app_id).bind(email).fetch_optional(&self.reader).await?;
        Ok(range.unwrap_or_default())
    }

    /// Where the events of each app stand that has any.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn event_heads(&self) -> Result<Vec<(AppId, i64)>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as("SELECT id, event_seq FROM apps WHERE event_seq > 0")
            .fetch_all(&self.reader)
            .await?;
        Ok(rows.into_iter().map(|(id, head)| (AppId(id), head)).collect())
    }

    /// The contacts with events after the app's number `after`, and where they stand; `None` if there are too many.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn contacts_with_events(
        &self,
        app_id: &AppId,
        after: i64,
    ) -> Result<Option<Vec<ContactHead>>, StoreError> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT c.email, e.seq, e.app_seq FROM events e JOIN contacts c ON c.id = e.contact_id \
             WHERE e.app_id = $1 AND e.app_seq > $2 ORDER BY e.app_seq LIMIT $3",
        )
        .bind(app_id.as_str())
        .bind(after)
        .bind(MAX_POLLED + 1)
        .fetch_all(&self.reader)
        .await?;
        if i64::try_from(rows.len()).unwrap_or(i64::MAX) > MAX_POLLED {
            return Ok(None);
        }
        let mut heads: HashMap<String, ContactHead> = HashMap::new();
        for (email, seq, app_seq) in rows {
            let contact = ContactScope::new(app_id.clone(), email.clone());
            heads.insert(email, ContactHead { contact, seq, app_seq });
        }
        Ok(Some(heads.into_values().collect()))
    }

    /// The events after `after`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn missed_events(&self, scope: EventScope<'_>, after: i64) -> Result<Missed, StoreError> {
        let (start, head) = self.event_range(scope).await?;
        if after < 0 || after > head {
            return Ok(Missed::TooMuch);
        }
        // Who stood before everything has missed what the row begins with.
        let after = if after == 0 { start } else { after };
        let (columns, messages, requests) = match scope {
            EventScope::Contact(_) => (COLUMNS_OF_CONTACT, MESSAGES_OF_CONTACT, REQUESTS_OF_CONTACT),
            EventScope::App(_) => (COLUMNS_OF_APP, MESSAGES_OF_APP, REQUESTS_OF_APP),
        };
        let (app_id, email) = scope.keys();
        let rows: Vec<EventRow> = sqlx::query_as(columns)
            .bind(app_id)
            .bind(email)
            .bind(after)
            .bind(i64::try_from(MAX_MISSED + 1).unwrap_or(i64::MAX))
            .fetch_all(&self.reader)
            .await?;
        // Old events are deleted in time, and others with the service request that they were of.
        let is_whole = i64::try_from(rows.len()).is_ok_and(|found| found >= head - after)
            && rows.iter().zip(after + 1..).all(|(row, seq)| row.seq_in(scope) == Some(seq));
        if rows.len() > MAX_MISSED || !is_whole {
            return Ok(Missed::TooMuch);
        }
        let messages: Vec<MessageRow> =
            sqlx::query_as(messages).bind(app_id).bind(email).bind(after).fetch_all(&self.reader).await?;
        let messages: HashMap<String, StoredMessage> = messages
            .into_iter()
            .map(|row| message(row).map(|message| (message.id.0.clone(), message)))
            .collect::<Result<_, _>>()?;
        let requests: Vec<ServiceRequestRow> =
            sqlx::query_as(requests).bind(app_id).bind(email).bind(after).fetch_all(&self.reader).await?;
        let requests: HashMap<String, StoredServiceRequest> = requests
            .into_iter()
            .map(|row| service_request(row).map(|request| (request.id.0.clone(), request)))
            .collect::<Result<_, _>>()?;
        rows.into_iter()
            .map(|row| event(row, &messages, &requests))
            .collect::<Result<_, _>>()
            .map(Missed::Events)
    }
}

fn event(
    row: EventRow,
    messages: &HashMap<String, StoredMessage>,
    requests: &HashMap<String, StoredServiceRequest>,
) -> Result<StoredEvent, StoreError> {
    let corrupt = || StoreError::Corrupt("event");
    let kind = match (row.message_id, row.read_by, row.read_seq) {
        (Some(id), ..) => EventKind::Message(
            ServiceRequestId(row.service_request_id),
            messages.get(&id).cloned().ok_or_else(corrupt)?,
        ),
        (None, Some(author), Some(seq)) => {
            EventKind::Read(ServiceRequestId(row.service_request_id), parse_author(&author)?, seq)
        }
        _ => EventKind::ServiceRequest(requests.get(&row.service_request_id).cloned().ok_or_else(corrupt)?),
    };
    Ok(StoredEvent { seq: row.seq, app_seq: row.app_seq.unwrap_or(0), kind })
}

/// Adds an event in the transaction that causes it.
pub(super) async fn append(
    tx: &mut Tx,
    contact_id: &str,
    service_request_id: &str,
    kind: EventKind,
) -> Result<StoredEvent, StoreError> {
    let (message_id, read) = match &kind {
        EventKind::Message(_, message) => (Some(message.id.as_str()), None),
        EventKind::ServiceRequest(_) => (None, None),
        EventKind::Read(_, author, seq) => (None, Some((author_text(*author), *seq))),
    };
    let (seq, app_id): (i64, String) = sqlx::query_as(
        "UPDATE contacts SET event_seq = event_seq + 1 WHERE id = $1 RETURNING event_seq, app_id",
    )
    .bind(contact_id)
    .fetch_one(&mut **tx)
    .await?;
    let (app_seq,): (i64,) =
        sqlx::query_as("UPDATE apps SET event_seq = event_seq + 1 WHERE id = $1 RETURNING event_seq")
            .bind(&app_id)
            .fetch_one(&mut **tx)
            .await?;
    sqlx::query(
        "INSERT INTO events (contact_id, seq, service_request_id, message_id, app_id, app_seq, read_by, read_seq) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(contact_id)
    .bind(seq)
    .bind(service_request_id)
    .bind(message_id)
    .bind(&app_id)
    .bind(app_seq)
    .bind(read.map(|(author, _)| author))
    .bind(read.map(|(_, seq)| seq))
    .execute(&mut **tx)
    .await?;
    Ok(StoredEvent { seq, app_seq, kind })
}
