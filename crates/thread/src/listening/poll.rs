//! The way by the database: which apps have new events, and whose they are.

use crate::state::AppState;
use crate::store::StoreError;
use protocol::AppId;
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::sleep;

/// Without NATS.
const POLL_EVERY: Duration = Duration::from_millis(300);
/// With NATS: for what it may have lost.
const CHECK_EVERY: Duration = Duration::from_millis(900);

/// Looks until the service stops.
pub(super) async fn work(state: &AppState) {
    let mut seen = HashMap::new();
    let mut was_away = false;
    loop {
        match look(state, &mut seen).await {
            Ok(()) => was_away = false,
            Err(error) => {
                if !was_away {
                    tracing::error!(%error, "cannot look for what other nodes did");
                }
                was_away = true;
            }
        }
        let pause = if state.nodes().is_connected() == Some(true) { CHECK_EVERY } else { POLL_EVERY };
        sleep(pause).await;
    }
}

/// Tells sockets that there is something after `seen`. Those that know it already do nothing.
async fn look(state: &AppState, seen: &mut HashMap<AppId, i64>) -> Result<(), StoreError> {
    let heads = state.store().event_heads().await?;
    let listening = state.hub().apps();
    for (app_id, head) in &heads {
        let last = seen.get(app_id).copied();
        if last == Some(*head) || !listening.contains(app_id) {
            continue;
        }
        match last {
            // A first look, or too much: everybody of the app looks.
            None => state.hub().look(app_id, None),
            Some(last) => match state.store().contacts_with_events(app_id, last).await? {
                Some(contacts) => state.hub().look(app_id, Some(&contacts)),
                None => state.hub().look(app_id, None),
            },
        }
    }
    // Also forgets apps that are gone. Where nobody listens now, whoever comes reads where it stands.
    *seen = heads.into_iter().collect();
    Ok(())
}
