//! Pages that the server renders.

use super::Visitor;
use crate::dashboard::{DEVICES, Device, SERVICES, Service};
use crate::headers::{self, Nonce};
use crate::script_value::ScriptValue;
use crate::users::{self, USERS, User};
use crate::{Portal, sessions};
use askama::Template;
use axum::extract::{Form, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Instant;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    users: &'a [User],
    email: &'a str,
    refused: bool,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    user: &'a User,
    devices: &'a [Device],
    services: &'a [Service],
    messenger: Messenger<'a>,
}

#[derive(Template)]
#[template(path = "app.html")]
struct AppPage<'a> {
    app_id: &'a str,
    widget_url: &'a str,
    users: &'a [User],
}

/// The article's snippet, with `connectionEmail` spelt right: the article's misspelling works, with a warning.
#[derive(Template)]
#[template(path = "messenger.html")]
struct Messenger<'a> {
    nonce: &'a str,
    app_id: ScriptValue<'a>,
    email: ScriptValue<'a>,
    connection_key: ScriptValue<'a>,
    widget_url: ScriptValue<'a>,
}

/// What the login form sends.
#[derive(Deserialize)]
pub(super) struct Credentials {
    email: String,
    password: String,
}

pub(super) async fn login(State(portal): State<Arc<Portal>>, Visitor(visitor): Visitor) -> Response {
    if visitor.is_some() {
        return Redirect::to("/home").into_response();
    }
    respond(&LoginPage { users: USERS, email: "", refused: false }, &portal, &Nonce::generate())
}

pub(super) async fn sign_in(
    State(portal): State<Arc<Portal>>,
    request_headers: HeaderMap,
    Form(credentials): Form<Credentials>,
) -> Response {
    let Some(user) = users::authenticate(&credentials.email, &credentials.password) else {
        let page = LoginPage { users: USERS, email: &credentials.email, refused: true };
        return (StatusCode::UNAUTHORIZED, respond(&page, &portal, &Nonce::generate())).into_response();
    };
    let cookie = replace_session(&portal, &request_headers, user);
    ([(SET_COOKIE, cookie)], Redirect::to("/home")).into_response()
}

pub(super) async fn sign_out(State(portal): State<Arc<Portal>>, request_headers: HeaderMap) -> Response {
    let cookie = end_session(&portal, &request_headers);
    ([(SET_COOKIE, cookie)], Redirect::to("/")).into_response()
}

pub(super) async fn home(State(portal): State<Arc<Portal>>, Visitor(visitor): Visitor) -> Response {
    let Some(user) = visitor else { return Redirect::to("/").into_response() };
    let nonce = Nonce::generate();
    let (connection_key, widget_url) = (portal.connection_key(user), portal.thread.widget_url());
    let page = HomePage {
        user,
        devices: DEVICES,
        services: SERVICES,
        messenger: Messenger {
            nonce: nonce.as_str(),
            app_id: ScriptValue(&portal.app_id),
            email: ScriptValue(user.email),
            connection_key: ScriptValue(&connection_key),
            widget_url: ScriptValue(&widget_url),
        },
    };
    respond(&page, &portal, &nonce)
}

pub(super) async fn app(State(portal): State<Arc<Portal>>) -> Response {
    let widget_url = portal.thread.widget_url();
    let page = AppPage { app_id: &portal.app_id, widget_url: &widget_url, users: USERS };
    respond(&page, &portal, &Nonce::generate())
}

/// A new token at each sign-in, so that one that somebody planted beforehand is worth nothing.
pub(super) fn replace_session(portal: &Portal, request_headers: &HeaderMap, user: &'static User) -> String {
    end_session(portal, request_headers);
    sessions::set_cookie(&portal.sessions.create(user, Instant::now()), portal.secure_cookies)
}

/// Ends the session on the server, too: a cookie that somebody copied is then worth nothing.
pub(super) fn end_session(portal: &Portal, request_headers: &HeaderMap) -> String {
    if let Some(token) = sessions::token(request_headers, portal.secure_cookies) {
        portal.sessions.end(token);
    }
    sessions::clear_cookie(portal.secure_cookies)
}

fn respond(page: &impl Template, portal: &Portal, nonce: &Nonce) -> Response {
    let html = page.render().expect("writing into a string cannot fail");
    headers::page(html, &headers::content_security_policy(nonce, &portal.thread))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The snippet byte for byte as the article prints it. `tests/e2e` signs in by it as it stands.
    const ARTICLE: &str = include_str!("../../tests/article-snippet.html");

    #[test]
    fn the_snippet_is_the_articles_but_for_its_misspelling() {
        let ours = Messenger {
            nonce: "NONCE",
            app_id: ScriptValue("YOUR_APP_ID"),
            email: ScriptValue("foo@bar.com"),
            connection_key: ScriptValue("XXXXXXXX"),
            widget_url: ScriptValue("https://messenger.chatgenie.io/widget.js"),
        };
        let expected = ARTICLE
            .replace("<script>", "<script nonce=\"NONCE\">")
            .replace("conenctionEmail", "connectionEmail");
        assert_eq!(ours.render().expect("renders"), expected.trim_end());
    }

    #[test]
    fn a_hostile_email_stays_a_string_in_the_snippet() {
        let hostile = "\"</script><script>alert(1)</script>\u{2028}'\\@x";
        let html = Messenger {
            nonce: "n",
            app_id: ScriptValue("a"),
            email: ScriptValue(hostile),
            connection_key: ScriptValue("k"),
            widget_url: ScriptValue("https://t/widget.js"),
        }
        .render()
        .expect("renders");
        assert_eq!(html.matches("<script").count(), 1);
        assert_eq!(html.matches("</script").count(), 1);
        let line =
            html.lines().find_map(|line| line.strip_prefix("connectionEmail: ")).expect("the email's line");
        let email: String = serde_json::from_str(line.trim_end_matches(',')).expect("one string");
        assert_eq!(email, hostile);
    }
}
