//! Parts of the address, refused with problem documents.

use crate::error::ApiError;
use crate::state::AppState;
use crate::store::{ListCursor, ListPage, StoredServiceRequest};
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use protocol::ErrorCode;
use protocol::conversation::ListServiceRequestsResponse;
use protocol::wire::{Author, Status};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

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

/// A part of a list, and where the next one begins.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<T> {
    #[serde(flatten)]
    pub(super) list: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_cursor: Option<String>,
}

impl Page<ListServiceRequestsResponse> {
    /// As `viewer` sees it.
    pub(super) fn of(
        (stored, next): (Vec<StoredServiceRequest>, Option<ListCursor>),
        viewer: Author,
    ) -> Self {
        let service_requests = stored.iter().map(|one| one.to_wire(viewer)).collect();
        let list = ListServiceRequestsResponse { service_requests };
        Self { list, next_cursor: next.map(|cursor| cursor.to_string()) }
    }
}
