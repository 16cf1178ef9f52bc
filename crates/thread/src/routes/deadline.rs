//! So long a request may take, from its head to its answer, and so many uploads may be on their way.

use crate::error::ApiError;
use crate::metrics::{self, Limit};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use protocol::ErrorCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Cuts off what takes longer, or brings more. A write that has begun runs to its end all the same.
pub(super) fn within<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    limit: Duration,
    body: DefaultBodyLimit,
) -> Router<S> {
    router.layer((from_fn_with_state(limit, cut_off), body))
}

async fn cut_off(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        metrics::count(Limit::RequestTime, 1);
        let too_slow = ApiError::with_status(
            StatusCode::REQUEST_TIMEOUT,
            ErrorCode::Unavailable,
            "The request did not arrive, or could not be answered, in time: try again.",
        );
        let mut response = too_slow.into_response();
        // Nobody waits for the rest of it.
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        response
    })
}

/// Turns away what comes while so many are on their way: each is held in memory.
pub(super) fn at_most<S: Clone + Send + Sync + 'static>(router: Router<S>, number: usize) -> Router<S> {
    let places = Arc::new(Semaphore::new(number.min(Semaphore::MAX_PERMITS)));
    router.layer(from_fn_with_state(places, take_a_place))
}

async fn take_a_place(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let Ok(_place) = places.try_acquire() else {
        metrics::count(Limit::UploadsInFlight, 1);
        return ApiError::busy("Too many files are on their way: try again.").into_response();
    };
    next.run(request).await
}
