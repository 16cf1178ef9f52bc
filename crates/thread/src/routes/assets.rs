//! `/widget.js`, the panel's files, and whatever else the build put in the web folder.

use crate::assets::Asset;
use crate::error::ApiError;
use crate::state::AppState;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use protocol::ErrorCode;

/// Names without a hash: short, and looked at again in the background.
const SHORT: &str = "public, max-age=300, stale-while-revalidate=86400";
/// Hashed names never change their content.
pub(super) const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Shown by `messenger_page` alone.
pub(super) const PANEL_DOCUMENT: &str = "messenger/index.html";
/// Shown by `agent_page` alone.
pub(super) const AGENT_DOCUMENT: &str = "agent/index.html";
/// Documents that go out under a policy of their own, by their own routes.
const DOCUMENTS: [&str; 3] = [PANEL_DOCUMENT, AGENT_DOCUMENT, "playground/index.html"];
/// What the widget and its frame may be asked for by any page.
const SHARED: [(HeaderName, &str); 3] = [
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (HeaderName::from_static("timing-allow-origin"), "*"),
];

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/widget.js", get(widget)).route("/messenger/assets/{*file}", get(panel_file))
}

async fn widget(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, ApiError> {
    Ok(serve(find(&state, "widget.js")?, &headers, SHORT))
}

/// Whatever else the build put in the folder, such as the engine as plain JavaScript, by its own name.
pub(super) async fn other_file(
    State(state): State<AppState>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let path = uri.path().trim_start_matches('/');
    let is_there = !DOCUMENTS.contains(&path) && state.assets().find(path).is_some();
    if !is_there || !matches!(method, Method::GET | Method::HEAD) {
        return Err(ApiError::not_found());
    }
    Ok(serve(find(&state, path)?, &headers, if has_hash(path) { IMMUTABLE } else { SHORT }))
}

/// Whether the name carries a hash: `engine-3f9a2c1b.js`, `engine.3f9a2c1b.js`.
fn has_hash(path: &str) -> bool {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let last = stem.rsplit(['-', '.', '/']).next().unwrap_or_default();
    last.len() >= 8 && last != stem && last.bytes().all(|b| b.is_ascii_hexdigit())
}

async fn panel_file(
    State(state): State<AppState>,
    file: Option<Path<String>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Path(file) = file.ok_or_else(ApiError::not_found)?;
    Ok(serve(find(&state, &["messenger/assets/", &file].concat())?, &headers, IMMUTABLE))
}

/// A file that any page may ask for.
pub(super) fn serve(asset: &Asset, headers: &HeaderMap, cache: &'static str) -> Response {
    let mut response = negotiated(asset, headers);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    for (name, value) in SHARED {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The file, or why there is none.
pub(super) fn find<'a>(state: &'a AppState, path: &str) -> Result<&'a Asset, ApiError> {
    if state.assets().is_empty() {
        return Err(ApiError::new(
            ErrorCode::Unavailable,
            "This binary was built without its browser files: run ./build.sh build.",
        ));
    }
    state.assets().find(path).ok_or_else(ApiError::not_found)
}

/// The file in the form that the client takes, or `304` if it has it.
pub(super) fn negotiated(asset: &Asset, headers: &HeaderMap) -> Response {
    let variant = asset.negotiate(headers);
    let is_known = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == variant.etag);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(variant.bytes));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type()));
        if let Some(encoding) = variant.encoding {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&variant.etag) {
        response.headers_mut().insert(ETAG, etag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::has_hash;

    #[test]
    fn a_hash_in_a_name_is_recognised() {
        for path in ["engine-3f9a2c1b.js", "engine.3f9a2c1b.js", "a/b-0123456789abcdef.css"] {
            assert!(has_hash(path), "{path}");
        }
        for path in ["widget.js", "chatgenie.d.ts", "engine-fallback.js", "deadbeef", "x-1a2b.js"] {
            assert!(!has_hash(path), "{path}");
        }
    }
}
