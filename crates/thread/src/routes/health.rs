//! For load balancers, and for whoever opens the address in a browser.

use crate::error::ApiError;
use crate::state::AppState;
use axum::extract::State;
use protocol::ErrorCode;
use std::time::Duration;
use tokio::time::timeout;

const READY_WITHIN: Duration = Duration::from_secs(2);

/// `/healthz`: the process runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `/readyz`: it can answer, so its database can, and takes writes.
pub(super) async fn ready(State(state): State<AppState>) -> Result<&'static str, ApiError> {
    let unavailable = |what| ApiError::new(ErrorCode::Unavailable, what);
    if state.shutdown().is_cancelled() {
        return Err(unavailable("Thread is stopping."));
    }
    match timeout(READY_WITHIN, state.store().ping()).await {
        Ok(Ok(())) => Ok("ready\n"),
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready");
            Err(unavailable("The database does not answer."))
        }
        Err(_) => Err(unavailable("The database does not answer in time.")),
    }
}

/// `/`.
pub(super) async fn about() -> &'static str {
    concat!(
        "This is Thread ",
        env!("CARGO_PKG_VERSION"),
        ", the service behind a support messenger.\n\nPages load /widget.js from here. Error codes: /docs/errors\n"
    )
}
