//! For agents' tools: the bearer is an API key of the app.

use super::body::{Json as JsonBody, WrittenJson};
use super::params::{After, ByStatus, Params, PathId, page};
use super::write::{check, check_seq, settled, to_the_end, told};
use crate::auth::AgentCaller;
use crate::error::ApiError;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::ServiceRequestId;
use protocol::conversation::{
    ListMessagesResponse, ListServiceRequestsResponse, MarkReadRequest, Message, ServiceRequest,
    WriteMessageRequest,
};
use protocol::wire::{Agent, Author, UpdateServiceRequestRequest};
use serde::Serialize;
use serde_json::value::RawValue;

/// `GET /v1/agent/service-requests?status=open&before=CURSOR&limit=N`.
pub(super) async fn list(
    State(state): State<AppState>,
    caller: AgentCaller,
    Params(params): Params<ByStatus>,
) -> Result<Json<ListServiceRequestsResponse>, ApiError> {
    let listed = state.store().list_of_app(&caller.scope, params.status, &params.page()?).await?;
    Ok(Json(page(listed, Author::Agent)))
}

/// A `protocol::wire::AgentResponse`, with the app's part as the directory keeps it.
#[derive(Serialize)]
struct About<'a> {
    app: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<Agent>,
}

/// `GET /v1/agent`.
pub(super) async fn about(State(state): State<AppState>, caller: AgentCaller) -> WrittenJson {
    let agent = caller.name().map(|name| Agent { name: name.to_owned() });
    WrittenJson::of(&About { app: caller.app.shown(state.clock().now_ms()), agent })
}

/// `GET /v1/agent/service-requests/{id}`.
pub(super) async fn show(
    State(state): State<AppState>,
    caller: AgentCaller,
    PathId(id): PathId<ServiceRequestId>,
) -> Result<Json<ServiceRequest>, ApiError> {
    let stored = state.store().one_of_app(&caller.scope, &id).await?.ok_or_else(ApiError::not_found)?;
    Ok(Json(stored.to_wire(Author::Agent)))
}

/// `GET /v1/agent/service-requests/{id}/messages?after=SEQ`.
pub(super) async fn messages(
    State(state): State<AppState>,
    caller: AgentCaller,
    PathId(id): PathId<ServiceRequestId>,
    Params(After { after }): Params<After>,
) -> Result<Json<ListMessagesResponse>, ApiError> {
    let stored =
        state.store().messages_of_app(&caller.scope, &id, after).await?.ok_or_else(ApiError::not_found)?;
    let messages = stored.iter().map(|one| one.to_wire(Author::Agent)).collect();
    Ok(Json(ListMessagesResponse { messages }))
}

/// `POST /v1/agent/service-requests/{id}/messages`.
pub(super) async fn write(
    State(state): State<AppState>,
    caller: AgentCaller,
    PathId(id): PathId<ServiceRequestId>,
    JsonBody(request): JsonBody<WriteMessageRequest>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    check(&request)?;
    let stored = to_the_end(&state.clone(), async move {
        let now_ms = state.clock().now_ms();
        let outcome = state
            .store()
            .write_as_agent(&caller.scope, &id, caller.name(), &request, now_ms)
            .await?
            .ok_or_else(ApiError::not_found)?;
        settled(&state, outcome)
    })
    .await?;
    Ok((StatusCode::CREATED, Json(stored.to_wire(Author::Agent))))
}

/// `PATCH /v1/agent/service-requests/{id}`.
pub(super) async fn update(
    State(state): State<AppState>,
    caller: AgentCaller,
    PathId(id): PathId<ServiceRequestId>,
    JsonBody(request): JsonBody<UpdateServiceRequestRequest>,
) -> Result<Json<ServiceRequest>, ApiError> {
    let changed = to_the_end(&state.clone(), async move {
        let now_ms = state.clock().now_ms();
        let written = state
            .store()
            .set_status(&caller.scope, &id, request.status, now_ms)
            .await?
            .ok_or_else(ApiError::not_found)?;
        Ok(told(&state, written))
    })
    .await?;
    Ok(Json(changed.to_wire(Author::Agent)))
}

/// `POST /v1/agent/service-requests/{id}/read`.
pub(super) async fn read(
    State(state): State<AppState>,
    caller: AgentCaller,
    PathId(id): PathId<ServiceRequestId>,
    JsonBody(request): JsonBody<MarkReadRequest>,
) -> Result<StatusCode, ApiError> {
    let seq = check_seq(request)?;
    to_the_end(&state.clone(), async move {
        let written = state.store().mark_read_as_agent(&caller.scope, &id, seq).await?;
        told(&state, written.ok_or_else(ApiError::not_found)?);
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
