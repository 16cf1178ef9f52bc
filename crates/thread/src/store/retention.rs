//! What is deleted in time: closed service requests, contacts without any, and events that nobody can ask for.
//!
//! What is to go is looked for by a reader, which holds nobody up, and deleted a few rows at a time in the order of its
//! app's writes: what was opened again, or written to, in between stays.

use super::{Store, StoreError};
use protocol::AppId;
use std::collections::HashMap;

/// Rows of a transaction at the most, so that other writes wait for none of them long.
const ROWS_AT_A_TIME: i64 = 200;

/// Events that are kept of each app, unless another number is asked for.
pub const KEPT_EVENTS: u32 = 100_000;

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
    pub async fn prune(&self, before_ms: i64, keep_events: u32) -> Result<Pruned, StoreError> {
        Ok(Pruned {
            service_requests: self.prune_service_requests(before_ms).await?,
            contacts: self.prune_contacts(before_ms).await?,
            events: self.prune_events(keep_events.into()).await?,
        })
    }

    async fn prune_service_requests(&self, before_ms: i64) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let old: Vec<(String, String)> = sqlx::query_as(
                "SELECT app_id, id FROM service_requests WHERE status = 'closed' AND updated_at <= $1 \
                 ORDER BY updated_at LIMIT $2",
            )
            .bind(before_ms)
            .bind(ROWS_AT_A_TIME)
            .fetch_all(&self.reader)
            .await?;
            let deleted = self
                .delete(
                    by_app(old),
                    "DELETE FROM service_requests WHERE id = $1 AND status = 'closed' AND updated_at <= $2",
                    before_ms,
                )
                .await?;
            total += deleted;
            if deleted == 0 {
                return Ok(total);
            }
        }
    }

    async fn prune_contacts(&self, before_ms: i64) -> Result<u64, StoreError> {
        let (mut total, mut after) = (0, 0);
        loop {
            let idle: Vec<(i64, String, String)> = sqlx::query_as(
                "SELECT c.number, c.app_id, c.id FROM contacts c WHERE c.number > $1 AND c.created_at <= $2 \
                 AND NOT EXISTS (SELECT 1 FROM service_requests r WHERE r.contact_id = c.id) \
                 ORDER BY c.number LIMIT $3",
            )
            .bind(after)
            .bind(before_ms)
            .bind(ROWS_AT_A_TIME)
            .fetch_all(&self.reader)
            .await?;
            let Some((last, ..)) = idle.last() else { return Ok(total) };
            after = *last;
            total += self
                .delete(
                    by_app(idle.into_iter().map(|(_, app_id, id)| (app_id, id))),
                    "DELETE FROM contacts WHERE id = $1 AND created_at <= $2 \
                     AND NOT EXISTS (SELECT 1 FROM service_requests r WHERE r.contact_id = contacts.id)",
                    before_ms,
                )
                .await?;
        }
    }

    async fn prune_events(&self, keep: i64) -> Result<u64, StoreError> {
        let mut total = 0;
        for (app_id, head) in self.event_heads().await? {
            loop {
                let mut tx = self.begin_for(&app_id).await?;
                let deleted = sqlx::query(
                    "DELETE FROM events WHERE app_id = $1 AND app_seq IN (SELECT app_seq FROM events \
                     WHERE app_id = $1 AND app_seq <= $2 ORDER BY app_seq LIMIT $3)",
                )
                .bind(app_id.as_str())
                .bind(head - keep)
                .bind(ROWS_AT_A_TIME)
                .execute(&mut *tx)
                .await?
                .rows_affected();
                tx.commit().await?;
                total += deleted;
                if deleted == 0 {
                    break;
                }
            }
        }
        Ok(total)
    }

    /// Deletes rows one by one, a transaction an app: each is looked at again in the order of its app's writes.
    async fn delete(
        &self,
        rows: HashMap<AppId, Vec<String>>,
        sql: &'static str,
        before_ms: i64,
    ) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for (app_id, ids) in rows {
            let mut tx = self.begin_for(&app_id).await?;
            for id in ids {
                deleted += sqlx::query(sql).bind(id).bind(before_ms).execute(&mut *tx).await?.rows_affected();
            }
            tx.commit().await?;
        }
        Ok(deleted)
    }
}

fn by_app(rows: impl IntoIterator<Item = (String, String)>) -> HashMap<AppId, Vec<String>> {
    let mut ids: HashMap<AppId, Vec<String>> = HashMap::new();
    for (app_id, id) in rows {
        ids.entry(AppId(app_id)).or_default().push(id);
    }
    ids
}
