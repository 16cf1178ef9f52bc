//! What is deleted in time: closed service requests, contacts without any, and events that nobody can ask for.

use super::{Store, StoreError};

/// Rows of a transaction at the most, so that other writes wait for none of them long.
const ROWS_AT_A_TIME: i64 = 200;

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Closed service requests, with their messages.
    pub service_requests: u64,
    /// Contacts that had no service request any more.
    pub contacts: u64,
    /// Events that sockets would have been sent after a long break.
    pub events: u64,
}

impl Store {
    /// Deletes service requests that are closed and did not change after `before_ms`, contacts that are as old and have
    /// none, and all events of an app but the newest `keep_events`. Attachments follow: what no message carries any
    /// more is swept away by the running service.
    ///
    /// # Errors
    /// If the database fails; what was deleted until then stays deleted.
    pub async fn prune(&self, before_ms: i64, keep_events: i64) -> Result<Pruned, StoreError> {
        let service_requests = self
            .delete_in_steps(
                "DELETE FROM service_requests WHERE id IN (SELECT id FROM service_requests \
                 WHERE status = 'closed' AND updated_at <= $1 ORDER BY updated_at LIMIT $2)",
                before_ms,
            )
            .await?;
        let contacts = self
            .delete_in_steps(
                "DELETE FROM contacts WHERE id IN (SELECT c.id FROM contacts c WHERE c.created_at <= $1 \
                 AND NOT EXISTS (SELECT 1 FROM service_requests r WHERE r.contact_id = c.id) LIMIT $2)",
                before_ms,
            )
            .await?;
        let mut events = 0;
        for (app_id, head) in self.event_heads().await? {
            loop {
                let mut tx = self.begin_for(&app_id).await?;
                let deleted = sqlx::query(
                    "DELETE FROM events WHERE app_id = $1 AND app_seq IN (SELECT app_seq FROM events \
                     WHERE app_id = $1 AND app_seq <= $2 ORDER BY app_seq LIMIT $3)",
                )
                .bind(app_id.as_str())
                .bind(head - keep_events)
                .bind(ROWS_AT_A_TIME)
                .execute(&mut *tx)
                .await?
                .rows_affected();
                tx.commit().await?;
                events += deleted;
                if deleted == 0 {
                    break;
                }
            }
        }
        Ok(Pruned { service_requests, contacts, events })
    }

    async fn delete_in_steps(&self, sql: &'static str, before_ms: i64) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let mut tx = self.begin().await?;
            let deleted = sqlx::query(sql)
                .bind(before_ms)
                .bind(ROWS_AT_A_TIME)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            tx.commit().await?;
            total += deleted;
            if deleted == 0 {
                return Ok(total);
            }
        }
    }
}
