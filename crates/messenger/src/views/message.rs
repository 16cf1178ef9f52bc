//! A line of a conversation: a bubble, or the time between two.

use super::attachment;
use super::chat::Chat;
use super::icon::Icon;
use super::part::{button, passage, span};
use crate::dom::{View, el, nothing, words};
use crate::failure::Failure;
use crate::state::links::{Piece, pieces};
use crate::state::rows::{Bubble, Delivery, Moment, Row};
use crate::text;
use protocol::wire::Author;
use reactive_graph::graph::untrack;

/// The line.
pub(super) fn row(chat: Chat, row: Row) -> View {
    match row {
        Row::Time { at, with_date } => time(chat, at, with_date),
        Row::Bubble(message) => bubble(chat, message),
    }
}

fn time(chat: Chat, at: Moment, with_date: bool) -> View {
    el("li", "time").with(words(move || chat.time(at, with_date))).into()
}

fn bubble(chat: Chat, message: Bubble) -> View {
    let is_own = message.author == chat.own();
    // A colleague's messages stand on the agent's own side.
    let label = message.agent.clone().unwrap_or_else(|| {
        if is_own { text::you().into() } else { untrack(|| chat.talk.name(message.author)) }
    });
    let author = if message.author == Author::Agent { "agent" } else { "contact" };
    let name = match message.agent {
        // It is in the label, for those who hear it.
        Some(name) if message.first => el("span", "agent").attr("aria-hidden", "true").with(name).into(),
        _ => nothing(),
    };
    let state = match message.delivery {
        Delivery::Sent => "sent",
        Delivery::Seen => "seen",
        Delivery::Sending => "sending",
        Delivery::Failed(reason) if reason.goes_by() => "waiting",
        Delivery::Failed(_) => "failed",
    };
    let time = untrack(|| chat.time(message.at, false));
    let body = if message.body.is_empty() {
        nothing()
    } else {
        el("p", "bubble").attrs(&[("dir", "auto"), ("title", &time)]).with(linked(&message.body)).into()
    };
    let mut class = String::from("message");
    for (holds, name) in [(is_own, " own"), (message.first, " first"), (message.last, " last")] {
        if holds {
            class.push_str(name);
        }
    }
    el("li", &class)
        .attrs(&[("data-author", author), ("data-state", state)])
        .with(span("visually-hidden", [&label, ": "].concat()))
        .with(name)
        .with(body)
        .with(attachment::files(chat, message.attachments))
        .with(if message.notes_delivery { note(chat, message.delivery) } else { nothing() })
        .into()
}

/// How far a message has come.
fn note(chat: Chat, delivery: Delivery) -> View {
    match delivery {
        Delivery::Sent => passage("delivery", text::sent()),
        Delivery::Seen => passage("delivery", text::seen()),
        Delivery::Sending => passage("delivery", text::sending()),
        Delivery::Failed(reason) => failed(chat, reason),
    }
}

/// A text with its addresses as links. What it says and where it leads are the same characters.
fn linked(text: &str) -> View {
    let draw = |piece: Piece<'_>| match piece {
        Piece::Text(text) => text.into(),
        Piece::Link(link) => el("a", "")
            .attrs(&[("href", link), ("target", "_blank"), ("rel", "noopener noreferrer nofollow")])
            .with(link)
            .into(),
    };
    pieces(text).into_iter().map(draw).collect::<Vec<View>>().into()
}

/// Why a message did not get there, and the way to try again.
fn failed(chat: Chat, reason: Failure) -> View {
    let retry = button("link", "retry", None, text::try_again(), move || chat.retry());
    if reason.goes_by() {
        // It goes out by itself; that is no alarm.
        return el("div", "delivery waiting")
            .attr("role", "status")
            .with([span("", text::waits()), retry])
            .into();
    }
    let text = [text::not_sent(), " ", text::failure(reason)].concat();
    let content = [Icon::Warning.view(), span("", text), retry];
    el("div", "delivery failed").attr("role", "alert").with(content).into()
}
