//! The portal's own files, compiled in.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let (kind, body) = match name.as_str() {
        "portal.css" => ("text/css; charset=utf-8", include_str!("../../static/portal.css")),
        "app.js" => ("text/javascript; charset=utf-8", include_str!("../../static/app.js")),
        "logo.svg" => ("image/svg+xml", include_str!("../../static/logo.svg")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "max-age=60")], body).into_response()
}
