//! `/playground/`: the messenger tried out by hand. Its files are the build's; the page's policy is set here.

use super::assets::{find, negotiated};
use super::body::Json;
use crate::error::ApiError;
use crate::state::AppState;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ORIGIN, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use protocol::{AppId, ErrorCode};
use serde::{Deserialize, Serialize};

const DOCUMENT: &str = "playground/index.html";

#[derive(Deserialize)]
pub(super) struct PageQuery {
    /// `off`: the page's policy forbids WebAssembly, to see the other engine.
    wasm: Option<String>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Query(query): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut response = negotiated(find(&state, DOCUMENT)?, &headers);
    let wasm = if query.wasm.as_deref() == Some("off") { "" } else { " 'wasm-unsafe-eval'" };
    let policy = format!(
        "default-src 'none'; script-src 'self'{wasm}; style-src 'self'; connect-src 'self'; frame-src 'self'; \
         img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types chatgenie"
    );
    let policy = HeaderValue::from_str(&policy).map_err(|_| ApiError::not_found())?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

pub(super) async fn redirect() -> Redirect {
    Redirect::permanent("/playground/")
}

/// What the page may know of the service.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct About {
    origin: String,
    /// The server makes keys here.
    demo: bool,
    /// In a demo: apps to choose from.
    apps: Vec<DemoApp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DemoApp {
    app_id: AppId,
    name: String,
}

pub(super) async fn about(State(state): State<AppState>) -> Response {
    let demo = state.settings().demo;
    // Who has an app is nobody's business but for a demo.
    let apps = if demo { state.directory().apps() } else { Vec::new() };
    let apps = apps.into_iter().map(|app| DemoApp { app_id: app.app_id, name: app.name }).collect();
    let about = About { origin: state.public_origin().to_string(), demo, apps };
    ([(CACHE_CONTROL, "no-store")], axum::Json(about)).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyRequest {
    app_id: AppId,
    email: String,
}

/// `POST /playground/key`: makes a key for whoever asks, in a demo and for the playground's own page only.
pub(super) async fn key(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(request): Json<KeyRequest>,
) -> Result<Response, ApiError> {
    if !state.settings().demo {
        return Err(ApiError::not_found());
    }
    // Another site's page must not have one, whatever name leads it here.
    if headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()) != Some(state.public_origin().as_str()) {
        return Err(ApiError::with_status(
            StatusCode::FORBIDDEN,
            ErrorCode::OriginNotAllowed,
            "Keys are made for the playground's own page only.",
        ));
    }
    let app = state.directory().app(&request.app_id);
    let app = app.ok_or_else(|| ApiError::new(ErrorCode::UnknownApp, "There is no app with this appId."))?;
    let key = app.make_key(&request.email, state.clock().now_ms());
    let key =
        key.ok_or_else(|| ApiError::new(ErrorCode::Conflict, "The app has no valid secret: rotate it."))?;
    Ok(([(CACHE_CONTROL, "no-store")], axum::Json(serde_json::json!({ "connectionKey": key })))
        .into_response())
}
