//! Parts of a service request's line in a list.

use super::part::{block, passage, span};
use crate::dom::{View, el, nothing, words};
use crate::talk::Talk;
use crate::{text, time};
use protocol::conversation::ServiceRequest;
use protocol::wire::{Author, Status};

/// Changes with everything that is drawn of a service request.
pub(crate) fn key(request: &ServiceRequest) -> String {
    let unread = request.unread.to_string();
    [request.id.as_str(), &request.updated_at, request.status.as_str(), &unread].join(" ")
}

/// Its last message, in a line; with who wrote it, if that was the side of `own`: `nameless`, if it tells no name.
pub(crate) fn preview(request: &ServiceRequest, own: Author, nameless: &str) -> View {
    let preview = request.messages.last().map(|message| {
        let who = if message.author == own {
            let name = message.agent.as_ref().map_or(nameless, |agent| agent.name.as_str());
            [name, ": "].concat()
        } else {
            String::new()
        };
        let names = message.attachments.iter().map(|file| file.name.as_str());
        let body =
            if message.body.is_empty() { names.collect::<Vec<_>>().join(", ") } else { message.body.clone() };
        [who, body].concat()
    });
    el("span", "preview").attr("dir", "auto").with(preview.unwrap_or_default()).into()
}

/// How many of its messages are new.
pub(crate) fn news(unread: u32) -> View {
    if unread == 0 {
        return nothing();
    }
    let told = span("visually-hidden", [" ", text::unread()].concat());
    span("badge", [span("", unread.to_string()), told])
}

/// When it last changed.
pub(crate) fn ago(talk: Talk, request: &ServiceRequest) -> View {
    let updated_ms = time::parse(&request.updated_at);
    let ago = words(move || talk.clock.with(|clock| clock.ago(updated_ms, talk.now.get())));
    el("time", "ago").attr("datetime", &request.updated_at).with(ago).into()
}

/// Where a service request stands.
pub(crate) fn status(status: Status) -> View {
    el("span", "status").attr("data-status", status.as_str()).with(text::status(status)).into()
}

/// The place of what is being fetched.
pub(crate) fn skeleton() -> View {
    let line = || block("skeleton", None, None, vec![span("", nothing()), span("", nothing())]);
    let text = passage("visually-hidden", text::loading());
    block("", Some("status"), Some("loading"), vec![text, line(), line(), line()])
}
