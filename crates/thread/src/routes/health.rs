//! For load balancers, and for whoever opens the address in a browser.

use crate::error::ApiError;
use crate::readiness::Unready;
use crate::state::AppState;
use axum::extract::State;
use protocol::ErrorCode;

/// `/healthz`: the process runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `/readyz`: it can answer, so its database can, and takes writes.
pub(super) async fn ready(State(state): State<AppState>) -> Result<&'static str, ApiError> {
    if state.shutdown().is_cancelled() {
        return Err(ApiError::new(ErrorCode::Unavailable, "Thread is stopping."));
    }
    match state.readiness().check(state.store()).await {
        Ok(()) => Ok("ready\n"),
        Err(Unready::Refused) => Err(ApiError::new(ErrorCode::Unavailable, "The database does not answer.")),
        Err(Unready::Late) => {
            Err(ApiError::new(ErrorCode::Unavailable, "The database does not answer in time."))
        }
    }
}

/// `/`.
pub(super) async fn about() -> &'static str {
    concat!(
        "This is Thread ",
        env!("CARGO_PKG_VERSION"),
        ", the service behind a support messenger.\n\nPages load /widget.js from here. Error codes: /docs/errors\n\
         Answer customers: /agent/  Try an app: /playground/  Write a page's policy: /tools/csp\n"
    )
}
