//! One conversation: messages, and the composer below.

use super::chat::{Chat, Coming, Writer};
use super::icon::Icon;
use super::part::{block, button, heading, passage, span};
use super::scroll::Scroll;
use super::{composer, list, message, notice};
use crate::attach::{Basket, BlobUrl};
use crate::dom::{Item, View, el, follow, items, nothing, part, words};
use crate::panel::{Panel, Phase};
use crate::state::conversation::{Conversation, History};
use crate::state::place::{Place, Route};
use crate::state::rows::{Moment, Row, rows};
use crate::{text, time};
use protocol::AttachmentId;
use protocol::wire::{Author, Status};
use reactive_graph::computed::Memo;
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::Event;

/// What stands above the composer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Greeting,
    Loading,
    Failed(crate::failure::Failure),
    Messages,
}

fn content(place: &Place, conversation: Option<&Conversation>) -> Content {
    match (place, conversation) {
        // What is there is shown, even while more is fetched or could not be.
        (_, Some(conversation)) if !conversation.is_empty() => Content::Messages,
        (Place::New, _) => Content::Greeting,
        (_, None) => Content::Loading,
        (_, Some(conversation)) => match conversation.history {
            History::Missing => Content::Loading,
            History::Failed(reason) => Content::Failed(reason),
            History::Whole => Content::Messages,
        },
    }
}

/// The conversation of the current route.
pub(super) fn conversation(panel: Panel) -> View {
    let place = Memo::new(move |before: Option<&Place>| match panel.route.get() {
        Route::At(place) => place,
        // On the way out: the screen goes in the same turn.
        Route::List => before.cloned().unwrap_or(Place::New),
    });
    let shown = Memo::new(move |_| {
        place.with(|place| panel.desk.with(|desk| content(place, desk.conversation(place))))
    });
    let above = part(move || match shown.get() {
        Content::Greeting => greeting(panel),
        Content::Loading => notice::loading(),
        Content::Messages => messages(panel, place),
        Content::Failed(reason) => notice::failure(reason, move || {
            if let Place::Request(id) = place.get_untracked() {
                panel.load_conversation(id);
            }
        }),
    });
    let writer: Rc<dyn Writer> = Rc::new(Contact { panel, place });
    [subject(panel, place), notice::away(panel), above, composer::composer(&writer)].into()
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
            panel.desk.with(|desk| {
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
        let about = block("about", None, None, vec![heading("subject", subject), list::status(standing)]);
        [about, reopens].into()
    })
}

fn messages(panel: Panel, place: Memo<Place>) -> View {
    let drawn = Memo::new(move |_| {
        place.with(|place| {
            panel.desk.with(|desk| {
                desk.conversation(place).map_or_else(Vec::new, |conversation| {
                    let request = place.id().and_then(|id| desk.request(id));
                    rows(
                        conversation,
                        request.map_or(0, |request| request.agent_read_seq),
                        |message| time::moment(time::parse(&message.created_at)),
                        |pending| time::moment(pending.written_ms),
                    )
                })
            })
        })
    });
    let chat: Rc<dyn Chat> = Rc::new(Contact { panel, place });
    let lines = items(move || {
        let line = |row: Row| {
            let chat = Rc::clone(&chat);
            Item { key: row.key(), draw: Box::new(move || message::row(&chat, row)) }
        };
        drawn.get().into_iter().map(line).collect()
    });
    let typing_name = Memo::new(move |_| panel.desk.with(|desk| desk.typing.clone()));
    let typing = part(move || {
        let Some(name) = typing_name.get() else { return nothing() };
        let dots = span("dots", [span("", nothing()), span("", nothing()), span("", nothing())]);
        el("li", "typing").with(dots).with(text::typing(&name)).into()
    });
    let content = el("ol", "messages").with([lines, typing]);
    let frame = el("div", "scroll").attrs(&[
        ("tabindex", "0"),
        ("role", "region"),
        ("aria-label", text::conversation()),
    ]);
    let scroll = Scroll::new(panel, &frame, &content);
    let has_newer = RwSignal::new(false);
    let count = Cell::new(drawn.with_untracked(Vec::len));
    follow(move || {
        let now = drawn.with(Vec::len);
        if now > count.replace(now) && !panel.sticks.get_untracked() {
            has_newer.set(true);
        }
    });
    let scrolled = scroll.clone();
    let frame = frame.with(content).on("scroll", move |_: Event| {
        if scrolled.scrolled() && has_newer.get_untracked() {
            has_newer.set(false);
        }
    });
    let newer = part(move || {
        if !has_newer.get() {
            return nothing();
        }
        let scroll = scroll.clone();
        let label = [Icon::Down.view(), text::new_messages().into()];
        button("newer", "newest", None, label, move || {
            has_newer.set(false);
            panel.sticks.set(true);
            scroll.to_end();
            panel.focus_soon();
        })
    });
    block("log", None, None, vec![frame.into(), newer])
}

/// The user's side of a conversation.
struct Contact {
    panel: Panel,
    place: Memo<Place>,
}

impl Chat for Contact {
    fn own(&self) -> Author {
        Author::Contact
    }

    fn other_name(&self) -> String {
        self.panel.name()
    }

    fn time(&self, at: Moment, with_date: bool) -> String {
        self.panel.clock.with(|clock| {
            let time = clock.time(at);
            if with_date { [&clock.day(at, self.panel.now.get()), " ", &time].concat() } else { time }
        })
    }

    fn retry(&self) {
        self.panel.retry(self.place.get_untracked());
    }

    fn known_picture(&self, id: &AttachmentId) -> Option<Rc<BlobUrl>> {
        self.panel.known_picture(id)
    }

    fn picture(&self, id: AttachmentId) -> Coming<Rc<BlobUrl>> {
        Box::pin(self.panel.picture(id))
    }

    fn file(&self, id: AttachmentId) -> Coming<BlobUrl> {
        Box::pin(self.panel.file(id))
    }
}

impl Writer for Contact {
    fn place(&self) -> Memo<Place> {
        self.place
    }

    fn hindrance(&self) -> Option<&'static str> {
        (self.panel.phase.get() != Phase::SignedIn).then(text::composer_disabled)
    }

    fn draft(&self) -> String {
        self.panel.draft(&self.place.get_untracked())
    }

    fn keep_draft(&self, typed: String) {
        self.panel.keep_draft(self.place.get_untracked(), typed);
    }

    fn basket(&self) -> Basket {
        self.panel.basket()
    }

    fn send(&self, text: String) {
        self.panel.send(self.place.get_untracked(), text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;

    #[test]
    fn what_is_there_is_shown_whatever_became_of_the_rest() {
        let id = Place::Request("a".into());
        let mut conversation = Conversation::default();
        assert!(content(&Place::New, None) == Content::Greeting);
        assert!(content(&id, None) == Content::Loading);
        conversation.history = History::Failed(Failure::Timeout);
        assert!(content(&id, Some(&conversation)) == Content::Failed(Failure::Timeout));
        conversation.write(crate::state::conversation::tests::pending_message("c", "text"));
        assert!(content(&id, Some(&conversation)) == Content::Messages);
        assert!(content(&Place::New, Some(&conversation)) == Content::Messages);
    }
}
