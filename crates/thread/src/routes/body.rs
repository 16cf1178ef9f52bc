//! JSON bodies: of requests, with refusals that name the field and never repeat what was sent; and of answers.

use crate::error::ApiError;
use crate::state::AppState;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use protocol::{ErrorCode, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// A body sent as `application/json`.
pub(super) struct Json<T>(pub(super) T);

/// JSON whatever the content type says: `text/plain` makes a browser's request "simple", which saves the preflight.
pub(super) struct SimpleJson<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::with_status(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                ErrorCode::InvalidParams,
                "Send the body with `Content-Type: application/json`.",
            ));
        }
        SimpleJson::from_request(request, state).await.map(|SimpleJson(body)| Self(body))
    }
}

impl<T: DeserializeOwned> FromRequest<AppState> for SimpleJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let limit = state.settings().max_body_bytes;
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                ApiError::new(
                    ErrorCode::PayloadTooLarge,
                    format!("The body may have {limit} bytes at the most."),
                )
            } else {
                ApiError::new(ErrorCode::InvalidParams, "The body did not arrive whole.")
            }
        })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| ApiError::Problem(Box::new(explain(&error))))
    }
}

/// An answer's JSON, written already.
pub(super) struct WrittenJson(Vec<u8>);

impl WrittenJson {
    /// What most answers fit in, so that they are written without moving.
    const USUAL_BYTES: usize = 2_048;

    pub(super) fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        let mut json = Vec::with_capacity(Self::USUAL_BYTES);
        serde_json::to_writer(&mut json, value).expect("answers serialise");
        Self(json)
    }
}

impl IntoResponse for WrittenJson {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], self.0).into_response()
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// serde's messages repeat values ("invalid type: string …"), and a value may be a key: only the name of a missing
/// field is taken from them.
fn explain(error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    if let Some(field) = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        return Problem::new(ErrorCode::InvalidParams, format!("`{field}` is missing.")).with_field(field);
    }
    let detail = match error.classify() {
        Category::Data => "The body is JSON, but a field has a value that this call does not take",
        Category::Syntax | Category::Eof | Category::Io => "The body is not valid JSON",
    };
    let detail = format!("{detail} (line {}, column {}).", error.line(), error.column());
    Problem::new(ErrorCode::InvalidParams, detail)
}
