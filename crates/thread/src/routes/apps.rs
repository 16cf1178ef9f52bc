//! `GET /v1/apps/{appId}`: what a visit without a key asks first.

use super::body::WrittenJson;
use super::params::PathId;
use crate::auth::PublicCaller;
use crate::error::ApiError;
use crate::state::AppState;
use axum::extract::State;
use protocol::AppId;

pub(super) async fn show(
    State(state): State<AppState>,
    caller: PublicCaller,
    PathId(id): PathId<AppId>,
) -> Result<WrittenJson, ApiError> {
    Ok(WrittenJson::of(caller.app(&id)?.shown(state.clock().now_ms())))
}
