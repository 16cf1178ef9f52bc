//! What webhooks are to send, written in the transaction of the event itself, and what became of it.
//!
//! A delivery is taken by whichever node claims it, for a while: a node that dies leaves it to the next. Within a lane
//! (a service request, or the app's secrets) one is sent after the other; lanes do not wait for each other.

use super::webhooks::parse_events;
use super::{Store, StoreError, Tx};
use crate::clock::rfc3339;
use crate::crypto::{random_id, uuid_v7};
use protocol::AppId;
use protocol::webhook::{Webhook, WebhookEvent};

/// Where secrets' events queue.
const SECRETS_LANE: &str = "secrets";
/// How long a settled delivery stays in the log.
pub(super) const LOGGED_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
pub(super) const DELIVERED: &str = "delivered";
pub(super) const GIVEN_UP: &str = "given_up";

/// What is to be sent now, by whoever holds this.
#[derive(Clone, Debug)]
pub struct ClaimedDelivery {
    /// Its identifier, `webhook-id` at each try.
    pub id: String,
    /// JSON.
    pub payload: String,
    /// Tries so far, with this one.
    pub attempts: i64,
    /// When it was queued, Unix milliseconds.
    pub queued_at: i64,
    claim: String,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Unix milliseconds.
    pub started_at: i64,
    /// How long it took.
    pub took_ms: i64,
    /// What the receiver answered.
    pub status: Option<i64>,
    /// Why there was no answer.
    pub fault: Option<String>,
}

/// What a try leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver has it.
    Delivered,
    /// It is to be tried again then, Unix milliseconds.
    TryAgain(i64),
    /// It is never tried again.
    GivenUp,
    /// The receiver wants nothing any more: the webhook is disabled.
    Gone,
}

