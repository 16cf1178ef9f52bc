//! `/agent/`: the page in which agents read and answer. No other page may frame it, nor fetch its files.

use super::assets::{AGENT_DOCUMENT, IMMUTABLE, find, negotiated};
use crate::error::ApiError;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};

const SAME_ORIGIN: (HeaderName, &str) =
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin");

/// An API key is typed here: the page shares no process and no window with others.
const HEADERS: [(HeaderName, &str); 6] = [
    SAME_ORIGIN,
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (CACHE_CONTROL, "no-cache"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
    ),
];

pub(super) async fn show(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, ApiError> {
    let mut response = negotiated(find(&state, AGENT_DOCUMENT)?, &headers);
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' {}; \
         img-src 'self' data: blob:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        state.public_origin().websocket(),
    );
    let Ok(policy) = HeaderValue::from_str(&policy) else {
        // The public origin is checked at the start; should it slip through, the page must not show unprotected.
        return Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response());
    };
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// `/agent` without its slash.
pub(super) async fn redirect() -> Redirect {
    Redirect::permanent("/agent/")
}

/// The page's script, module, style sheet and texts.
pub(super) async fn file(
    State(state): State<AppState>,
    file: Option<Path<String>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Path(file) = file.ok_or_else(ApiError::not_found)?;
    let mut response = negotiated(find(&state, &["agent/assets/", &file].concat())?, &headers);
    let (name, value) = SAME_ORIGIN;
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(IMMUTABLE));
    Ok(response)
}
