//! The routes, a file an idea, as the wire table of the contract has them.

mod agent;
mod agent_page;
mod apps;
mod assets;
mod attachments;
mod body;
mod cors;
mod csp_page;
mod deadline;
mod docs;
mod guard;
mod health;
mod html;
mod leaked_secrets;
mod live;
mod messenger_page;
pub(crate) mod metrics;
mod openapi;
mod params;
mod pins;
mod playground;
mod service_requests;
mod sessions;
mod typing;
mod versions;
mod write;

use crate::error::ApiError;
use crate::state::AppState;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::any;
use guard::{Calls, delete, get, patch, post};
use protocol::ErrorCode;

/// Every route.
pub(crate) fn all(state: &AppState) -> Router<AppState> {
    let pages = Router::new()
        .merge(assets::routes())
        .route("/messenger/", axum::routing::get(messenger_page::show))
        .route("/messenger", axum::routing::get(messenger_page::redirect))
        .route("/agent/", axum::routing::get(agent_page::show))
        .route("/agent", axum::routing::get(agent_page::redirect))
        .route("/agent/assets/{*file}", axum::routing::get(agent_page::file))
        .route("/v/{version}/{file}", axum::routing::get(versions::file))
        .route("/docs/errors", axum::routing::get(docs::errors))
        .route(
            "/tools/csp",
            axum::routing::get(csp_page::show)
                .post(csp_page::submit)
                .layer(DefaultBodyLimit::max(csp_page::MAX_FORM_BYTES)),
        )
        .route("/playground/", axum::routing::get(playground::show))
        .route("/playground", axum::routing::get(playground::redirect))
        .route("/playground/about", axum::routing::get(playground::about))
        .route("/playground/key", axum::routing::post(playground::key))
        .route("/openapi.json", axum::routing::get(openapi::show))
        .route("/metrics", axum::routing::get(metrics::show))
        .route("/healthz", axum::routing::get(health::alive))
        .route("/readyz", axum::routing::get(health::ready))
        .route("/", axum::routing::get(health::about))
        .fallback(assets::other_file)
        .method_not_allowed_fallback(method_not_allowed);
    let settings = state.settings();
    deadline::within(pages, settings.request_within, DefaultBodyLimit::max(settings.max_body_bytes))
        .merge(v1(state))
}

fn v1(state: &AppState) -> Router<AppState> {
    calls(state)
        .into_router()
        .method_not_allowed_fallback(method_not_allowed)
        .route("/v1", any(nothing_here))
        .route("/v1/", any(nothing_here))
        .route("/v1/{*rest}", any(nothing_here))
        .layer(axum::middleware::from_fn(cors::share))
}

/// Every call under `/v1`.
fn calls(state: &AppState) -> Calls {
    let settings = state.settings();
    let max_file_bytes = state.attachments().map_or(0, |attachments| attachments.limits().max_bytes);
    let files = DefaultBodyLimit::max(usize::try_from(max_file_bytes).unwrap_or(usize::MAX));
    let uploads = Calls::under("/v1")
        .at("/attachments", post(attachments::upload))
        .at("/agent/attachments", post(attachments::upload_as_agent))
        .wrapped(|router| deadline::at_most(router, settings.max_uploads_in_flight))
        .wrapped(|router| deadline::within(router, settings.upload_within, files));
    let bodies = DefaultBodyLimit::max(settings.max_body_bytes);
    Calls::under("/v1")
        .at("/apps/{app_id}", get(apps::show))
        .at("/versions", get(versions::list))
        .at("/pins", post(pins::create))
        .at("/sessions", post(sessions::create))
        .at("/sessions/current", delete(sessions::end))
        .at("/sessions/current/renew", post(sessions::renew))
        .at("/leaked-secrets", post(leaked_secrets::report))
        .at("/service-requests", get(service_requests::list).post(service_requests::raise))
        .at("/service-requests/{id}/messages", get(service_requests::messages).post(service_requests::write))
        .at("/service-requests/{id}/read", post(service_requests::read))
        .at("/live", get(live::contact))
        .at("/agent", get(agent::about))
        .at("/agent/service-requests", get(agent::list))
        .at("/agent/service-requests/{id}", patch(agent::update).get(agent::show))
        .at("/agent/service-requests/{id}/messages", get(agent::messages).post(agent::write))
        .at("/agent/service-requests/{id}/read", post(agent::read))
        .at("/agent/service-requests/{id}/typing", post(typing::agent))
        .at("/agent/live", get(live::agent))
        .at("/attachments/{id}", get(attachments::fetch))
        .at("/agent/attachments/{id}", get(attachments::fetch_as_agent))
        .wrapped(|router| deadline::within(router, settings.request_within, bodies))
        .and(uploads)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Assets;
    use crate::clock::Clock;
    use crate::config::ServeConfig;
    use crate::origin::Origin;
    use crate::store::Store;
    use clap::Parser as _;

    #[derive(clap::Parser)]
    struct Flags {
        #[command(flatten)]
        config: ServeConfig,
    }

    #[tokio::test]
    async fn the_document_lists_every_call_with_what_callers_bring_and_no_other() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let database = format!("sqlite:{}", dir.path().join("thread.db").display());
        let store = Store::open(&database, None).await.expect("opens");
        let config = Flags::parse_from(["thread"]).config;
        let origin = Origin::parse("http://127.0.0.1:1").expect("valid");
        let state = AppState::load(store, &config, origin, Assets::from_files(&[]), Clock::system()).await;
        let calls = calls(&state.expect("loads"));
        let name = |(path, method, access): &(&'static str, String, guard::Access)| {
            format!("{method} {path} {access:?}")
        };
        let mut routed: Vec<String> = calls
            .list()
            .iter()
            .map(|(path, method, access)| name(&(*path, method.to_string(), *access)))
            .collect();
        let mut documented: Vec<String> = openapi::documented().iter().map(name).collect();
        routed.sort();
        documented.sort();
        assert_eq!(routed, documented);
    }
}
