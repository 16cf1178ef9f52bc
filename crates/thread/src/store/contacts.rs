//! Contacts: a row is written at the first message, never at sign-in.

use super::revisions::{Topic, bump};
use super::{ContactScope, Store, StoreError, Tx};
use crate::crypto::uuid_v7;
use protocol::AppId;

/// Contacts that are read at a time.
pub const CONTACTS_PAGE: i64 = 10_000;

/// What waits for a contact.
#[derive(Clone, Copy, Default)]
pub struct ContactCounts {
    /// Messages of agents that came after what the contact has seen.
    pub unread: u32,
    /// Service requests that are not closed.
    pub open_service_requests: u32,
}

impl Store {
    /// Contacts with a row and a number above `after`, with their numbers, in that order; [`CONTACTS_PAGE`] at the
    /// most.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn contacts_after(&self, after: i64) -> Result<Vec<(i64, ContactScope)>, StoreError> {
        let rows: Vec<(i64, String, String)> = sqlx::query_as(
            "SELECT number, app_id, email FROM contacts WHERE number > $1 ORDER BY number LIMIT $2",
        )
        .bind(after)
        .bind(CONTACTS_PAGE)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(number, app_id, email)| (number, ContactScope::new(AppId(app_id), email)))
            .collect())
    }

    /// What waits for a contact: all zero before the first message.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn contact_counts(&self, scope: &ContactScope) -> Result<ContactCounts, StoreError> {
        let counts: Option<(i64, i64)> = sqlx::query_as(
            "SELECT \
             (SELECT COUNT(*) FROM service_requests r \
              JOIN messages m ON m.service_request_id = r.id AND m.seq > r.seen_seq \
              WHERE r.contact_id = c.id AND m.author = 'agent'), \
             (SELECT COUNT(*) FROM service_requests r WHERE r.contact_id = c.id AND r.status = 'open') \
             FROM contacts c WHERE c.app_id = $1 AND c.email = $2",
        )
        .bind(scope.app_id().as_str())
        .bind(scope.email())
        .fetch_optional(&self.reader)
        .await?;
        let (unread, open) = counts.unwrap_or_default();
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(ContactCounts { unread: count(unread), open_service_requests: count(open) })
    }
}

/// The contact's row; makes it if this is the first message. `None` if the app was deleted meanwhile.
pub(super) async fn find_or_create(
    tx: &mut Tx,
    scope: &ContactScope,
    now_ms: i64,
) -> Result<Option<String>, StoreError> {
    if let Some(id) = find(tx, scope).await? {
        return Ok(Some(id));
    }
    let number = bump(tx, Topic::Contacts).await?;
    // Sockets and cursors of a row that was deleted must not fit the new one. Each event counts for its app as well, so
    // no number of a contact is above twice its app's: what comes now is above all that was given out, with a gap.
    sqlx::query(
        "INSERT INTO contacts (id, app_id, email, number, event_seq, start_seq, created_at) \
         SELECT $1, a.id, $3, $4, a.start, a.start, $5 FROM \
         (SELECT id, CASE WHEN event_seq = 0 THEN 0 ELSE 2 * event_seq + 1 END AS start FROM apps WHERE id = $2) a \
         WHERE true ON CONFLICT (app_id, email) DO NOTHING",
    )
    .bind(uuid_v7(now_ms))
    .bind(scope.app_id().as_str())
    .bind(scope.email())
    .bind(number)
    .bind(now_ms)
    .execute(&mut **tx)
    .await?;
    find(tx, scope).await
}

/// The contact's row, if there is one.
pub(super) async fn find(tx: &mut Tx, scope: &ContactScope) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = sqlx::query_as("SELECT id FROM contacts WHERE app_id = $1 AND email = $2")
        .bind(scope.app_id().as_str())
        .bind(scope.email())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.map(|(id,)| id))
}
