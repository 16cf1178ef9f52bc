//! Parts of the address, refused with problem documents.

use crate::error::ApiError;
use crate::state::AppState;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use protocol::ErrorCode;
use protocol::wire::Status;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The one identifier in the path.
pub(super) struct PathId<T>(pub(super) T);

impl<T: From<String>> FromRequestParts<AppState> for PathId<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Path(id) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found())?;
        Ok(Self(T::from(id)))
    }
}

/// The query.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let refused = |_| {
            ApiError::new(
                ErrorCode::InvalidParams,
                "A parameter in the address has a value that this call does not take.",
            )
        };
        let Query(params) = Query::<T>::from_request_parts(parts, state).await.map_err(refused)?;
        Ok(Self(params))
    }
}

/// `?after=SEQ`.
#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    pub(super) after: i64,
}

/// `?status=open`.
#[derive(Deserialize)]
pub(super) struct ByStatus {
    pub(super) status: Option<Status>,
}
