//! Response headers, as a portal with care for its users sends them.

use crate::config::ThreadOrigin;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Marks the inline scripts that the portal itself wrote: new for each page, so that nobody can guess it.
pub(crate) struct Nonce(String);

impl Nonce {
    pub(crate) fn generate() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the system's random source works");
        Self(STANDARD.encode(bytes))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a page may do. Thread's origin appears three times, and that is all the messenger asks for: its script,
/// its requests, its frame.
pub(crate) fn content_security_policy(nonce: &Nonce, thread: &ThreadOrigin) -> String {
    let nonce = nonce.as_str();
    [
        "default-src 'none'",
        // 'wasm-unsafe-eval' lets the messenger's engine run as WebAssembly. It allows no `eval` of JavaScript.
        // Without it the messenger fetches its plain-JavaScript engine instead.
        &format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval' {thread}"),
        &format!("connect-src 'self' {thread}"),
        &format!("frame-src {thread}"),
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    .join("; ")
}

/// A page under its policy. It holds a connection key, so nothing between here and the user may keep it.
pub(crate) fn page(html: String, policy: &str) -> Response {
    let policy = HeaderValue::try_from(policy).expect("a nonce and an origin are visible ASCII");
    ([(CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response()
}

/// Headers of every response.
pub(crate) async fn common(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
