//! `/metrics`.

use crate::error::ApiError;
use crate::metrics::{self, names};
use crate::state::AppState;
use ::metrics::gauge;
use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::net::SocketAddr;
use std::time::Duration;

/// How long the database has to tell what waits.
const SCRAPE_WITHIN: Duration = Duration::from_secs(2);

/// `/metrics` on the common address; to others than those who may, there is nothing there.
pub(crate) async fn show(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    match &state.settings().metrics {
        Some(access) if access.allows(peer, &headers) => Ok(scrape(&state).await),
        _ => Err(ApiError::not_found()),
    }
}

/// `/metrics` on an address of its own, for whoever can reach it.
pub(crate) fn alone(state: AppState) -> Router {
    Router::new()
        .route("/metrics", get(async |State(state): State<AppState>| scrape(&state).await))
        .with_state(state)
}

async fn scrape(state: &AppState) -> Response {
    // What has a size at this moment is looked up now; while the database is away, the last size stays.
    if let Ok(Ok(waiting)) = tokio::time::timeout(SCRAPE_WITHIN, state.store().waiting_mails()).await {
        #[expect(clippy::cast_precision_loss, reason = "no queue is that long")]
        gauge!(names::QUEUE, "queue" => "pin_mails").set(waiting as f64);
    }
    if let Ok(Ok(waiting)) = tokio::time::timeout(SCRAPE_WITHIN, state.store().waiting_deliveries()).await {
        #[expect(clippy::cast_precision_loss, reason = "no queue is that long")]
        gauge!(names::QUEUE, "queue" => "webhooks").set(waiting as f64);
    }
    state.hub().measure();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics::render()).into_response()
}
