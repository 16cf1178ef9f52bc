//! All service requests, newest change first.

use super::icon::Icon;
use super::notice;
use super::part::{Item, block, button, heading, items, nothing, part, passage, span, words};
use crate::panel::Panel;
use crate::state::place::{Place, Route};
use crate::{text, time};
use leptos::prelude::*;
use protocol::conversation::ServiceRequest;
use protocol::wire::{Author, Status};

/// The list, and the way to a new request.
pub(super) fn list(panel: Panel) -> AnyView {
    let title = heading("title", text::requests_title().into_any());
    let is_loaded = Memo::new(move |_| panel.desk.with(|desk| desk.requests().is_some()));
    let content = part(move || match (is_loaded.get(), panel.list_failure.get()) {
        (true, _) => requests(panel),
        (false, Some(reason)) => notice::failure(reason, move || panel.load_list()),
        (false, None) => skeleton(),
    });
    let label = view! {
        {Icon::Write.view()}
        {text::new_request()}
    };
    let new = button("button wide", "new-request", None, label.into_any(), move || {
        panel.go(Route::At(Place::New));
    });
    let all = [
        notice::away(panel),
        block("scroll", None, None, vec![title, content]),
        block("foot", None, None, vec![new]),
    ];
    all.into_any()
}

fn requests(panel: Panel) -> AnyView {
    let lines = items(move || {
        panel.desk.with(|desk| {
            let line = |request: &ServiceRequest| {
                let is_new = request.unread > 0;
                let request = request.clone();
                Item { key: key(&request), draw: Box::new(move || item(panel, request, is_new)) }
            };
            desk.requests().unwrap_or_default().iter().map(line).collect()
        })
    });
    view! { <ul class="requests">{lines}</ul> }.into_any()
}

/// Changes with everything that is drawn of a service request.
fn key(request: &ServiceRequest) -> String {
    let unread = request.unread.to_string();
    [request.id.as_str(), &request.updated_at, request.status.as_str(), &unread].join(" ")
}

fn item(panel: Panel, request: ServiceRequest, is_new: bool) -> AnyView {
    let id = request.id;
    let dom_id = ["request-", id.as_str()].concat();
    let updated_ms = time::parse(&request.updated_at);
    let preview = request.messages.last().map(|message| {
        let who =
            if message.author == Author::Contact { [text::you(), ": "].concat() } else { String::new() };
        [&who, message.body.as_str()].concat()
    });
    let news = if is_new {
        span(
            "badge",
            vec![
                span("", request.unread.to_string().into_any()),
                span("visually-hidden", [" ", text::unread()].concat().into_any()),
            ]
            .into_any(),
        )
    } else {
        nothing()
    };
    let ago = words(move || panel.clock.with(|clock| clock.ago(updated_ms, panel.now.get())));
    view! {
        <li>
            <button
                type="button"
                class="request"
                class:unread=is_new
                id=dom_id
                data-request=id.0.clone()
                on:click=move |_| panel.go(Route::At(Place::Request(id.clone())))
            >
                <span class="request-text">
                    <span class="request-line">
                        <span class="subject" dir="auto">
                            {request.subject}
                        </span>
                        <time class="ago" datetime=request.updated_at>
                            {ago}
                        </time>
                    </span>
                    <span class="request-line">
                        <span class="preview" dir="auto">
                            {preview.unwrap_or_default()}
                        </span>
                        {news}
                        {status(request.status)}
                    </span>
                </span>
                {span("chevron", Icon::Onwards.view())}
            </button>
        </li>
    }
    .into_any()
}

/// Where a service request stands.
pub(super) fn status(status: Status) -> AnyView {
    view! {
        <span class="status" data-status=status.as_str()>
            {text::status(status)}
        </span>
    }
    .into_any()
}

/// The place of what is being fetched.
fn skeleton() -> AnyView {
    let line = || block("skeleton", None, None, vec![span("", nothing()), span("", nothing())]);
    let text = passage("visually-hidden", text::loading().into_any());
    block("", Some("status"), Some("loading"), vec![text, line(), line(), line()])
}
