//! `/v1/versions` and `/v/{version}/{file}`: the widget at addresses whose content never changes.

use super::assets::{IMMUTABLE, serve};
use crate::auth::AnyCaller;
use crate::error::ApiError;
use crate::state::AppState;
use crate::versions::WidgetVersion;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use protocol::ErrorCode;
use serde::Serialize;
use utoipa::ToSchema;

/// `GET /v1/versions`.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionList {
    /// The one that `/widget.js` is.
    current: Option<String>,
    /// All of them.
    versions: Vec<Version>,
}

/// One version of the widget.
#[derive(Serialize, ToSchema)]
struct Version {
    /// Its name in addresses.
    version: String,
    /// `widget.js` first; then what it fetches by itself, where it needs it.
    files: Vec<VersionFile>,
}

/// A file of a version.
#[derive(Serialize, ToSchema)]
struct VersionFile {
    /// Where it is on this origin.
    path: String,
    /// Of the `integrity` attribute.
    integrity: String,
}

pub(super) async fn list(State(state): State<AppState>, _: AnyCaller) -> Json<VersionList> {
    let versions = state.versions();
    Json(VersionList {
        current: versions.current().map(|version| version.id().to_owned()),
        versions: versions.all().map(version).collect(),
    })
}

fn version(version: &WidgetVersion) -> Version {
    let id = version.id();
    let file = |(name, asset): (&str, &crate::assets::Asset)| VersionFile {
        path: format!("/v/{id}/{name}"),
        integrity: asset.integrity().to_owned(),
    };
    Version { version: id.to_owned(), files: version.files().map(file).collect() }
}

pub(super) async fn file(
    State(state): State<AppState>,
    Path((version, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let version = state.versions().find(&version).ok_or_else(|| {
        ApiError::new(
            ErrorCode::NotFound,
            "This Thread has no such version of the widget; GET /v1/versions lists those that it has.",
        )
    })?;
    let asset = version.file(&name).ok_or_else(ApiError::not_found)?;
    Ok(serve(asset, &headers, IMMUTABLE))
}
