//! What the single-page app asks for.

use super::Visitor;
use super::pages::{end_session, replace_session};
use crate::dashboard::DEVICES;
use crate::{Portal, users};
use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// `POST /api/login`. As JSON, which a form of another site cannot send.
#[derive(Deserialize)]
pub(super) struct LoginRequest {
    email: String,
    password: String,
}

/// `GET /api/me`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MeResponse {
    email: &'static str,
    name: &'static str,
    company: &'static str,
    /// Made anew at each call; the secret that made it stays here.
    connection_key: String,
}

pub(super) async fn sign_in(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    Json(request): Json<LoginRequest>,
) -> Response {
    match users::authenticate(&request.email, &request.password) {
        Some(user) => {
            let cookie = replace_session(&portal, &headers, user);
            ([(SET_COOKIE, cookie)], StatusCode::NO_CONTENT).into_response()
        }
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

pub(super) async fn sign_out(State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Response {
    let cookie = end_session(&portal, &headers);
    ([(SET_COOKIE, cookie)], StatusCode::NO_CONTENT).into_response()
}

pub(super) async fn me(State(portal): State<Arc<Portal>>, Visitor(visitor): Visitor) -> Response {
    let Some(user) = visitor else { return StatusCode::UNAUTHORIZED.into_response() };
    Json(MeResponse {
        email: user.email,
        name: user.name,
        company: user.company,
        connection_key: portal.connection_key(user),
    })
    .into_response()
}

pub(super) async fn devices(Visitor(visitor): Visitor) -> Response {
    match visitor {
        Some(_) => Json(DEVICES).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}
