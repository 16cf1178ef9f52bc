//! The routes, a file an idea, as the wire table of the contract has them.

mod agent;
mod apps;
mod assets;
mod attachments;
mod body;
mod cors;
mod docs;
mod health;
mod leaked_secrets;
mod live;
mod messenger_page;
mod params;
mod pins;
mod service_requests;
mod sessions;
mod typing;
mod write;

use crate::error::ApiError;
use crate::state::AppState;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, patch, post};
use protocol::ErrorCode;

/// Every route.
pub(crate) fn all(state: &AppState) -> Router<AppState> {
    Router::new()
        .nest("/v1", v1(state))
        .merge(assets::routes())
        .route("/messenger/", get(messenger_page::show))
        .route("/messenger", get(messenger_page::redirect))
        .route("/docs/errors", get(docs::errors))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/", get(health::about))
        .fallback(assets::other_file)
        .method_not_allowed_fallback(method_not_allowed)
}

fn v1(state: &AppState) -> Router<AppState> {
    let max_file_bytes = state.attachments().map_or(0, |attachments| attachments.limits().max_bytes);
    let files = DefaultBodyLimit::max(usize::try_from(max_file_bytes).unwrap_or(usize::MAX));
    Router::new()
        .route("/apps/{app_id}", get(apps::show))
        .route("/pins", post(pins::create))
        .route("/sessions", post(sessions::create))
        .route("/sessions/current", axum::routing::delete(sessions::end))
        .route("/sessions/current/renew", post(sessions::renew))
        .route("/leaked-secrets", post(leaked_secrets::report))
        .route("/service-requests", get(service_requests::list).post(service_requests::raise))
        .route(
            "/service-requests/{id}/messages",
            get(service_requests::messages).post(service_requests::write),
        )
        .route("/service-requests/{id}/read", post(service_requests::read))
        .route("/live", get(live::contact))
        .route("/agent/service-requests", get(agent::list))
        .route("/agent/service-requests/{id}", patch(agent::update))
        .route("/agent/service-requests/{id}/messages", get(agent::messages).post(agent::write))
        .route("/agent/service-requests/{id}/read", post(agent::read))
        .route("/agent/service-requests/{id}/typing", post(typing::agent))
        .route("/agent/live", get(live::agent))
        .route("/attachments", post(attachments::upload).layer(files))
        .route("/attachments/{id}", get(attachments::fetch))
        .route("/agent/attachments", post(attachments::upload_as_agent).layer(files))
        .route("/agent/attachments/{id}", get(attachments::fetch_as_agent))
        .fallback(nothing_here)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(state.settings().max_body_bytes))
        .layer(axum::middleware::from_fn(cors::share))
}

async fn nothing_here() -> ApiError {
    ApiError::not_found()
}

async fn method_not_allowed() -> ApiError {
    ApiError::with_status(
        StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::NotFound,
        "This address does not take this method; the Allow header lists those that it takes.",
    )
}
