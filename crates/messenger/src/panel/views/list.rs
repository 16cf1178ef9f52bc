//! All service requests, newest change first.

use super::notice;
use crate::dom::{Item, View, el, items, part};
use crate::panel::Panel;
use crate::signal::Memo;
use crate::state::place::{Place, Route};
use crate::text;
use crate::views::icon::Icon;
use crate::views::notice::failure;
use crate::views::part::{block, button, heading, span};
use crate::views::request;
use protocol::conversation::ServiceRequest;
use protocol::wire::Author;
use web_sys::Event;

/// The list, and the way to a new request.
pub(super) fn list(panel: Panel) -> View {
    let title = heading("title", text::requests_title());
    let is_loaded = Memo::new(move |_| panel.talk.desk.with(|desk| desk.requests().is_some()));
    let content = part(move || match (is_loaded.get(), panel.list_failure.get()) {
        (true, _) => requests(panel),
        (false, Some(reason)) => failure(reason, move || panel.load_requests()),
        (false, None) => request::skeleton(),
    });
    let label = [Icon::Write.view(), text::new_request().into()];
    let new = button("button wide", "new-request", None, label, move || {
        panel.talk.go(Route::At(Place::New));
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
        panel.talk.desk.with(|desk| {
            let line = |request: &ServiceRequest| {
                let request = request.clone();
                Item { key: request::key(&request), draw: Box::new(move || item(panel, request)) }
            };
            desk.requests().unwrap_or_default().iter().map(line).collect()
        })
    });
    el("ul", "requests").with(lines).into()
}

fn item(panel: Panel, request: ServiceRequest) -> View {
    let is_new = request.unread > 0;
    let preview = request::preview(&request, Author::Contact, text::you());
    let news = request::news(request.unread);
    let ago = request::ago(panel.talk, &request);
    let subject = el("span", "subject").attr("dir", "auto").with(request.subject);
    let text = [
        span("request-line", [subject.into(), ago]),
        span("request-line", [preview, news, request::status(request.status)]),
    ];
    let id = request.id;
    let button = el("button", if is_new { "request unread" } else { "request" })
        .attrs(&[
            ("type", "button"),
            ("id", &["request-", id.as_str()].concat()),
            ("data-request", id.as_str()),
        ])
        .with([span("request-text", text), span("chevron", Icon::Onwards.view())])
        .on("click", move |_: Event| panel.talk.go(Route::At(Place::Request(id.clone()))));
    el("li", "").with(button).into()
}
