//! All service requests, newest change first.

use super::icon::Icon;
use super::notice;
use super::part::{block, button, heading, passage, span};
use crate::dom::{Item, View, el, items, nothing, part, words};
use crate::panel::Panel;
use crate::state::place::{Place, Route};
use crate::{text, time};
use protocol::conversation::ServiceRequest;
use protocol::wire::{Author, Status};
use reactive_graph::computed::Memo;
use reactive_graph::prelude::*;
use web_sys::Event;

/// The list, and the way to a new request.
pub(super) fn list(panel: Panel) -> View {
    let title = heading("title", text::requests_title());
    let is_loaded = Memo::new(move |_| panel.desk.with(|desk| desk.requests().is_some()));
    let content = part(move || match (is_loaded.get(), panel.list_failure.get()) {
        (true, _) => requests(panel),
        (false, Some(reason)) => notice::failure(reason, move || panel.load_list()),
        (false, None) => skeleton(),
    });
    let label = [Icon::Write.view(), text::new_request().into()];
    let new = button("button wide", "new-request", None, label, move || {
        panel.go(Route::At(Place::New));
    });
    [
        notice::away(panel),
        block("scroll", None, None, vec![title, content]),
        block("foot", None, None, vec![new]),
    ]
    .into()
}

fn requests(panel: Panel) -> View {
    let lines = items(move || {
        panel.desk.with(|desk| {
            let line = |request: &ServiceRequest| {
                let request = request.clone();
                Item { key: key(&request), draw: Box::new(move || item(panel, request)) }
            };
            desk.requests().unwrap_or_default().iter().map(line).collect()
        })
    });
    el("ul", "requests").with(lines).into()
}

/// Changes with everything that is drawn of a service request.
fn key(request: &ServiceRequest) -> String {
    let unread = request.unread.to_string();
    [request.id.as_str(), &request.updated_at, request.status.as_str(), &unread].join(" ")
}

fn item(panel: Panel, request: ServiceRequest) -> View {
    let is_new = request.unread > 0;
    let preview = request.messages.last().map(|message| {
        let who =
            if message.author == Author::Contact { [text::you(), ": "].concat() } else { String::new() };
        let names = message.attachments.iter().map(|file| file.name.as_str());
        let body =
            if message.body.is_empty() { names.collect::<Vec<_>>().join(", ") } else { message.body.clone() };
        [who, body].concat()
    });
    let news = if is_new {
        let told = span("visually-hidden", [" ", text::unread()].concat());
        span("badge", [span("", request.unread.to_string()), told])
    } else {
        nothing()
    };
    let updated_ms = time::parse(&request.updated_at);
    let ago = words(move || panel.clock.with(|clock| clock.ago(updated_ms, panel.now.get())));
    let subject = el("span", "subject").attr("dir", "auto").with(request.subject);
    let ago = el("time", "ago").attr("datetime", &request.updated_at).with(ago);
    let preview = el("span", "preview").attr("dir", "auto").with(preview.unwrap_or_default());
    let text = [
        span("request-line", [subject.into(), ago.into()]),
        span("request-line", [preview.into(), news, status(request.status)]),
    ];
    let id = request.id;
    let button = el("button", if is_new { "request unread" } else { "request" })
        .attrs(&[
            ("type", "button"),
            ("id", &["request-", id.as_str()].concat()),
            ("data-request", id.as_str()),
        ])
        .with([span("request-text", text), span("chevron", Icon::Onwards.view())])
        .on("click", move |_: Event| panel.go(Route::At(Place::Request(id.clone()))));
    el("li", "").with(button).into()
}

/// Where a service request stands.
pub(super) fn status(status: Status) -> View {
    el("span", "status").attr("data-status", status.as_str()).with(text::status(status)).into()
}

/// The place of what is being fetched.
fn skeleton() -> View {
    let line = || block("skeleton", None, None, vec![span("", nothing()), span("", nothing())]);
    let text = passage("visually-hidden", text::loading());
    block("", Some("status"), Some("loading"), vec![text, line(), line(), line()])
}
