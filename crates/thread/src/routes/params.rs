//! Parts of the address, refused with problem documents.

use crate::error::ApiError;
use crate::state::AppState;
use crate::store::{ListCursor, ListPage, StoredServiceRequest};
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use protocol::ErrorCode;
use protocol::conversation::ListServiceRequestsResponse;
use protocol::wire::{Author, Status};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The one identifier in the path.
pub(super) struct PathId<T>(pub(super) T);

impl<T: From<String>> FromRequestParts<AppState> for PathId<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Path(id) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found())?;
        Ok(Self(T::from(findable(id))))
    }
}

/// Whether a database can be asked for this identifier: none has a NUL, and PostgreSQL takes no text with one.
pub(super) fn is_findable(id: &str) -> bool {
    !id.contains('\0')
}

/// The identifier, or one that nothing has where a database cannot be asked for it.
pub(super) fn findable(id: String) -> String {
    if is_findable(&id) { id } else { String::new() }
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

/// `?status=open&before=CURSOR&limit=N`.
#[derive(Deserialize)]
pub(super) struct ByStatus {
    pub(super) status: Option<Status>,
    before: Option<String>,
    limit: Option<u32>,
}

impl ByStatus {
    /// Which part of the list.
    pub(super) fn page(&self) -> Result<ListPage, ApiError> {
        list_page(self.before.as_deref(), self.limit)
    }
}

/// `?before=CURSOR&limit=N`.
#[derive(Deserialize)]
pub(super) struct Paged {
    before: Option<String>,
    limit: Option<u32>,
}

impl Paged {
    /// Which part of the list.
    pub(super) fn page(&self) -> Result<ListPage, ApiError> {
        list_page(self.before.as_deref(), self.limit)
    }
}

fn list_page(before: Option<&str>, limit: Option<u32>) -> Result<ListPage, ApiError> {
    let cursor = before
        .map(|text| {
            let told =
                || ApiError::field("before", "`before` must be the nextCursor of a list of this kind.");
            ListCursor::parse(text).ok_or_else(told)
        })
        .transpose()?;
    Ok(ListPage::new(cursor, limit))
}

/// A part of a list as `viewer` sees it, and where the next one begins.
pub(super) fn page(
    (stored, next): (Vec<StoredServiceRequest>, Option<ListCursor>),
    viewer: Author,
) -> ListServiceRequestsResponse {
    let service_requests = stored.iter().map(|one| one.to_wire(viewer)).collect();
    ListServiceRequestsResponse { service_requests, next_cursor: next.map(|cursor| cursor.to_string()) }
}
