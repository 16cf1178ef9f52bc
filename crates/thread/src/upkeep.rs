//! Small things that are done now and then, so that no request waits for them.

use crate::state::AppState;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

const EVERY: Duration = Duration::from_secs(10);
/// How often attachments are looked for that nobody refers to.
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// Works until the service stops.
pub(crate) async fn work(state: AppState) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = state.shutdown().cancelled() => return,
            _ = ticks.tick() => {
                write_last_uses(&state).await;
                // Of several nodes each prunes; the second finds nothing.
                if let Err(error) = state.store().prune_used_keys(state.clock().now_ms()).await {
                    tracing::warn!(%error, "used keys are not pruned");
                }
            }
        }
    }
}

/// Deletes attachments that nobody refers to, until the service stops.
pub(crate) async fn sweep_attachments(state: AppState) {
    let Some(attachments) = state.attachments() else { return };
    let mut ticks = interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = state.shutdown().cancelled() => return,
            _ = ticks.tick() => attachments.sweep(state.store(), state.clock().now_ms()).await,
        }
    }
}

/// What must not be lost when the service stops.
pub(crate) async fn last(state: &AppState) {
    write_last_uses(state).await;
}

async fn write_last_uses(state: &AppState) {
    let uses = state.directory().take_last_uses();
    if uses.is_empty() {
        return;
    }
    if let Err(error) = state.store().write_last_uses(&uses).await {
        // The next use is written again; an operator misses minutes at the most.
        tracing::warn!(%error, "the last use of secrets is not written");
    }
}
