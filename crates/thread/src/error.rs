//! What a refused request answers with, and where internal errors are logged: here, once.

use crate::limits::Limited;
use crate::store::StoreError;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use protocol::{ErrorCode, Problem};

/// An answer other than success.
#[derive(Debug)]
pub enum ApiError {
    /// The caller is told what is wrong.
    Problem(Box<Problem>),
    /// Over a limit.
    Limited(Limited),
    /// No room at this moment.
    Busy(Box<Problem>),
    /// A fault of the service; the caller is told nothing of it.
    Store(StoreError),
}

impl ApiError {
    /// A problem with the code's own status.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self::Problem(Box::new(Problem::new(code, detail)))
    }

    /// `422`: this field is wrong.
    pub fn field(field: &'static str, detail: impl Into<String>) -> Self {
        Self::Problem(Box::new(Problem::new(ErrorCode::InvalidParams, detail).with_field(field)))
    }

    /// `404`, the same whether it is not there or not the caller's.
    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound, "There is nothing at this address that you may see.")
    }

    /// The code that the caller is told.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Problem(problem) | Self::Busy(problem) => problem.code,
            Self::Limited(_) => ErrorCode::RateLimited,
            Self::Store(error) if error.is_transient() => ErrorCode::Unavailable,
            Self::Store(_) => ErrorCode::Internal,
        }
    }

    /// `503`: the same may work in a moment.
    pub fn busy(detail: &str) -> Self {
        Self::Busy(Box::new(Problem::new(ErrorCode::Unavailable, detail)))
    }

    /// A problem whose status is not the code's usual one.
    pub fn with_status(status: StatusCode, code: ErrorCode, detail: &str) -> Self {
        let mut problem = Problem::new(code, detail);
        problem.status = status.as_u16();
        Self::Problem(Box::new(problem))
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Limited> for ApiError {
    fn from(limited: Limited) -> Self {
        Self::Limited(limited)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem_response(&problem),
            Self::Busy(problem) => retry_later(&problem, 1),
            Self::Limited(Limited { retry_after_s }) => {
                let detail = format!("Too many requests: try again in {retry_after_s} seconds.");
                retry_later(&Problem::new(ErrorCode::RateLimited, detail), retry_after_s)
            }
            Self::Store(error) if error.is_transient() => {
                tracing::error!(%error, "the database cannot answer");
                retry_later(
                    &Problem::new(ErrorCode::Unavailable, "Thread cannot answer right now: try again."),
                    1,
                )
            }
            Self::Store(error) => {
                tracing::error!(%error, "internal error");
                problem_response(&internal())
            }
        }
    }
}

/// What is told of a fault: nothing.
pub(crate) fn internal() -> Problem {
    Problem::new(ErrorCode::Internal, "A fault of the service; it was logged with the id in x-request-id.")
}

/// `application/problem+json`.
pub(crate) fn problem_response(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_string(problem).expect("problems serialise");
    (status, [(CONTENT_TYPE, "application/problem+json")], body).into_response()
}

fn retry_later(problem: &Problem, retry_after_s: u64) -> Response {
    let mut response = problem_response(problem);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after_s));
    response
}
