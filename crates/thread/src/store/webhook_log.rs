//! What became of deliveries, as operators see it, and sending one of them again.

use super::webhook_outbox::{Attempt, DELIVERED, GIVEN_UP, LOGGED_MS};
use super::webhooks::StoredWebhook;
use super::{Store, StoreError};

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It waits for its first try, or another.
    Waiting,
    /// The receiver has it.
    Delivered,
    /// It was tried for too long.
    GivenUp,
}

impl DeliveryState {
    /// As the command line names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => DELIVERED,
            Self::GivenUp => GIVEN_UP,
        }
    }
}

/// A line of the log.
#[derive(Clone, Debug)]
pub struct StoredDelivery {
    /// Its identifier, the `webhook-id`.
    pub id: String,
    /// Type of its event.
    pub event_type: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// When its event happened, Unix milliseconds.
    pub created_at: i64,
    /// When it is tried next, Unix milliseconds.
    pub next_at: Option<i64>,
    /// Its tries, oldest first.
    pub attempts: Vec<Attempt>,
}

/// How a webhook does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WebhookCounts {
    /// Waiting for a try.
    pub waiting: i64,
    /// When the event of the oldest of them happened, Unix milliseconds.
    pub waiting_since: Option<i64>,
    /// Delivered, of those in the log.
    pub delivered: i64,
    /// Given up, of those in the log.
    pub given_up: i64,
}

impl Store {
    /// A webhook's log, newest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn deliveries(
        &self,
        webhook_id: &str,
        state: Option<DeliveryState>,
        most: i64,
    ) -> Result<Vec<StoredDelivery>, StoreError> {
        type Row = (String, String, i64, Option<i64>, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, type, created_at, next_at, outcome FROM webhook_deliveries WHERE webhook_id = $1 \
             AND ($2 = '' OR COALESCE(outcome, 'waiting') = $2) ORDER BY seq DESC LIMIT $3",
        )
        .bind(webhook_id)
        .bind(state.map_or("", DeliveryState::as_str))
        .bind(most)
        .fetch_all(&self.reader)
        .await?;
        let mut deliveries = Vec::with_capacity(rows.len());
        for (id, event_type, created_at, next_at, outcome) in rows {
            let state = match outcome.as_deref() {
                None => DeliveryState::Waiting,
                Some(DELIVERED) => DeliveryState::Delivered,
                Some(_) => DeliveryState::GivenUp,
            };
            let attempts = self.attempts_of(&id).await?;
            deliveries.push(StoredDelivery { id, event_type, state, created_at, next_at, attempts });
        }
        Ok(deliveries)
    }

    async fn attempts_of(&self, delivery_id: &str) -> Result<Vec<Attempt>, StoreError> {
        let rows: Vec<(i64, i64, Option<i64>, Option<String>)> = sqlx::query_as(
            "SELECT started_at, took_ms, status, fault FROM webhook_attempts WHERE delivery_id = $1 ORDER BY started_at",
        )
        .bind(delivery_id)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(started_at, took_ms, status, fault)| Attempt { started_at, took_ms, status, fault })
            .collect())
    }

    /// How a webhook does.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn webhook_counts(&self, webhook: &StoredWebhook) -> Result<WebhookCounts, StoreError> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT COALESCE(outcome, 'waiting'), COUNT(*), MIN(created_at) FROM webhook_deliveries \
             WHERE webhook_id = $1 GROUP BY COALESCE(outcome, 'waiting')",
        )
        .bind(&webhook.id)
        .fetch_all(&self.reader)
        .await?;
        let mut counts = WebhookCounts::default();
        for (state, number, oldest) in rows {
            match state.as_str() {
                DELIVERED => counts.delivered = number,
                GIVEN_UP => counts.given_up = number,
                _ => {
                    counts.waiting = number;
                    counts.waiting_since = Some(oldest);
                }
            }
        }
        Ok(counts)
    }

    /// Has a settled or waiting delivery sent again, now, under the same `webhook-id`. It is out of order then, and
    /// holds nothing up. `None` if there is none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn redeliver(&self, delivery_id: &str, now_ms: i64) -> Result<Option<()>, StoreError> {
        let mut tx = self.begin().await?;
        let queued = sqlx::query(
            "UPDATE webhook_deliveries SET lane = id, next_at = $2, queued_at = $2, attempts = 0, outcome = NULL, \
             settled_at = NULL, claim = NULL, claimed_until = NULL WHERE id = $1",
        )
        .bind(delivery_id)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok((queued.rows_affected() == 1).then_some(()))
    }

    /// Has all that a webhook gave up sent again, in order; how many.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn redeliver_given_up(&self, webhook_id: &str, now_ms: i64) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let queued = sqlx::query(
            "UPDATE webhook_deliveries SET next_at = $2, queued_at = $2, attempts = 0, outcome = NULL, \
             settled_at = NULL, claim = NULL, claimed_until = NULL WHERE webhook_id = $1 AND outcome = 'given_up'",
        )
        .bind(webhook_id)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(queued.rows_affected())
    }

    /// Takes old lines out of the log.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn prune_deliveries(&self, now_ms: i64) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let pruned = sqlx::query("DELETE FROM webhook_deliveries WHERE settled_at <= $1")
            .bind(now_ms - LOGGED_MS)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(pruned.rows_affected())
    }
}
