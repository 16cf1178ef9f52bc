//! A line of a conversation: a bubble, or the time between two.

use super::icon::Icon;
use super::part::{button, nothing, passage, span, words};
use crate::failure::Failure;
use crate::panel::Panel;
use crate::state::links::{Piece, pieces};
use crate::state::place::Place;
use crate::state::rows::{Bubble, Delivery, Moment, Row};
use crate::text;
use leptos::prelude::*;
use protocol::wire::Author;

/// The line.
pub(super) fn row(panel: Panel, place: Memo<Place>, row: Row) -> AnyView {
    match row {
        Row::Time { at, with_date } => time(panel, at, with_date),
        Row::Bubble(message) => bubble(panel, place, message),
    }
}

fn time(panel: Panel, at: Moment, with_date: bool) -> AnyView {
    let text = words(move || {
        panel.clock.with(|clock| {
            let time = clock.time(at);
            if with_date { [&clock.day(at, panel.now.get()), " ", &time].concat() } else { time }
        })
    });
    view! { <li class="time">{text}</li> }.into_any()
}

fn bubble(panel: Panel, place: Memo<Place>, message: Bubble) -> AnyView {
    let is_own = message.author == Author::Contact;
    let (author, label) = if is_own {
        ("contact", text::you().to_owned())
    } else {
        ("agent", message.agent.clone().unwrap_or_else(|| panel.name_untracked()))
    };
    let name = match message.agent {
        // It is in the label, for those who hear it.
        Some(name) if message.first => {
            view! { <span class="agent" aria-hidden="true">{name}</span> }.into_any()
        }
        _ => nothing(),
    };
    let (state, note) = match message.delivery {
        Delivery::Sent => ("sent", passage("delivery", text::sent().into_any())),
        Delivery::Seen => ("seen", passage("delivery", text::seen().into_any())),
        Delivery::Sending => ("sending", passage("delivery", text::sending().into_any())),
        Delivery::Failed(reason) => ("failed", failed(panel, place, reason)),
    };
    let time = panel.clock.with_untracked(|clock| clock.time(message.at));
    view! {
        <li
            class="message"
            class:own=is_own
            class:first=message.first
            class:last=message.last
            data-author=author
            data-state=state
        >
            {span("visually-hidden", [&label, ": "].concat().into_any())}
            {name}
            <p class="bubble" dir="auto" title=time>
                {linked(&message.body)}
            </p>
            {if message.notes_delivery { note } else { nothing() }}
        </li>
    }
    .into_any()
}

/// A text with its addresses as links. What it says and where it leads are the same characters.
fn linked(text: &str) -> AnyView {
    let draw = |piece: Piece<'_>| match piece {
        Piece::Text(text) => text.to_owned().into_any(),
        Piece::Link(link) => {
            let (href, link) = (link.to_owned(), link.to_owned());
            view! {
                <a href=href target="_blank" rel="noopener noreferrer nofollow">
                    {link}
                </a>
            }
            .into_any()
        }
    };
    pieces(text).into_iter().map(draw).collect::<Vec<_>>().into_any()
}

/// Why a message did not get there, and the way to try again.
fn failed(panel: Panel, place: Memo<Place>, reason: Failure) -> AnyView {
    let text = [text::not_sent(), " ", text::failure(reason)].concat();
    let retry = button("link", "retry", None, text::try_again().into_any(), move || {
        panel.retry(place.get_untracked());
    });
    view! {
        <div class="delivery failed" role="alert">
            {Icon::Warning.view()}
            {span("", text.into_any())}
            {retry}
        </div>
    }
    .into_any()
}