/// Queues an event for each of the app's webhooks that wants it, in the transaction that causes it.
pub(super) async fn tell(
    tx: &mut Tx,
    app_id: &AppId,
    event: WebhookEvent,
    now_ms: i64,
) -> Result<(), StoreError> {
    let webhooks: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, events FROM webhooks WHERE app_id = $1 AND disabled_at IS NULL ORDER BY id",
    )
    .bind(app_id.as_str())
    .fetch_all(&mut **tx)
    .await?;
    let event_type = event.event_type();
    let mut wanted_by = Vec::new();
    for (id, events) in webhooks {
        let events = parse_events(&events)?;
        if events.is_empty() || events.contains(&event_type) {
            wanted_by.push(id);
        }
    }
    if wanted_by.is_empty() {
        return Ok(());
    }
    let service_request_id = event.service_request_id().map(|id| id.0.clone());
    let lane = service_request_id.clone().unwrap_or_else(|| SECRETS_LANE.to_owned());
    let body = Webhook { event, timestamp: rfc3339(now_ms), app_id: app_id.clone() };
    let payload = serde_json::to_string(&body).expect("events serialise");
    for webhook_id in wanted_by {
        // The row's lock makes the order of numbers that of commits.
        let row: Option<(i64,)> =
            sqlx::query_as("UPDATE webhooks SET seq = seq + 1 WHERE id = $1 RETURNING seq")
                .bind(&webhook_id)
                .fetch_optional(&mut **tx)
                .await?;
        let Some((seq,)) = row else { continue };
        sqlx::query(
            "INSERT INTO webhook_deliveries (id, webhook_id, seq, lane, service_request_id, type, payload, \
             created_at, queued_at, attempts, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 0, $8)",
        )
        .bind(format!("msg_{}", uuid_v7(now_ms)))
        .bind(&webhook_id)
        .bind(seq)
        .bind(&lane)
        .bind(service_request_id.as_deref())
        .bind(event_type.as_str())
        .bind(&payload)
        .bind(now_ms)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

impl Store {
    /// Webhooks that have something to send now.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn due_webhooks(&self, now_ms: i64) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT w.id FROM webhooks w WHERE w.disabled_at IS NULL AND EXISTS (SELECT 1 FROM webhook_deliveries d \
             WHERE d.webhook_id = w.id AND d.next_at IS NOT NULL AND d.next_at <= $1 \
             AND (d.claimed_until IS NULL OR d.claimed_until <= $1)) ORDER BY w.id",
        )
        .bind(now_ms)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Takes up to `most` deliveries of a webhook that are due, oldest first; nobody else takes them until
    /// `claimed_until`, or until [`Store::settle_delivery`].
    ///
    /// # Errors
    /// If the database fails.
    pub async fn claim_deliveries(
        &self,
        webhook_id: &str,
        most: usize,
        claimed_until: i64,
        now_ms: i64,
    ) -> Result<Vec<ClaimedDelivery>, StoreError> {
        // Read first: mostly there is nothing, or what there is waits behind an earlier one of its lane.
        let due: Vec<(String,)> = sqlx::query_as(
            "SELECT d.id FROM webhook_deliveries d WHERE d.webhook_id = $1 AND d.next_at IS NOT NULL \
             AND d.next_at <= $2 AND (d.claimed_until IS NULL OR d.claimed_until <= $2) \
             AND NOT EXISTS (SELECT 1 FROM webhook_deliveries e WHERE e.webhook_id = d.webhook_id \
             AND e.lane = d.lane AND e.seq < d.seq AND e.next_at IS NOT NULL) ORDER BY d.seq LIMIT $3",
        )
        .bind(webhook_id)
        .bind(now_ms)
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(&self.reader)
        .await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let claim = random_id("");
        let mut claimed = Vec::with_capacity(due.len());
        let mut tx = self.begin().await?;
        for (id,) in due {
            // The condition once more: another node may have been quicker.
            let row: Option<(String, i64, i64)> = sqlx::query_as(
                "UPDATE webhook_deliveries SET claim = $2, claimed_until = $3, attempts = attempts + 1 \
                 WHERE id = $1 AND next_at IS NOT NULL AND next_at <= $4 \
                 AND (claimed_until IS NULL OR claimed_until <= $4) RETURNING payload, attempts, queued_at",
            )
            .bind(&id)
            .bind(&claim)
            .bind(claimed_until)
            .bind(now_ms)
            .fetch_optional(&mut *tx)
            .await?;
            if let Some((payload, attempts, queued_at)) = row {
                claimed.push(ClaimedDelivery { id, payload, attempts, queued_at, claim: claim.clone() });
            }
        }
        tx.commit().await?;
        Ok(claimed)
    }

    /// Logs a try and what it leads to. If somebody else has taken the delivery meanwhile, theirs is what counts.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn settle_delivery(
        &self,
        delivery: &ClaimedDelivery,
        attempt: &Attempt,
        verdict: Verdict,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let (next_at, outcome) = match verdict {
            Verdict::TryAgain(next_at) => (Some(next_at), None),
            Verdict::Delivered => (None, Some(DELIVERED)),
            Verdict::GivenUp | Verdict::Gone => (None, Some(GIVEN_UP)),
        };
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO webhook_attempts (delivery_id, started_at, took_ms, status, fault) \
             SELECT id, $2, $3, $4, $5 FROM webhook_deliveries WHERE id = $1",
        )
        .bind(&delivery.id)
        .bind(attempt.started_at)
        .bind(attempt.took_ms)
        .bind(attempt.status)
        .bind(attempt.fault.as_deref())
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "UPDATE webhook_deliveries SET claim = NULL, claimed_until = NULL, next_at = $3, outcome = $4, \
             settled_at = $5 WHERE id = $1 AND claim = $2",
        )
        .bind(&delivery.id)
        .bind(&delivery.claim)
        .bind(next_at)
        .bind(outcome)
        .bind(outcome.map(|_| now_ms))
        .execute(&mut *tx)
        .await?;
        if verdict == Verdict::Gone {
            sqlx::query(
                "UPDATE webhooks SET disabled_at = $2 WHERE disabled_at IS NULL \
                 AND id = (SELECT webhook_id FROM webhook_deliveries WHERE id = $1)",
            )
            .bind(&delivery.id)
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Deliveries that wait, of all webhooks.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn waiting_deliveries(&self) -> Result<i64, StoreError> {
        let (number,): (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM webhook_deliveries WHERE next_at IS NOT NULL")
                .fetch_one(&self.reader)
                .await?;
        Ok(number)
    }
}
