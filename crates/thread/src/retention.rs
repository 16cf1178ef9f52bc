//! `--retention`: once a day, what has been closed for so long is deleted, in the background and a few rows at a time.

use crate::metrics::{self, Pruned};
use crate::state::AppState;
use crate::store::KEPT_EVENTS;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

const EVERY_MS: i64 = 24 * 60 * 60 * 1_000;
/// The clock is looked at so often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Works until the service stops; it prunes at its start, too. Of several nodes each prunes: the second finds nothing.
pub(crate) async fn work(state: AppState) {
    let Some(retention_ms) = state.settings().retention_ms else { return };
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut pruned_at_ms = None::<i64>;
    loop {
        tokio::select! {
            () = state.shutdown().cancelled() => return,
            _ = ticks.tick() => {}
        }
        let now_ms = state.clock().now_ms();
        // A clock that was set back must not put it off for longer.
        if pruned_at_ms.is_some_and(|at_ms| (0..EVERY_MS).contains(&(now_ms - at_ms))) {
            continue;
        }
        pruned_at_ms = Some(now_ms);
        tokio::select! {
            // What is deleted by then stays deleted, and what is left is found tomorrow.
            () = state.shutdown().cancelled() => return,
            () = prune(&state, now_ms - retention_ms) => {}
        }
    }
}

async fn prune(state: &AppState, before_ms: i64) {
    match state.store().prune(before_ms, KEPT_EVENTS).await {
        Ok(pruned) => {
            metrics::count(Pruned::ServiceRequests, pruned.service_requests);
            metrics::count(Pruned::Contacts, pruned.contacts);
            metrics::count(Pruned::Events, pruned.events);
            let (service_requests, contacts, events) =
                (pruned.service_requests, pruned.contacts, pruned.events);
            tracing::info!(service_requests, contacts, events, "what was kept for long enough is deleted");
        }
        Err(error) => tracing::error!(%error, "what was kept for long enough is not deleted"),
    }
}
