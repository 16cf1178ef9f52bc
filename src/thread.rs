//! What the widget asks of Thread.

use crate::answer::{Failure, Fault, Look};
use crate::dom::{self, Asked, value};
use crate::error::MessengerError;
use crate::json;
use protocol::wire::{MESSENGER_AUTH, Position};
use protocol::{AppId, AttemptId, ErrorCode};
use wasm_bindgen::JsValue;

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

    /// The panel's address for an app. It fetches the texts of its language while its engine loads.
    pub fn panel(&self, app_id: &AppId, language: &str) -> String {
        [
            &self.origin,
            "/messenger/?host=widget&locale=",
            &encode(language),
            "&appId=",
            &encode(app_id.as_str()),
        ]
        .concat()
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Signs the visitor in. A CORS-simple request: no preflight, so one round trip.
    pub fn sign_in(
        &self,
        credentials: &Credentials,
        mut done: impl FnMut(Result<Session, Failure>) + 'static,
    ) -> Asked {
        let body = credentials.json();
        dom::request("POST", &self.address("/v1/sessions"), Some(&body), move |answer| {
            done(content(&answer).and_then(|content| Session::read(content).ok_or_else(not_understood)));
        })
    }

    /// Asks for the app's public configuration, of which the launcher needs the look.
    pub fn app(&self, app_id: &AppId, mut done: impl FnMut(Result<Look, Failure>) + 'static) -> Asked {
        let address = [&self.origin, "/v1/apps/", &encode(app_id.as_str())].concat();
        dom::request("GET", &address, None, move |answer| {
            done(content(&answer).and_then(|app| look(&app).ok_or_else(not_understood)));
        })
    }

    /// Ends a session on the server. Nobody waits for the answer.
    pub fn revoke(&self, token: &str) {
        dom::send("DELETE", &self.address("/v1/sessions/current"), &["Bearer ", token].concat());
    }

    /// Tells Thread the digest of a secret that a page has shown to the world, so that it is voided. A page may name no app:
    /// then the secret stands in its place.
    pub fn report_secret(&self, app_id: Option<&AppId>, secret: &str) {
        let body = json::object(&[("appId", app_id.map_or("", AppId::as_str)), ("sha256", "")]);
        let (before, after) = body.split_at(body.len() - 2);
        dom::send_digest(&self.address("/v1/leaked-secrets"), before, secret, after);
    }

    fn address(&self, path: &str) -> String {
        [&self.origin, path].concat()
    }
}

/// What signs a visitor in: a `protocol::wire::CreateSessionRequest::MessengerAuth`.
pub struct Credentials<'a> {
    /// The app.
    pub app_id: &'a AppId,
    /// As the key covers it.
    pub email: &'a str,
    /// The portal's key.
    pub key: &'a str,
    /// Lets Thread take a v2 key again from this load of the page.
    pub attempt_id: &'a AttemptId,
}

impl Credentials<'_> {
    fn json(&self) -> String {
        json::object(&[
            ("connectionType", MESSENGER_AUTH),
            ("appId", self.app_id.as_str()),
            ("connectionEmail", self.email),
            ("connectionKey", self.key),
            ("attemptId", self.attempt_id.as_str()),
        ])
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
    /// Whether a service request is open.
    pub has_open_request: bool,
    /// Of the app.
    pub look: Look,
    /// `protocol::wire::SessionResponse`, for the panel.
    pub response: JsValue,
}

impl Session {
    fn read(response: JsValue) -> Option<Self> {
        Some(Self {
            token: value::text(&response, "token")?,
            email: value::text(&value::get(&response, "user"), "email")?,
            unread: value::count(&response, "unread"),
            has_open_request: value::count(&response, "openServiceRequests") > 0,
            look: look(&value::get(&response, "app"))?,
            response,
        })
    }
}

/// The look that a `protocol::wire::App` asks for.
fn look(app: &JsValue) -> Option<Look> {
    let theme = value::get(app, "theme");
    Some(Look {
        brand_color: value::text(&theme, "brandColor")?,
        position: value::text(&theme, "position").map(|position| {
            if position == Position::Left.as_str() { Position::Left } else { Position::Right }
        }),
    })
}

/// What Thread said, or why that is of no use.
fn content(answer: &JsValue) -> Result<JsValue, Failure> {
    let status = value::count(answer, "status");
    if status == 0 {
        return Err(no_connection());
    }
    let content = value::get(answer, "content");
    if status < 300 {
        return Ok(content);
    }
    let error = match problem(&content) {
        Some(problem) => problem,
        None if status == u32::from(ErrorCode::RateLimited.status()) => {
            MessengerError::new(ErrorCode::RateLimited, "There were too many requests from this address.")
        }
        None => return Err(not_understood()),
    };
    let retry_after_ms =
        value::text(answer, "retryAfter").and_then(|seconds| seconds.parse::<u32>().ok()?.checked_mul(1_000));
    Err(Failure { fault: Fault::of(error.code), error, retry_after_ms })
}

/// Of a `protocol::Problem`.
fn problem(content: &JsValue) -> Option<MessengerError> {
    Some(MessengerError {
        code: ErrorCode::parse(&value::text(content, "code")?)?,
        field: value::text(content, "field"),
        message: value::text(content, "detail")?,
    })
}

/// Nothing came back.
pub fn no_connection() -> Failure {
    Failure::transient(ErrorCode::Network, "Thread could not be reached. The widget tries again by itself.")
}

fn not_understood() -> Failure {
    Failure::transient(
        ErrorCode::Unavailable,
        "Thread's answer was not understood. The widget tries again by itself.",
    )
}

/// An app id is the page's text: it goes into an address as one value.
fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use protocol::wire::CreateSessionRequest;

    #[test]
    fn credentials_are_what_the_protocol_says() {
        let (app_id, attempt_id) = (AppId::from("an \"app\""), AttemptId::from("1"));
        let credentials =
            Credentials { app_id: &app_id, email: "ann@x.com", key: "k\\e\ny", attempt_id: &attempt_id };
        match serde_json::from_str(&credentials.json()).expect("JSON") {
            CreateSessionRequest::MessengerAuth {
                app_id: id,
                connection_email,
                connection_key,
                attempt_id: attempt,
            } => {
                assert_eq!((id, attempt), (app_id.clone(), Some(attempt_id.clone())));
                assert_eq!((connection_email.as_str(), connection_key.as_str()), ("ann@x.com", "k\\e\ny"));
            }
            CreateSessionRequest::Pin { .. } => panic!("another way to sign in"),
        }
    }
}
