//! The portal's addresses.

mod api;
mod assets;
mod pages;

use crate::users::User;
use crate::{Portal, headers, same_origin, sessions};
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::request::Parts;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

/// No form of the portal is longer.
const MAX_BODY_BYTES: usize = 16 * 1024;

/// The portal as a service.
pub fn router(portal: Portal) -> Router {
    Router::new()
        // Pages that the server renders.
        .route("/", get(pages::login))
        .route("/login", post(pages::sign_in))
        .route("/logout", post(pages::sign_out))
        .route("/home", get(pages::home))
        // The single-page app: one shell for all of its routes, and what it asks for.
        .route("/app", get(pages::app))
        .route("/app/{*route}", get(pages::app))
        .route("/api/login", post(api::sign_in))
        .route("/api/logout", post(api::sign_out))
        .route("/api/me", get(api::me))
        .route("/api/devices", get(api::devices))
        .route("/static/{name}", get(assets::asset))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn(same_origin::require))
        .layer(from_fn(headers::common))
        .with_state(Arc::new(portal))
}

/// Who sent the request, by the session cookie.
struct Visitor(Option<&'static User>);

impl FromRequestParts<Arc<Portal>> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, portal: &Arc<Portal>) -> Result<Self, Self::Rejection> {
        let token = sessions::token(&parts.headers, portal.secure_cookies);
        Ok(Self(token.and_then(|token| portal.sessions.user(token, Instant::now()))))
    }
}
