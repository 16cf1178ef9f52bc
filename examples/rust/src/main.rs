#![doc = include_str!("../README.md")]

mod connection_key;
mod pages;

use anyhow::{Context as _, Result};
use askama::Template;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use pages::{HomePage, LoginPage};
use signing::{Secret, sign_v1};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A demo's users and passwords. A real portal keeps password hashes.
const USERS: &[(&str, &str)] = &[
    ("ann@example.com", "demo-lantern-42"),
    ("ann+test@example.com", "demo-harvest-17"),
    ("o'neil@example.com", "demo-copper-58"),
    ("zoë@example.com", "demo-meadow-23"),
];

struct Portal {
    secret: Secret,
    app_id: String,
    widget_url: String,
    /// Token to email.
    sessions: Mutex<HashMap<String, &'static str>>,
}

type Shared = State<Arc<Portal>>;

#[tokio::main]
async fn main() -> Result<()> {
    let thread_url = setting("THREAD_URL").unwrap_or_else(|_| "http://127.0.0.1:8080".to_owned());
    let portal = Portal {
        secret: connection_key::clean_secret(&setting("CHATGENIE_SECRET")?)?,
        app_id: setting("CHATGENIE_APP_ID")?,
        widget_url: format!("{thread_url}/widget.js"),
        sessions: Mutex::default(),
    };
    let port = setting("PORT").unwrap_or_else(|_| "8090".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    eprintln!("portal: listening on http://{}", listener.local_addr()?);
    let routes = Router::new()
        .route("/", get(login_page))
        .route("/login", post(login))
        .route("/logout", post(logout))
        .route("/home", get(home))
        .route("/home-v2", get(home_v2))
        .route("/connection-key", get(connection_key))
        .with_state(Arc::new(portal));
    Ok(axum::serve(listener, routes).await?)
}

fn setting(name: &str) -> Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set"))
}

impl Portal {
    fn sessions(&self) -> std::sync::MutexGuard<'_, HashMap<String, &'static str>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The email of the portal's own session. From a request, it would let anybody be anybody.
    fn email(&self, headers: &HeaderMap) -> Option<&'static str> {
        self.sessions().get(token(headers)?).copied()
    }

    fn page(&self, email: &str, key: Option<&str>) -> Response {
        let page = HomePage { app_id: &self.app_id, email, widget_url: &self.widget_url, key };
        show(StatusCode::OK, &page)
    }
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get(COOKIE)?.to_str().ok()?;
    cookies.split("; ").find_map(|cookie| cookie.strip_prefix("portal="))
}

async fn login_page(State(portal): Shared, headers: HeaderMap) -> Response {
    match portal.email(&headers) {
        Some(_) => Redirect::to("/home").into_response(),
        None => show(StatusCode::OK, &LoginPage { refused: false }),
    }
}

#[derive(serde::Deserialize)]
struct Credentials {
    email: String,
    password: String,
}

async fn login(State(portal): Shared, Form(typed): Form<Credentials>) -> Response {
    let known = USERS.iter().find(|(email, password)| *email == typed.email && *password == typed.password);
    let Some((email, _)) = known else {
        return show(StatusCode::UNAUTHORIZED, &LoginPage { refused: true });
    };
    let mut bytes = [0; 32];
    if getrandom::fill(&mut bytes).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let token = hex::encode(bytes);
    let cookie = format!("portal={token}; Path=/; HttpOnly; SameSite=Lax");
    portal.sessions().insert(token, email);
    ([(SET_COOKIE, cookie)], Redirect::to("/home")).into_response()
}

async fn logout(State(portal): Shared, headers: HeaderMap) -> Response {
    if let Some(token) = token(&headers) {
        portal.sessions().remove(token);
    }
    ([(SET_COOKIE, "portal=; Path=/; Max-Age=0")], Redirect::to("/")).into_response()
}

async fn home(State(portal): Shared, headers: HeaderMap) -> Response {
    match portal.email(&headers) {
        Some(email) => portal.page(email, Some(&sign_v1(&portal.secret, email))),
        None => Redirect::to("/").into_response(),
    }
}

/// Without a key in it: the page asks for one whenever it needs one, so one that stays open never holds an old one.
async fn home_v2(State(portal): Shared, headers: HeaderMap) -> Response {
    match portal.email(&headers) {
        Some(email) => portal.page(email, None),
        None => Redirect::to("/").into_response(),
    }
}

async fn connection_key(State(portal): Shared, headers: HeaderMap) -> Response {
    let Some(email) = portal.email(&headers) else { return StatusCode::UNAUTHORIZED.into_response() };
    match connection_key::short_lived(&portal.secret, &portal.app_id, email) {
        Ok(key) => ([(CACHE_CONTROL, "no-store")], key).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The pages hold a key, so nothing between here and the user may keep them.
fn show(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [(CACHE_CONTROL, "no-store")], Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
