//! Sends what waits, on every node at once: a delivery is claimed in the database before it is sent.

use super::backoff::wait_ms;
use super::client::{Answer, Client, ClientError, Signed};
use crate::clock::Clock;
use crate::config::{WebhookConfig, as_ms};
use crate::metrics::{self, WebhookAttempt};
use crate::state::AppState;
use crate::store::{Attempt, ClaimedDelivery, Store, StoreError, StoredWebhook, Verdict};
use axum::http::StatusCode;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// On their way at a time, from this node.
const MOST: usize = 64;
/// Of these, to one webhook: a slow receiver keeps nobody else waiting.
const MOST_OF_ONE: usize = 4;
/// How often the outbox is looked at without being told: what is to be tried again, and what other processes queued.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A claim outlives its try by so much.
const SETTLING: Duration = Duration::from_secs(5);
const PRUNE_EVERY: Duration = Duration::from_hours(1);

/// What a running service needs to send.
#[derive(Debug)]
pub struct Dispatcher {
    client: Client,
    give_up_after_ms: i64,
    came: Notify,
}

impl Dispatcher {
    /// As configured.
    pub fn new(config: &WebhookConfig) -> Self {
        Self {
            client: Client::new(super::NetworkPolicy::new(config.networks.clone()), config.timeout),
            give_up_after_ms: as_ms(config.give_up_after),
            came: Notify::new(),
        }
    }

    /// Something was queued, or there is room again.
    pub fn wake(&self) {
        self.came.notify_one();
    }

    /// Tries once, and writes down what came of it.
    async fn deliver(
        &self,
        store: &Store,
        clock: &Clock,
        webhook: &StoredWebhook,
        delivery: &ClaimedDelivery,
    ) {
        if let Err(error) = self.try_to_deliver(store, clock, webhook, delivery).await {
            // The claim lapses, and it is tried again.
            tracing::error!(%error, webhook_id = %webhook.id, "a webhook's try cannot be written down");
        }
    }

    async fn try_to_deliver(
        &self,
        store: &Store,
        clock: &Clock,
        webhook: &StoredWebhook,
        delivery: &ClaimedDelivery,
    ) -> Result<(), StoreError> {
        let started_at = clock.now_ms();
        let timestamp_s = started_at / 1_000;
        let signatures: Vec<String> = store
            .open_webhook_secrets(webhook, started_at)?
            .iter()
            .map(|secret| secret.sign(&delivery.id, timestamp_s, &delivery.payload))
            .collect();
        let signed = Signed {
            id: &delivery.id,
            timestamp_s,
            signatures: &signatures.join(" "),
            body: &delivery.payload,
        };
        let began = Instant::now();
        let answer = self.client.post(&webhook.url, signed).await;
        let took_ms = as_ms(began.elapsed());
        let now_ms = clock.now_ms();
        let verdict = self.judge(&answer, delivery, now_ms);
        let attempt = Attempt {
            started_at,
            took_ms,
            status: answer.as_ref().ok().map(|answer| i64::from(answer.status.as_u16())),
            fault: answer.as_ref().err().map(ToString::to_string),
        };
        metrics::count(label(verdict), 1);
        log(webhook, delivery, &attempt, verdict);
        store.settle_delivery(delivery, &attempt, verdict, now_ms).await
    }

    fn judge(
        &self,
        answer: &Result<Answer, ClientError>,
        delivery: &ClaimedDelivery,
        now_ms: i64,
    ) -> Verdict {
        let asked_ms = match answer {
            Ok(answer) if answer.status.is_success() => return Verdict::Delivered,
            Ok(answer) if answer.status == StatusCode::GONE => return Verdict::Gone,
            Ok(answer) => answer.retry_after_ms,
            Err(_) => None,
        };
        let until = delivery.queued_at.saturating_add(self.give_up_after_ms);
        if now_ms >= until {
            return Verdict::GivenUp;
        }
        // The last try is at the end of the time, not before it.
        Verdict::TryAgain((now_ms + wait_ms(delivery.attempts, asked_ms)).min(until))
    }
}

