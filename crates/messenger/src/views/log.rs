//! What was said in one conversation, in order of time.

use super::chat::Chat;
use super::icon::Icon;
use super::part::{block, button, span};
use super::scroll::Scroll;
use super::{message, notice};
use crate::dom::{Item, View, el, follow, items, nothing, part};
use crate::signal::{Memo, Signal};
use crate::state::conversation::{Conversation, History};
use crate::state::place::Place;
use crate::state::rows::{Row, rows};
use crate::{text, time};
use std::cell::Cell;
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

/// What stands above the composer: messages, or why there are none. `greeting` draws the first words of a new
/// conversation.
pub(crate) fn log(chat: Chat, greeting: impl Fn() -> View + 'static) -> View {
    let Chat { talk, place } = chat;
    let shown = Memo::new(move |_| {
        place.with(|place| talk.desk.with(|desk| content(place, desk.conversation(place))))
    });
    part(move || match shown.get() {
        Content::Greeting => greeting(),
        Content::Loading => notice::loading(),
        Content::Messages => messages(chat),
        Content::Failed(reason) => notice::failure(reason, move || {
            if let Place::Request(id) = place.get_untracked() {
                talk.load_conversation(id);
            }
        }),
    })
}

fn messages(chat: Chat) -> View {
    let Chat { talk, place } = chat;
    let drawn = Memo::new(move |_| {
        place.with(|place| {
            let viewer = talk.viewer(place);
            talk.desk.with(|desk| {
                desk.conversation(place).map_or_else(Vec::new, |conversation| {
                    rows(
                        conversation,
                        &viewer,
                        |message| time::moment(time::parse(&message.created_at)),
                        |pending| time::moment(pending.written_ms),
                    )
                })
            })
        })
    });
    let lines = items(move || {
        let line = |row: Row| Item { key: row.key(), draw: Box::new(move || message::row(chat, row)) };
        drawn.get().into_iter().map(line).collect()
    });
    let typing_name = Memo::new(move |_| talk.desk.with(|desk| desk.typing.clone()));
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
    let scroll = Scroll::new(talk, &frame, &content);
    let has_newer = Signal::new(false);
    let count = Cell::new(drawn.with_untracked(Vec::len));
    follow(move || {
        let now = drawn.with(Vec::len);
        if now > count.replace(now) && !talk.sticks.get_untracked() {
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
            talk.sticks.set(true);
            scroll.to_end();
            talk.focus_soon();
        })
    });
    block("log", None, None, vec![frame.into(), newer])
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
