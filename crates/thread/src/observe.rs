//! Logs: one line a request, with its id, and nothing that could be a secret or a person.
//!
//! The route is logged as its pattern (`/v1/apps/{appId}`), not as it was asked for, since anything may stand in an
//! address. Queries, headers, bodies, emails, keys and tokens are never logged.

use crate::crypto::uuid_v7;
use crate::error::{internal, problem_response};
use crate::metrics;
use crate::state::AppState;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::any::Any;
use std::net::SocketAddr;
use std::time::Instant;
use tracing::Instrument as _;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives each request an id and logs how it went.
pub(crate) async fn request(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = given_id(&request, &state).unwrap_or_else(|| uuid_v7(state.clock().now_ms()));
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!("request", id = %id, %method, %route);
    let started = Instant::now();
    let work = async move {
        let mut response = next.run(request).await;
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        let took = started.elapsed();
        metrics::answered(&method, &route, response.status(), took);
        let latency_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        tracing::info!(status = response.status().as_u16(), latency_us, "answered");
        response
    };
    work.instrument(span).await
}

/// The id that a trusted proxy gave the request, so that its logs and these can be read side by side.
fn given_id(request: &Request, state: &AppState) -> Option<String> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let ip = peer.ip().to_canonical();
    if !state.trusted_proxies().iter().any(|net| net.contains(&ip)) {
        return None;
    }
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    ((1..=64).contains(&id.len()) && id.bytes().all(is_plain)).then(|| id.to_owned())
}

/// A handler panicked. The hook has logged where.
pub(crate) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    problem_response(&internal())
}
