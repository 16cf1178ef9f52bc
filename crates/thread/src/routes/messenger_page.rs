//! `/messenger/?appId=…`: the panel's document, for frames on the app's pages only.

use super::assets::{PANEL_DOCUMENT, find, negotiated};
use crate::error::ApiError;
use crate::state::AppState;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use protocol::AppId;
use serde::Deserialize;

/// On every answer here. A cross-origin isolated page takes a frame only with the second and third.
const HEADERS: [(HeaderName, &str); 5] = [
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    (CACHE_CONTROL, "no-cache"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
    ),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageQuery {
    app_id: AppId,
}

pub(super) async fn show(
    State(state): State<AppState>,
    query: Result<Query<PageQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let index = find(&state, PANEL_DOCUMENT)?;
    let Some(Query(PageQuery { app_id })) =
        query.ok().filter(|Query(query)| !query.app_id.as_str().is_empty())
    else {
        return Ok(explanation(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The address needs an appId",
            "Add it: <code>/messenger/?appId=YOUR_APP_ID</code>, with an appId from <code>thread app list</code>.",
        ));
    };
    // Not by PublicCaller: a document's request has no Origin; the browser enforces frame-ancestors.
    let Some(app) = state.directory().app(&app_id) else {
        return Ok(explanation(
            StatusCode::NOT_FOUND,
            "There is no such app",
            "Copy the appId from <code>thread app list</code>, and check that this is the right Thread.",
        ));
    };
    let own = state.public_origin();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' {}; \
         img-src 'self' data: blob:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {own} {}",
        own.websocket(),
        app.origins.join(" "),
    );
    let mut response = negotiated(index, &headers);
    add_headers(&mut response, policy.trim_end());
    Ok(response)
}

/// `/messenger` without its slash.
pub(super) async fn redirect(RawQuery(query): RawQuery) -> Redirect {
    Redirect::permanent(
        &query.map_or_else(|| "/messenger/".to_owned(), |query| format!("/messenger/?{query}")),
    )
}

fn explanation(status: StatusCode, title: &str, text: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>\
         <h1>{title}</h1><p>{text}</p></html>"
    );
    let mut response = (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response();
    add_headers(
        &mut response,
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    response
}

fn add_headers(response: &mut Response, policy: &str) {
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    } else {
        // Origins are checked before they are stored; should one slip through, the page must not show unprotected.
        *response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
}
