//! Pages of partners: one folder of `tests/pages` a case.

use crate::{BrowserKind, EngineKind, Result, paths};
use anyhow::Context as _;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What stands for the `{{name}}`s of a page.
pub type Values = BTreeMap<&'static str, Value>;

/// Runs under the policy of every page that lets its own scripts run.
const RECORDER: &str = "</title><script nonce=page src=/recorder.js></script>";

/// Allows a page everything but WebAssembly and `eval`.
const NO_WASM: &str = "script-src * data: blob: 'unsafe-inline'";

/// A server of host pages, on an origin of its own at another site than Thread's.
pub struct HostPages {
    port: u16,
    pages: Pages,
    serve: JoinHandle<()>,
}

type Pages = Arc<Mutex<BTreeMap<String, Page>>>;

#[derive(Clone)]
struct Page {
    html: String,
    headers: HeaderMap,
}

impl HostPages {
    /// Starts the server on a free port.
    ///
    /// # Errors
    /// If it cannot listen.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let pages = Pages::default();
        let router = Router::new()
            // Browsers ask for it by themselves; a 404 would be an error on the console.
            .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
            .route(
                "/recorder.js",
                get(|| async { ([(CONTENT_TYPE, "text/javascript")], include_str!("recorder.js")) }),
            )
            .route("/{case}/", get(page))
            .with_state(Arc::clone(&pages));
        let serve = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("serving never ends");
        });
        Ok(Self { port, pages, serve })
    }

    /// The pages' origin.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Fills in `tests/pages/<case>/index.html`; gives its address.
    ///
    /// # Errors
    /// If there is no such page, or if a name in it has no value.
    pub fn page(&self, case: &str, values: &Values) -> Result<String> {
        let mut html = fill(&read(case)?, values)?;
        if BrowserKind::chosen()? == BrowserKind::Webkit {
            html = html.replacen("</title>", RECORDER, 1);
        }
        let page = Page { html, headers: headers(case, values)? };
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).insert(case.to_owned(), page);
        Ok(format!("{}/{case}/", self.origin()))
    }
}

impl Drop for HostPages {
    fn drop(&mut self) {
        self.serve.abort();
    }
}

/// The source of a host page.
fn read(case: &str) -> Result<String> {
    let path = paths::workspace().join("tests/pages").join(case).join("index.html");
    std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))
}

/// `headers.json` of a case, if it has one: an object of header names and values. `{{name}}` stands for the text of
/// that name, as `{{thread}}` for Thread's origin. A case without a policy gets one that forbids WebAssembly, if that is
/// what is to be tested.
fn headers(case: &str, values: &Values) -> Result<HeaderMap> {
    let path = paths::workspace().join("tests/pages").join(case).join("headers.json");
    let mut headers = HeaderMap::new();
    if path.is_file() {
        let listed: BTreeMap<String, String> = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
        for (name, value) in listed {
            let texts = values.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
            let value =
                texts.fold(value, |value, (name, text)| value.replace(&["{{", name, "}}"].concat(), text));
            headers.insert(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
    }
    if EngineKind::chosen()? == EngineKind::Plain && !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(NO_WASM));
    }
    Ok(headers)
}

/// Puts values for the `{{name}}`s of a page: as JSON, which is JavaScript, with nothing in it that could end a
/// script.
///
/// # Errors
/// If a name has no value.
pub fn fill(html: &str, values: &Values) -> Result<String> {
    let mut filled = String::with_capacity(html.len());
    let mut rest = html;
    // Braces in scripts stay as they are: a name is letters alone.
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let name = after.split_once("}}").filter(|(name, _)| name.bytes().all(|b| b.is_ascii_alphabetic()));
        if let Some((name, after)) = name {
            let value = values.get(name).with_context(|| format!("no value for {name}"))?;
            filled.push_str(&value.to_string().replace('<', "\\u003c").replace('>', "\\u003e"));
            rest = after;
        } else {
            filled.push_str("{{");
            rest = after;
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

async fn page(State(pages): State<Pages>, Path(case): Path<String>) -> Response {
    let page = pages.lock().unwrap_or_else(PoisonError::into_inner).get(&case).cloned();
    match page {
        Some(page) => (page.headers, Html(page.html)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_filled_in_as_javascript() -> Result {
        let values = Values::from([("a", json!("x</script>\"")), ("b", json!({ "c": 1 }))]);
        assert_eq!(
            fill("f({{a}}, {{b}}); {{ not }}", &values)?,
            r#"f("x\u003c/script\u003e\"", {"c":1}); {{ not }}"#
        );
        assert!(fill("{{missing}}", &values).is_err());
        Ok(())
    }
}
