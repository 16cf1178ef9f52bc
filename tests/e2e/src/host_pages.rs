//! Pages of partners: one folder of `tests/pages` a case.

use crate::{BrowserKind, EngineKind, Result, page_libraries, paths, until};
use anyhow::{Context as _, bail};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What stands for the `{{name}}`s of a page.
pub type Values = BTreeMap<&'static str, Value>;

/// Runs under the policy of every page that lets its own scripts run.
const RECORDER: &str = r#"</title><script nonce="page" src="/recorder.js"></script>"#;

/// Allows a page everything but WebAssembly and `eval`.
const NO_WASM: &str = "script-src * data: blob: 'unsafe-inline'";

/// A server of host pages, on an origin of its own at another site than Thread's.
pub struct HostPages {
    port: u16,
    pages: Pages,
    done: Arc<AtomicBool>,
    serve: JoinHandle<()>,
}

/// By their paths.
type Pages = Arc<Mutex<BTreeMap<String, Page>>>;

#[derive(Clone)]
struct Page {
    text: String,
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
        let (pages, done) = (Pages::default(), Arc::<AtomicBool>::default());
        let said = Arc::clone(&done);
        let router = Router::new()
            // Browsers ask for it by themselves; a 404 would be an error on the console.
            .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
            // Where monitors send what they have seen.
            .route("/sink", any(|| async { StatusCode::NO_CONTENT }))
            // What a page says that no driver may look into yet.
            .route(
                "/done",
                get(async move || {
                    said.store(true, Ordering::Relaxed);
                    StatusCode::NO_CONTENT
                }),
            )
            .route("/recorder.js", get(|| async { script(include_str!("recorder.js").to_owned()) }))
            .route("/page.js", get(|| async { script(include_str!("../../pages/page.js").to_owned()) }))
            .route("/lib/{name}", get(library))
            .route("/{case}/", get(async |pages, Path(case): Path<String>| page(&pages, &case, INDEX)))
            .route(
                "/{case}/{file}",
                get(async |pages, Path((case, file)): Path<(String, String)>| page(&pages, &case, &file)),
            )
            .with_state(Arc::clone(&pages));
        let serve = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("serving never ends");
        });
        Ok(Self { port, pages, done, serve })
    }

    /// The pages' origin.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Waits until a page has said, by a request of `/done`, that it is done with what breaks drivers.
    ///
    /// # Errors
    /// If it does not.
    pub async fn page_is_done(&self) -> Result {
        until("the page is done", async || Ok(self.done.load(Ordering::Relaxed))).await
    }

    /// Fills in the files of `tests/pages/<case>`; gives the address of its page.
    ///
    /// # Errors
    /// If there is no such page, or if a name in it has no value.
    pub fn page(&self, case: &str, values: &Values) -> Result<String> {
        let headers = headers(case, values)?;
        for (name, text) in read(case)? {
            let mut text = fill(&text, values).with_context(|| format!("tests/pages/{case}/{name}"))?;
            if BrowserKind::chosen()? == BrowserKind::Webkit {
                text = text.replacen("</title>", RECORDER, 1);
            }
            let mut page = Page { text, headers: HeaderMap::new() };
            let content_type = content_type(&name)?;
            page.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            if content_type == HTML {
                page.headers.extend(headers.clone());
            }
            self.pages.lock().unwrap_or_else(PoisonError::into_inner).insert(format!("{case}/{name}"), page);
        }
        Ok(format!("{}/{case}/", self.origin()))
    }
}

impl Drop for HostPages {
    fn drop(&mut self) {
        self.serve.abort();
    }
}

/// A case's page itself.
const INDEX: &str = "index.html";
/// What its answer says beside `Content-Type`.
const HEADERS: &str = "headers.json";

/// Names and sources of a case's files.
fn read(case: &str) -> Result<Vec<(String, String)>> {
    let folder = paths::workspace().join("tests/pages").join(case);
    let mut files = Vec::new();
    for file in std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if name != HEADERS {
            files.push((name, std::fs::read_to_string(file.path())?));
        }
    }
    Ok(files)
}

const HTML: &str = "text/html; charset=utf-8";

fn content_type(name: &str) -> Result<&'static str> {
    Ok(match name.rsplit('.').next() {
        Some("html") => HTML,
        Some("js") => "text/javascript",
        _ => bail!("{name} is neither a page nor a script"),
    })
}

/// `headers.json` of a case, if it has one: an object of header names and values. `{{name}}` stands for the text of
/// that name, as `{{thread}}` for Thread's origin. A case without a policy gets one that forbids WebAssembly, if that is
/// what is to be tested.
fn headers(case: &str, values: &Values) -> Result<HeaderMap> {
    let path = paths::workspace().join("tests/pages").join(case).join(HEADERS);
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

fn page(State(pages): &State<Pages>, case: &str, file: &str) -> Response {
    let page = pages.lock().unwrap_or_else(PoisonError::into_inner).get(&format!("{case}/{file}")).cloned();
    match page {
        Some(page) => (page.headers, page.text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A library of the page's own; says what is missing where it would be looked for.
async fn library(Path(name): Path<String>) -> Response {
    match page_libraries::read(&name) {
        Ok(text) => script(text).into_response(),
        Err(error) => (StatusCode::NOT_FOUND, format!("{error:#}")).into_response(),
    }
}

fn script(text: String) -> impl axum::response::IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], text)
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
