//! That somebody is writing: told to the other side, stored nowhere.

use super::params::PathId;
use crate::auth::{AgentCaller, ContactCaller};
use crate::error::ApiError;
use crate::live::Audience;
use crate::state::{AppState, Typist};
use crate::store::AgentScope;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::ServiceRequestId;
use protocol::conversation::ServerFrame;
use protocol::wire::{Agent, Author};

/// `POST /v1/agent/service-requests/{id}/typing`.
pub(super) async fn agent(
    State(state): State<AppState>,
    caller: AgentCaller,
    PathId(id): PathId<ServiceRequestId>,
) -> Result<StatusCode, ApiError> {
    typing_of_agent(&state, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells the app's agents that the contact writes.
pub(super) async fn typing_of_contact(
    state: &AppState,
    caller: &ContactCaller,
    id: ServiceRequestId,
) -> Result<(), ApiError> {
    state.limits().typing.count(Typist::Contact(caller.scope.clone()))?;
    if !state.store().is_of_contact(&caller.scope, &id).await? {
        return Err(ApiError::not_found());
    }
    let note = ServerFrame::Typing { service_request_id: id, author: Author::Contact, agent: None };
    let agents = Audience::Agents(AgentScope::new(caller.scope.app_id().clone()));
    state.note(&agents, &note, None);
    Ok(())
}

/// Tells the contact and the app's other agents that an agent writes.
pub(super) async fn typing_of_agent(
    state: &AppState,
    caller: &AgentCaller,
    id: ServiceRequestId,
) -> Result<(), ApiError> {
    state.limits().typing.count(Typist::Agent(caller.key.id.clone()))?;
    let contact = state.store().contact_of(&caller.scope, &id).await?.ok_or_else(ApiError::not_found)?;
    let agent = caller.name().map(|name| Agent { name: name.to_owned() });
    let note = ServerFrame::Typing { service_request_id: id, author: Author::Agent, agent };
    state.note(&Audience::Contact(contact), &note, None);
    state.note(&Audience::Agents(caller.scope.clone()), &note, Some(&caller.key.id));
    Ok(())
}
