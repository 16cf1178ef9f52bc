//! Listens to the other nodes: by the database (`poll.rs`), and by NATS (`nats.rs`), which is quicker and may fail.

mod nats;
mod poll;

use crate::state::AppState;

/// Listens to the other nodes until the service stops.
pub async fn work(state: AppState) {
    if !state.store().is_shared() {
        return;
    }
    let nodes = state.nodes();
    let listening = async {
        tokio::join!(poll::work(&state), async {
            if let Some((target, to_send)) = nodes.outgoing() {
                nats::work(&state, target, to_send).await;
            }
        });
    };
    tokio::select! {
        () = state.shutdown().cancelled() => {}
        () = listening => {}
    }
}
