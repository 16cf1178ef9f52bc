//! What the widget asks of Thread.

use crate::dom::value;
use crate::error::MessengerError;
use crate::lifecycle::{Failure, Fault};
use gloo_net::http::{Method, RequestBuilder};
use js_sys::{Object, Promise};
use protocol::wire::{CreateSessionRequest, LeakedSecretRequest};
use protocol::{AppId, ErrorCode};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReferrerPolicy, Request, RequestCache, RequestCredentials, RequestMode, Response,
};

#[wasm_bindgen]
extern "C" {
    /// gloo-net's own call would end the engine where a page has no `fetch`, or one that throws.
    #[wasm_bindgen(catch)]
    fn fetch(request: &Request, init: &Object) -> Result<JsValue, JsValue>;
}

/// Calls the page's `fetch`, which may be another's: whatever it gives is taken as a promise.
fn send(request: &Request, init: &Object) -> Option<JsFuture> {
    Some(JsFuture::from(Promise::resolve(&fetch(request, init).ok()?)))
}

/// Thread, at the origin that served `widget.js`.
#[derive(Clone)]
pub struct Thread {
    origin: String,
}

impl Thread {
    /// `origin`: scheme, host and port, without a slash at the end.
    pub fn new(origin: String) -> Self {
        Self { origin }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Signs the visitor in. A CORS-simple request: no preflight, so one round trip.
    ///
    /// # Errors
    /// Whatever Thread or the network said.
    pub async fn sign_in(
        &self,
        request: &CreateSessionRequest,
        signal: Option<AbortSignal>,
    ) -> Result<Session, Failure> {
        let answer =
            self.ask(self.request(Method::POST, "/v1/sessions"), Some(&json(request)), signal).await?;
        Session::read(answer).ok_or_else(not_understood)
    }

    /// Asks for the app's public configuration, of which the launcher needs the brand colour.
    ///
    /// # Errors
    /// Whatever Thread or the network said.
    pub async fn app(&self, app_id: &AppId, signal: Option<AbortSignal>) -> Result<String, Failure> {
        let app_id: String = js_sys::encode_uri_component(app_id.as_str()).into();
        let app = self.ask(self.request(Method::GET, &["/v1/apps/", &app_id].concat()), None, signal).await?;
        brand_color(&app).ok_or_else(not_understood)
    }

    /// Ends a session on the server. Nobody waits for the answer.
    pub fn revoke(&self, token: &str) {
        let request = self
            .request(Method::DELETE, "/v1/sessions/current")
            .header("Authorization", &["Bearer ", token].concat());
        send_and_forget(request, None);
    }

    /// Tells Thread the digest of a secret that a page has shown to the world, so that it is voided.
    pub async fn report_secret(&self, app_id: AppId, secret: &str) {
        if let Some(sha256) = sha256_hex(secret).await {
            let request = self.request(Method::POST, "/v1/leaked-secrets");
            send_and_forget(request, Some(&json(&LeakedSecretRequest { app_id, sha256 })));
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        RequestBuilder::new(&[&self.origin, path].concat())
            .method(method)
            .credentials(RequestCredentials::Omit)
            // Set although it is the default: options inherit what a page put on every object.
            .mode(RequestMode::Cors)
            .cache(RequestCache::NoStore)
            .referrer_policy(ReferrerPolicy::NoReferrer)
    }

    async fn ask(
        &self,
        request: RequestBuilder,
        body: Option<&str>,
        signal: Option<AbortSignal>,
    ) -> Result<JsValue, Failure> {
        let request = build(request.abort_signal(signal.as_ref()), body).ok_or_else(no_connection)?;
        let response = send(&request, &Object::new()).ok_or_else(no_connection)?;
        let response = response.await.map_err(|_| no_connection())?;
        // A page's `fetch` may be another's: the answer is used for what it can do, not for what it is.
        let response: Response = response.unchecked_into();
        let promise = response.json().map_err(|_| not_understood())?;
        let is_ok = response.ok();
        let retry_after_ms = retry_after_ms(&response);
        let content = JsFuture::from(promise).await;
        let Ok(content) = content else { return Err(not_understood()) };
        if is_ok {
            return Ok(content);
        }
        let error = match problem(&content) {
            Some(problem) => problem,
            None if response.status() == ErrorCode::RateLimited.status() => {
                MessengerError::new(ErrorCode::RateLimited, "There were too many requests from this address.")
            }
            None => return Err(not_understood()),
        };
        Err(Failure { fault: Fault::of(error.code), error, retry_after_ms })
    }
}

/// A session as the widget needs it. The panel gets the whole of Thread's answer.
#[derive(Clone)]
pub struct Session {
    /// Ends the session.
    pub token: String,
    /// Who is signed in.
    pub email: String,
    /// Messages that were not seen.
    pub unread: u32,
    /// Of the app, `#rrggbb`.
    pub brand_color: String,
    /// `protocol::wire::SessionResponse`, for the panel.
    pub response: JsValue,
}

impl Session {
    fn read(response: JsValue) -> Option<Self> {
        Some(Self {
            token: value::text(&response, "token")?,
            email: value::text(&value::get(&response, "user"), "email")?,
            unread: value::count(&response, "unread"),
            brand_color: brand_color(&value::get(&response, "app"))?,
            response,
        })
    }
}

/// Of a `protocol::wire::App`.
fn brand_color(app: &JsValue) -> Option<String> {
    value::text(&value::get(app, "theme"), "brandColor")
}

/// Of a `protocol::Problem`.
fn problem(content: &JsValue) -> Option<MessengerError> {
    Some(MessengerError {
        code: ErrorCode::parse(&value::text(content, "code")?)?,
        field: value::text(content, "field"),
        message: value::text(content, "detail")?,
    })
}

fn json(value: &impl Serialize) -> String {
    // Not the page's `JSON.stringify`: old libraries give strings and arrays a `toJSON`.
    serde_json::to_string(value).unwrap_or_default()
}

fn build(request: RequestBuilder, body: Option<&str>) -> Option<Request> {
    let request = match body {
        Some(body) => request.body(JsValue::from(body)),
        None => request.build(),
    };
    request.ok().map(Into::into)
}

/// Sends what is to arrive even if the page goes away right now.
fn send_and_forget(request: RequestBuilder, body: Option<&str>) {
    let init = Object::new();
    value::set(&init, "keepalive", &JsValue::TRUE);
    if let Some(answer) = build(request, body).and_then(|request| send(&request, &init)) {
        wasm_bindgen_futures::spawn_local(async move {
            let _ = answer.await;
        });
    }
}

fn retry_after_ms(response: &Response) -> Option<u32> {
    let seconds: u32 = response.headers().get("Retry-After").ok()??.parse().ok()?;
    seconds.checked_mul(1_000)
}

/// Nothing came back.
pub fn no_connection() -> Failure {
    transient(ErrorCode::Network, "Thread could not be reached. The widget tries again by itself.")
}

fn not_understood() -> Failure {
    transient(ErrorCode::Unavailable, "Thread's answer was not understood. The widget tries again by itself.")
}

/// A failure after which the same may work later.
pub fn transient(code: ErrorCode, message: &str) -> Failure {
    Failure { error: MessengerError::new(code, message), retry_after_ms: None, fault: Fault::Transient }
}

/// SHA-256 in hex, where the browser offers it: in secure contexts.
async fn sha256_hex(text: &str) -> Option<String> {
    let crypto = web_sys::window()?.crypto().ok()?;
    let promise = crypto.subtle().digest_with_str_and_u8_array("SHA-256", text.as_bytes()).ok()?;
    let digest = js_sys::Uint8Array::new(&JsFuture::from(promise).await.ok()?).to_vec();
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or_default();
    Some(digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect())
}
