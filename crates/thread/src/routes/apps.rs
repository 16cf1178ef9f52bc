//! `GET /v1/apps/{appId}`: what a visit without a key asks first.

use super::params::PathId;
use crate::auth::PublicCaller;
use crate::error::ApiError;
use axum::Json;
use protocol::AppId;
use protocol::wire::App;

pub(super) async fn show(caller: PublicCaller, PathId(id): PathId<AppId>) -> Result<Json<App>, ApiError> {
    Ok(Json(caller.app(&id)?.public.clone()))
}