const fn label(verdict: Verdict) -> WebhookAttempt {
    match verdict {
        Verdict::Delivered => WebhookAttempt::Delivered,
        Verdict::TryAgain(_) => WebhookAttempt::Failed,
        Verdict::GivenUp => WebhookAttempt::GivenUp,
        Verdict::Gone => WebhookAttempt::Gone,
    }
}

fn log(webhook: &StoredWebhook, delivery: &ClaimedDelivery, attempt: &Attempt, verdict: Verdict) {
    let (webhook_id, delivery_id) = (&webhook.id, &delivery.id);
    let (status, fault, attempts) = (attempt.status, attempt.fault.as_deref(), delivery.attempts);
    match verdict {
        Verdict::Delivered => {
            tracing::debug!(%webhook_id, %delivery_id, attempts, took_ms = attempt.took_ms, "webhook delivered");
        }
        Verdict::TryAgain(_) => {
            tracing::warn!(%webhook_id, %delivery_id, status, fault, attempts, "a webhook waits for another try");
        }
        Verdict::GivenUp => {
            tracing::error!(%webhook_id, %delivery_id, status, fault, attempts, "a webhook's delivery is given up");
        }
        Verdict::Gone => {
            tracing::error!(%webhook_id, %delivery_id, "a webhook's receiver answered 410: the webhook is disabled");
        }
    }
}

/// Sends until the service stops; what is on its way is brought to its end.
pub async fn work(state: AppState) {
    let dispatcher = state.webhooks();
    let room = Arc::new(Semaphore::new(MOST));
    let mut rooms: HashMap<String, Arc<Semaphore>> = HashMap::new();
    let mut pruned: Option<Instant> = None;
    // Who begins changes, so that nobody is always last when there is little room.
    let mut turn = 0;
    while !state.shutdown().is_cancelled() {
        if let Err(error) = send_due(&state, &room, &mut rooms, turn).await {
            tracing::error!(%error, "the webhooks' outbox cannot be read");
        }
        turn += 1;
        rooms.retain(|_, room| room.available_permits() < MOST_OF_ONE);
        if pruned.is_none_or(|at| at.elapsed() >= PRUNE_EVERY) {
            pruned = Some(Instant::now());
            if let Err(error) = state.store().prune_deliveries(state.clock().now_ms()).await {
                tracing::error!(%error, "the webhooks' log cannot be pruned");
            }
        }
        tokio::select! {
            () = state.shutdown().cancelled() => {}
            () = dispatcher.came.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn send_due(
    state: &AppState,
    room: &Arc<Semaphore>,
    rooms: &mut HashMap<String, Arc<Semaphore>>,
    turn: usize,
) -> Result<(), StoreError> {
    let store = state.store();
    let mut due = store.due_webhooks(state.clock().now_ms()).await?;
    if due.is_empty() {
        return Ok(());
    }
    let first = turn % due.len();
    due.rotate_left(first);
    for webhook_id in due {
        let own = rooms.entry(webhook_id.clone()).or_insert_with(|| Arc::new(Semaphore::new(MOST_OF_ONE)));
        let most = own.available_permits().min(room.available_permits());
        if most == 0 {
            continue;
        }
        let Some(webhook) = store.find_webhook(&webhook_id).await? else { continue };
        let now_ms = state.clock().now_ms();
        let claimed_until = now_ms + as_ms(state.webhooks().client.timeout() + SETTLING);
        for delivery in store.claim_deliveries(&webhook_id, most, claimed_until, now_ms).await? {
            let (Ok(one), Ok(other)) =
                (Arc::clone(own).try_acquire_owned(), Arc::clone(room).try_acquire_owned())
            else {
                break;
            };
            spawn(state.clone(), webhook.clone(), delivery, [one, other]);
        }
    }
    Ok(())
}

fn spawn(
    state: AppState,
    webhook: StoredWebhook,
    delivery: ClaimedDelivery,
    permits: [OwnedSemaphorePermit; 2],
) {
    state.tasks().clone().spawn(async move {
        let dispatcher = state.webhooks();
        dispatcher.deliver(state.store(), state.clock(), &webhook, &delivery).await;
        drop(permits);
        // The next of its lane may be sent now.
        dispatcher.wake();
    });
}
