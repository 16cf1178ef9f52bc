//! Attachments: upload, and fetch object by object.

use super::params::{Params, PathId};
use super::write::to_the_end;
use crate::attachments::{AttachmentError, Attachments, file_name, is_safe_picture, safe_picture};
use crate::auth::{AgentCaller, ContactCaller};
use crate::crypto::random_id;
use crate::error::ApiError;
use crate::limits::Limited;
use crate::state::{AppState, Typist};
use crate::store::{AgentScope, ContactScope, Uploader};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Response};
use protocol::conversation::Attachment;
use protocol::{AttachmentId, ErrorCode};
use serde::Deserialize;
use std::fmt::Write as _;

#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    name: String,
}

/// Whose upload it is.
enum Owner {
    Contact(ContactScope),
    Agents(AgentScope),
}

impl Owner {
    const fn uploader(&self) -> Uploader<'_> {
        match self {
            Self::Contact(scope) => Uploader::Contact(scope),
            Self::Agents(scope) => Uploader::Agents(scope),
        }
    }
}

/// `POST /v1/attachments?name=NAME`.
pub(super) async fn upload(
    State(state): State<AppState>,
    caller: ContactCaller,
    Params(Named { name }): Params<Named>,
    request: Request,
) -> Result<(StatusCode, Json<Attachment>), ApiError> {
    state.limits().uploads.count(Typist::Contact(caller.scope.clone()))?;
    store(state, Owner::Contact(caller.scope), &name, request).await
}

/// `POST /v1/agent/attachments?name=NAME`.
pub(super) async fn upload_as_agent(
    State(state): State<AppState>,
    caller: AgentCaller,
    Params(Named { name }): Params<Named>,
    request: Request,
) -> Result<(StatusCode, Json<Attachment>), ApiError> {
    state.limits().uploads.count(Typist::Agent(caller.key.id.clone()))?;
    store(state, Owner::Agents(caller.scope), &name, request).await
}

/// `GET /v1/attachments/{id}`.
pub(super) async fn fetch(
    State(state): State<AppState>,
    caller: ContactCaller,
    PathId(id): PathId<AttachmentId>,
) -> Result<Response, ApiError> {
    let found = state.store().attachment_of_contact(&caller.scope, &id).await?;
    serve(&state, found).await
}

/// `GET /v1/agent/attachments/{id}`.
pub(super) async fn fetch_as_agent(
    State(state): State<AppState>,
    caller: AgentCaller,
    PathId(id): PathId<AttachmentId>,
) -> Result<Response, ApiError> {
    let found = state.store().attachment_of_app(&caller.scope, &id).await?;
    serve(&state, found).await
}

fn attachments(state: &AppState) -> Result<Attachments, ApiError> {
    state.attachments().cloned().ok_or_else(ApiError::not_found)
}

async fn store(
    state: AppState,
    owner: Owner,
    name: &str,
    request: Request,
) -> Result<(StatusCode, Json<Attachment>), ApiError> {
    let attachments = attachments(&state)?;
    let name = file_name(name).ok_or_else(|| ApiError::field("name", "`name` must be a file's name."))?;
    let content_type = essence(&request);
    if !attachments.takes(&content_type) {
        return Err(not_taken(
            "Files of this type are not taken; `attachments.contentTypes` of the app lists those that are.",
        ));
    }
    let limit = attachments.limits().max_bytes;
    let bytes = Bytes::from_request(request, &state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            ApiError::new(ErrorCode::PayloadTooLarge, format!("A file may have {limit} bytes at the most."))
        } else {
            ApiError::new(ErrorCode::InvalidParams, "The file did not arrive whole.")
        }
    })?;
    if bytes.is_empty() {
        return Err(ApiError::field("body", "The file is empty."));
    }
    let is_picture = is_safe_picture(&content_type);
    if is_picture && safe_picture(&bytes) != Some(content_type.as_str()) {
        return Err(not_taken("The file is not the picture that its Content-Type says."));
    }
    let pixels = is_picture.then(|| imagesize::blob_size(&bytes).ok()).flatten();
    let side = |pixels: usize| u32::try_from(pixels).ok();
    let attachment = Attachment {
        id: AttachmentId(random_id("att_")),
        name,
        content_type,
        size_bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        width: pixels.and_then(|pixels| side(pixels.width)),
        height: pixels.and_then(|pixels| side(pixels.height)),
    };
    to_the_end(&state.clone(), async move {
        let object = attachments.put(bytes).await.map_err(|error| failed(&error))?;
        let now_ms = state.clock().now_ms();
        let added = state.store().add_attachment(owner.uploader(), &attachment, &object, now_ms).await;
        if !matches!(added, Ok(Some(()))) {
            attachments.delete(&object).await.map_err(|error| failed(&error))?;
        }
        // So many that no message carries: they go away by themselves.
        added?.ok_or(Limited { retry_after_s: 3_600 })?;
        Ok((StatusCode::CREATED, Json(attachment)))
    })
    .await
}

async fn serve(state: &AppState, found: Option<(Attachment, String)>) -> Result<Response, ApiError> {
    let (attachment, object) = found.ok_or_else(ApiError::not_found)?;
    let bytes = attachments(state)?.get(&object).await.map_err(|error| failed(&error))?;
    let kind = if is_safe_picture(&attachment.content_type) { "inline" } else { "attachment" };
    let disposition = format!("{kind}; filename*=UTF-8''{}", encoded(&attachment.name));
    let headers = [
        (CONTENT_TYPE, header(&attachment.content_type)),
        (CONTENT_DISPOSITION, header(&disposition)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, bytes).into_response())
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// `ext-value` of RFC 8187.
fn encoded(name: &str) -> String {
    name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// The type without its parameters, lower case.
fn essence(request: &Request) -> String {
    let value = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn not_taken(detail: &str) -> ApiError {
    ApiError::with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::InvalidParams, detail)
}

fn failed(error: &AttachmentError) -> ApiError {
    tracing::error!(%error, "an attachment cannot be stored or read");
    ApiError::new(ErrorCode::Unavailable, "Attachments cannot be stored or read right now: try again.")
}
