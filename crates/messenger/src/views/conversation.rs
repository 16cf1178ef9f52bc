//! One conversation: messages, and the composer below.

use super::icon::Icon;
use super::part::{Item, button, follow, heading, items, nothing, part, passage, span, words};
use super::scroll::Scroll;
use super::{composer, list, message, notice};
use crate::panel::Panel;
use crate::state::conversation::{Conversation, History};
use crate::state::place::{Place, Route};
use crate::state::rows::{Row, rows};
use crate::{text, time};
use leptos::prelude::*;
use protocol::wire::Status;

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
pub(super) fn conversation(panel: Panel) -> AnyView {
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
    [subject(panel, place), notice::away(panel), above, composer::composer(panel, place)].into_any()
}

/// The first words to somebody who has written nothing yet.
fn greeting(panel: Panel) -> AnyView {
    view! {
        <div class="scroll greeting" data-state="new">
            {span("greeting-icon", Icon::Speech.view())}
            {heading("greeting-title", words(move || super::greeting(panel)))}
            {passage("greeting-text", text::new_request_hint().into_any())}
        </div>
    }
    .into_any()
}

/// What the conversation is about, and where it stands.
fn subject(panel: Panel, place: Memo<Place>) -> AnyView {
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
            Status::Closed => passage("reopens", text::reopens().into_any()),
        };
        view! {
            <div class="about">{heading("subject", subject.into_any())} {list::status(standing)}</div>
            {reopens}
        }
        .into_any()
    })
}

fn messages(panel: Panel, place: Memo<Place>) -> AnyView {
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
    let lines = items(move || {
        let line =
            |row: Row| Item { key: row.key(), draw: Box::new(move || message::row(panel, place, row)) };
        drawn.get().into_iter().map(line).collect()
    });
    let is_typing = Memo::new(move |_| panel.desk.with(|desk| desk.typing.is_some()));
    let typing = part(move || {
        let name = is_typing.get().then(|| panel.desk.with_untracked(|desk| desk.typing.clone()));
        let Some(text) = name.flatten().map(|name| text::typing(&name)) else { return nothing() };
        let dots =
            span("dots", vec![span("", nothing()), span("", nothing()), span("", nothing())].into_any());
        view! { <li class="typing">{dots} {text}</li> }.into_any()
    });
    let scroll = Scroll::new(panel);
    let has_newer = RwSignal::new(false);
    let count = StoredValue::new(drawn.with_untracked(Vec::len));
    follow(move || {
        let now = drawn.with(Vec::len);
        if now > count.get_value() && !panel.sticks.get_untracked() {
            has_newer.set(true);
        }
        count.set_value(now);
    });
    let newer = part(move || {
        if !has_newer.get() {
            return nothing();
        }
        let label = view! {
            {Icon::Down.view()}
            {text::new_messages()}
        };
        button("newer", "newest", None, label.into_any(), move || {
            has_newer.set(false);
            panel.sticks.set(true);
            scroll.to_end();
            panel.focus_soon();
        })
    });
    view! {
        <div class="log">
            <div
                class="scroll"
                node_ref=scroll.frame
                tabindex="0"
                role="region"
                aria-label=text::conversation()
                on:scroll=move |_| {
                    if scroll.scrolled() && has_newer.get_untracked() {
                        has_newer.set(false);
                    }
                }
            >
                <ol class="messages" node_ref=scroll.content>
                    {lines} {typing}
                </ol>
            </div>
            {newer}
        </div>
    }
    .into_any()
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
        conversation.write("c".into(), "text".into(), 0.0);
        assert!(content(&id, Some(&conversation)) == Content::Messages);
        assert!(content(&Place::New, Some(&conversation)) == Content::Messages);
    }
}
