//! `GET /docs/errors`: what `MessengerError.docs` and a problem's `type` lead to, made from the list of codes.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::ErrorCode;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::LazyLock;

const STYLE: &str = include_str!("docs.css");

static PAGE: LazyLock<String> = LazyLock::new(page);
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

pub(super) async fn errors() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY.as_str()),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, PAGE.as_str()).into_response()
}

fn page() -> String {
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Error codes</title><style>{STYLE}</style></head><body><main>\
         <h1>Error codes</h1><p>What <code>MessengerError.code</code> in the page and <code>code</code> in Thread's \
         problem documents can be, why, and what to do.</p>"
    );
    for &code in ErrorCode::ALL {
        let name = code.as_str();
        let status = match code.status() {
            0 => "Raised in the page.".to_owned(),
            status => format!("HTTP status {status}."),
        };
        write!(
            page,
            "<section id=\"{name}\"><h2><a href=\"#{name}\">{name}</a></h2><p class=\"status\">{status}</p>\
             <dl><dt>Why</dt><dd>{}</dd><dt>What to do</dt><dd>{}</dd></dl></section>",
            rich(code.cause()),
            rich(code.cure()),
        )
        .expect("a String takes everything");
    }
    page.push_str("</main></body></html>");
    page
}

/// Escapes, and shows what stands between backticks as code.
fn rich(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut html = String::new();
    for (index, part) in escaped.split('`').enumerate() {
        if index % 2 == 1 {
            html.push_str("<code>");
            html.push_str(part);
            html.push_str("</code>");
        } else {
            html.push_str(part);
        }
    }
    html
}
