//! `/tools/csp`: what a page's policy has to allow, and what a given one lacks. It fetches nothing: policies are pasted.

use super::html::{escape, page, rich};
use crate::csp::{Engine, Finding, Level, Loading, Page, Report, check, parse, ways};
use crate::origin::Origin;
use crate::state::AppState;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use std::fmt::Write as _;
use url::form_urlencoded;

/// A policy is a few hundred bytes; servers take no header of this size.
pub(super) const MAX_FORM_BYTES: usize = 16 * 1024;

/// What was typed into the form.
#[derive(Default)]
struct Form {
    policy: String,
    page: String,
    loading: String,
}

const LOADINGS: [(&str, &str, Loading); 3] = [
    ("snippet", "the snippet (an inline script)", Loading::Snippet),
    ("tag", "a tag in the page's HTML", Loading::Tag),
    ("package", "the npm package", Loading::Package),
];

pub(super) async fn show(State(state): State<AppState>) -> Response {
    answer(&state, &Form::default(), None)
}

pub(super) async fn submit(State(state): State<AppState>, body: Result<Bytes, BytesRejection>) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let message = format!("This is more than {} KB. Check less at a time.", MAX_FORM_BYTES / 1024);
            let page = answer(&state, &Form::default(), Some(Err(message)));
            return (StatusCode::PAYLOAD_TOO_LARGE, page).into_response();
        }
        Err(rejection) => return rejection.into_response(),
    };
    let mut form = Form::default();
    for (name, value) in form_urlencoded::parse(&body) {
        match name.as_ref() {
            "policy" => form.policy = value.into_owned(),
            "page" => form.page = value.into_owned(),
            "loading" => form.loading = value.into_owned(),
            _ => {}
        }
    }
    let own = match form.page.trim() {
        "" => Ok(None),
        text => origin_of(text).map(Some),
    };
    let loading =
        LOADINGS.iter().find(|(name, ..)| *name == form.loading).map_or(Loading::Snippet, |found| found.2);
    let result = own.and_then(|own| {
        let policies = parse(&form.policy).map_err(|error| error.to_string())?;
        Ok(check(&policies, &Page { thread: state.public_origin(), own: own.as_ref(), loading }))
    });
    answer(&state, &form, Some(result))
}

/// A page's whole address will do.
fn origin_of(text: &str) -> Result<Origin, String> {
    let url = url::Url::parse(text)
        .map_err(|_| "The page's address has to begin with https:// or http://.".to_owned())?;
    Origin::parse(&url.origin().ascii_serialization())
        .map_err(|_| "The page's address has to begin with https:// or http://.".to_owned())
}

fn answer(state: &AppState, form: &Form, result: Option<Result<Report, String>>) -> Response {
    let thread = state.public_origin();
    let mut body = format!(
        "<h1>Content-Security-Policy</h1><p>A page that has a policy has to allow the messenger of <code>{}</code>. Paste \
         yours, and see what is missing. Nothing is fetched, and nothing is kept.</p>",
        escape(thread.as_str())
    );
    write_form(&mut body, form);
    match result {
        None => {}
        Some(Err(message)) => {
            let _ = write!(body, "<p class=\"verdict bad\" role=\"alert\">{}</p>", escape(&message));
        }
        Some(Ok(report)) => write_report(&mut body, &report),
    }
    body.push_str("<h2 class=\"part\">What to allow</h2><p>Add these values to the directives that your policy has; a directive that it has not yet begins with what <code>default-src</code> says.</p>");
    for way in ways(thread, "YOUR_APP_ID", state.versions().current()) {
        let _ = write!(
            body,
            "<section id=\"{}\"><h3>{}</h3><p>{}</p><pre>",
            way.name,
            escape(way.title),
            rich(way.about)
        );
        for added in &way.directives {
            let _ = writeln!(body, "{} {}", added.directive, escape(&added.values.join(" ")));
        }
        let _ = write!(body, "</pre><pre>{}</pre></section>", escape(&way.tag));
    }
    page("Content-Security-Policy for the messenger", &body, "no-store")
}

fn write_form(body: &mut String, form: &Form) {
    let _ = write!(
        body,
        "<form method=\"post\" action=\"/tools/csp\"><label for=\"policy\">The header, or the <code>&lt;meta&gt;</code> tag</label>\
         <textarea id=\"policy\" name=\"policy\" rows=\"6\" spellcheck=\"false\" required \
         placeholder=\"Content-Security-Policy: default-src 'self'; …\">{}</textarea>\
         <label for=\"page\">The page's address, if the policy says <code>'self'</code> (optional)</label>\
         <input id=\"page\" name=\"page\" type=\"url\" value=\"{}\" placeholder=\"https://portal.example\">\
         <label for=\"loading\">The page gets the messenger by</label><select id=\"loading\" name=\"loading\">",
        escape(&form.policy),
        escape(&form.page)
    );
    for (name, title, _) in LOADINGS {
        let selected = if name == form.loading { " selected" } else { "" };
        let _ = write!(body, "<option value=\"{name}\"{selected}>{}</option>", escape(title));
    }
    body.push_str("</select><button type=\"submit\">Check</button></form>");
}

fn write_report(body: &mut String, report: &Report) {
    let (class, verdict) = match report.engine {
        Some(Engine::WebAssembly) => ("good", "The messenger works with this policy."),
        Some(Engine::PlainJavaScript) => {
            ("good", "The messenger works with this policy, by its engine as plain JavaScript.")
        }
        None => ("bad", "The messenger does not work with this policy."),
    };
    let _ = write!(body, "<p class=\"verdict {class}\" role=\"status\">{verdict}</p><ul class=\"findings\">");
    for Finding { level, directive, message, add } in &report.findings {
        let (class, word) = match level {
            Level::Missing => ("bad", "Missing"),
            Level::Note => ("note", "Note"),
            Level::Good => ("good", "Good"),
        };
        let _ = write!(
            body,
            "<li class=\"{class}\"><strong>{word}</strong> <code>{}</code> {}",
            escape(directive),
            escape(message)
        );
        if let Some(add) = add {
            let _ = write!(body, "<pre>{}</pre>", escape(add));
        }
        body.push_str("</li>");
    }
    body.push_str("</ul>");
}
