//! A browser in small: it keeps the session's cookie and sends an origin.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, HeaderName, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::{Router, http};
use http_body_util::BodyExt as _;
use portal::Portal;
use signing::Secret;
use std::fmt::Write as _;
use tower::ServiceExt as _;

/// The secret of the first vectors in `tests/vectors/connection-keys.json`.
pub const SECRET: &str = "cgs_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// One browser at a portal of its own; a clone is another browser with the same cookie.
#[derive(Clone)]
pub struct Client {
    portal: Router,
    cookie: Option<String>,
    origin: Option<&'static str>,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// A header that is there.
    pub fn header(&self, name: &HeaderName) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("no {name} in a {}", self.status));
        value.to_str().expect("ASCII")
    }
}

impl Client {
    pub fn new() -> Self {
        let thread = "http://127.0.0.1:8080".parse().expect("an origin");
        let portal = Portal::new("app-1", thread, Secret::from_text(SECRET).expect("a secret"));
        Self { portal: portal::router(portal), cookie: None, origin: Some("http://localhost:8090") }
    }

    /// The same browser, but its requests claim to come from a page of `origin`.
    pub fn at_origin(&self, origin: Option<&'static str>) -> Self {
        Self { origin, ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(path).method("GET").body(Body::empty())).await
    }

    pub async fn sign_in(&mut self, (email, password): (&str, &str)) -> Answer {
        self.post_form("/login", &format!("email={}&password={}", form_escape(email), form_escape(password)))
            .await
    }

    pub async fn post_form(&mut self, path: &str, body: &str) -> Answer {
        self.post(path, "application/x-www-form-urlencoded", body).await
    }

    pub async fn post_json(&mut self, path: &str, body: &str) -> Answer {
        self.post(path, "application/json", body).await
    }

    pub async fn post(&mut self, path: &str, content_type: &str, body: &str) -> Answer {
        let mut request = self.request(path).method("POST").header(CONTENT_TYPE, content_type);
        if let Some(origin) = self.origin {
            request = request.header(ORIGIN, origin);
        }
        let answer = self.send(request.body(Body::from(body.to_owned()))).await;
        if let Some(cookie) = answer.headers.get(SET_COOKIE) {
            let pair = cookie.to_str().expect("ASCII").split(';').next().unwrap_or_default();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        answer
    }

    fn request(&self, path: &str) -> http::request::Builder {
        let request = Request::builder().uri(path).header(HOST, "localhost:8090");
        match &self.cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        }
    }

    async fn send(&self, request: http::Result<Request<Body>>) -> Answer {
        let Ok(response) = self.portal.clone().oneshot(request.expect("a valid request")).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        let body = String::from_utf8(body.to_vec()).expect("UTF-8");
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// Every byte as `%xx`.
fn form_escape(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        write!(escaped, "%{byte:02x}").expect("writing into a string cannot fail");
        escaped
    })
}
