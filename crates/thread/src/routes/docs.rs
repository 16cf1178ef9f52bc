//! `GET /docs/errors`: what `MessengerError.docs` and a problem's `type` lead to, made from the list of codes.

use super::html::{page, rich};
use axum::response::Response;
use protocol::ErrorCode;
use std::fmt::Write as _;
use std::sync::LazyLock;

static ERRORS: LazyLock<String> = LazyLock::new(body);

pub(super) async fn errors() -> Response {
    page("Error codes", &ERRORS, "public, max-age=300")
}

fn body() -> String {
    let mut body = String::from(
        "<h1>Error codes</h1><p>What <code>MessengerError.code</code> in the page and <code>code</code> in Thread's \
         problem documents can be, why, and what to do.</p>",
    );
    for &code in ErrorCode::ALL {
        let name = code.as_str();
        let status = match code.status() {
            0 => "Raised in the page.".to_owned(),
            status => format!("HTTP status {status}."),
        };
        write!(
            body,
            "<section id=\"{name}\"><h2><a href=\"#{name}\">{name}</a></h2><p class=\"status\">{status}</p>\
             <dl><dt>Why</dt><dd>{}</dd><dt>What to do</dt><dd>{}</dd></dl></section>",
            rich(code.cause()),
            rich(code.cure()),
        )
        .expect("a String takes everything");
    }
    body
}
