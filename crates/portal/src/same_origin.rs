//! Keeps other sites from posting in a user's name.
//!
//! `SameSite=Lax` already leaves the cookie out of their POSTs. The origin is checked as well, since a site may
//! be the same and the origin another (`evil.northwind.example`), and since signing somebody in under a
//! stranger's account needs no cookie at all.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Refuses every request that could change something and does not come from a page of this portal.
pub(crate) async fn require(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    if safe || is_same_origin(request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "This form was not sent from a page of this portal.\n").into_response()
    }
}

/// Browsers send `Origin` with every POST, and no page can forge it. Its absence is a refusal too.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(origin), Some(host)) = (text(ORIGIN), text(HOST)) else { return false };
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_origin_passes() {
        let check = |origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, "portal.example:8090".parse().expect("a header"));
            if let Some(origin) = origin {
                headers.insert(ORIGIN, origin.parse().expect("a header"));
            }
            is_same_origin(&headers)
        };
        assert!(check(Some("http://portal.example:8090")));
        assert!(check(Some("https://portal.example:8090")));
        for origin in
            ["http://evil.example", "http://portal.example", "http://a.portal.example:8090", "null", ""]
        {
            assert!(!check(Some(origin)), "{origin}");
        }
        assert!(!check(None));
    }
}
