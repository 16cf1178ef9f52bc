//! A contact's service requests.

use super::body::Json as JsonBody;
use super::params::{After, Paged, Params, PathId, page};
use super::write::{check, check_seq, settled, to_the_end, told};
use crate::auth::ContactCaller;
use crate::error::ApiError;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::conversation::{
    ListMessagesResponse, ListServiceRequestsResponse, MarkReadRequest, Message, ServiceRequest,
    WriteMessageRequest,
};
use protocol::wire::Author;
use protocol::{ErrorCode, ServiceRequestId};

/// `GET /v1/service-requests?before=CURSOR&limit=N`.
pub(super) async fn list(
    State(state): State<AppState>,
    caller: ContactCaller,
    Params(params): Params<Paged>,
) -> Result<Json<ListServiceRequestsResponse>, ApiError> {
    let listed = state.store().list_of_contact(&caller.scope, &params.page()?).await?;
    Ok(Json(page(listed, Author::Contact)))
}

/// `POST /v1/service-requests`.
pub(super) async fn raise(
    State(state): State<AppState>,
    caller: ContactCaller,
    JsonBody(request): JsonBody<WriteMessageRequest>,
) -> Result<(StatusCode, Json<ServiceRequest>), ApiError> {
    check(&request)?;
    state.limits().messages.count(caller.scope.clone())?;
    let raised = to_the_end(&state.clone(), async move {
        let now_ms = state.clock().now_ms();
        let outcome = state
            .store()
            .raise(&caller.scope, &request, now_ms)
            .await?
            .ok_or_else(|| ApiError::new(ErrorCode::SessionExpired, "The app is gone."))?;
        settled(&state, outcome)
    })
    .await?;
    Ok((StatusCode::CREATED, Json(raised.to_wire(Author::Contact))))
}

/// `GET /v1/service-requests/{id}/messages?after=SEQ`.
pub(super) async fn messages(
    State(state): State<AppState>,
    caller: ContactCaller,
    PathId(id): PathId<ServiceRequestId>,
    Params(After { after }): Params<After>,
) -> Result<Json<ListMessagesResponse>, ApiError> {
    let stored = state
        .store()
        .messages_of_contact(&caller.scope, &id, after)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let messages = stored.iter().map(|one| one.to_wire(Author::Contact)).collect();
    Ok(Json(ListMessagesResponse { messages }))
}

/// `POST /v1/service-requests/{id}/messages`.
pub(super) async fn write(
    State(state): State<AppState>,
    caller: ContactCaller,
    PathId(id): PathId<ServiceRequestId>,
    JsonBody(request): JsonBody<WriteMessageRequest>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    check(&request)?;
    state.limits().messages.count(caller.scope.clone())?;
    let stored = to_the_end(&state.clone(), async move {
        let now_ms = state.clock().now_ms();
        let outcome = state
            .store()
            .write_as_contact(&caller.scope, &id, &request, now_ms)
            .await?
            .ok_or_else(ApiError::not_found)?;
        settled(&state, outcome)
    })
    .await?;
    Ok((StatusCode::CREATED, Json(stored.to_wire(Author::Contact))))
}

/// `POST /v1/service-requests/{id}/read`.
pub(super) async fn read(
    State(state): State<AppState>,
    caller: ContactCaller,
    PathId(id): PathId<ServiceRequestId>,
    JsonBody(request): JsonBody<MarkReadRequest>,
) -> Result<StatusCode, ApiError> {
    let seq = check_seq(request)?;
    to_the_end(&state.clone(), async move {
        let written = state.store().mark_read_as_contact(&caller.scope, &id, seq).await?;
        told(&state, written.ok_or_else(ApiError::not_found)?);
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
