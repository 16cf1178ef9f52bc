//! One conversation: messages, and the composer below.

use super::notice;
use crate::dom::{View, nothing, part, words};
use crate::panel::Panel;
use crate::signal::Memo;
use crate::state::place::Place;
use crate::text;
use crate::views::chat::Chat;
use crate::views::composer::composer;
use crate::views::icon::Icon;
use crate::views::log::log;
use crate::views::part::{block, heading, passage, span};
use crate::views::request;
use protocol::wire::Status;

/// The conversation of the current route.
pub(super) fn conversation(panel: Panel) -> View {
    let chat = Chat::of(panel.talk);
    let log = log(chat, move || greeting(panel));
    [subject(panel, chat.place), notice::away(panel), log, composer(chat)].into()
}

/// The first words to somebody who has written nothing yet.
fn greeting(panel: Panel) -> View {
    let content = vec![
        span("greeting-icon", Icon::Speech.view()),
        heading("greeting-title", words(move || super::greeting(panel))),
        passage("greeting-text", text::new_request_hint()),
    ];
    block("scroll greeting", None, Some("new"), content)
}

/// What the conversation is about, and where it stands.
fn subject(panel: Panel, place: Memo<Place>) -> View {
    let about = Memo::new(move |_| {
        place.with(|place| {
            panel.talk.desk.with(|desk| {
                desk.request(place.id()?).map(|request| (request.subject.clone(), request.status))
            })
        })
    });
    part(move || {
        let Some((subject, standing)) = about.get() else { return nothing() };
        let reopens = match standing {
            Status::Open => nothing(),
            Status::Closed => passage("reopens", text::reopens()),
        };
        let about = block("about", None, None, vec![heading("subject", subject), request::status(standing)]);
        [about, reopens].into()
    })
}
