//! Where the user writes.

use super::icon::Icon;
use super::part::{follow, words};
use crate::panel::{Panel, Phase};
use crate::state::compose::{self, Draft};
use crate::state::place::Place;
use crate::text;
use leptos::ev::{Event, KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;

/// `keyCode` of a key that an input method has taken for itself, in browsers that tell it no other way.
const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// The composer: a text field that grows to six lines, and the button that sends.
pub(super) fn composer(panel: Panel, place: Memo<Place>) -> AnyView {
    let field = NodeRef::<Textarea>::new();
    let typed = RwSignal::new(panel.draft(&place.get_untracked()));
    let is_sendable = Memo::new(move |_| {
        panel.phase.get() == Phase::SignedIn
            && typed.with(|typed| matches!(compose::check(typed), Draft::Ready(_)))
    });
    let left = Memo::new(move |_| typed.with(|typed| compose::left(typed)));
    let is_too_long = Memo::new(move |_| left.get().is_some_and(|left| left < 0));
    let is_new = Memo::new(move |_| place.with(|place| *place == Place::New));

    // The field is only written to when it begins and when it is emptied: an input method that composes must
    // not be disturbed.
    follow(move || {
        if let Some(field) = field.get() {
            field.set_value(&typed.get_untracked());
        }
    });
    let send = move || {
        if !is_sendable.get_untracked() {
            return;
        }
        if let Draft::Ready(body) = typed.with_untracked(|typed| compose::check(typed)) {
            panel.send(place.get_untracked(), body);
            typed.set(String::new());
            if let Some(field) = field.get_untracked() {
                field.set_value("");
                // On a phone the keyboard stays up.
                let _ = field.focus();
            }
        }
    };
    let keydown = move |event: KeyboardEvent| {
        let composes = event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD;
        if event.key() == "Enter" && !event.shift_key() && !composes {
            event.prevent_default();
            send();
        }
    };
    let input = move |_: Event| {
        if let Some(field) = field.get_untracked() {
            let value = field.value();
            panel.keep_draft(place.get_untracked(), value.clone());
            typed.set(value);
        }
    };
    let hint = move || {
        if panel.phase.get() == Phase::Expired {
            text::composer_disabled().to_owned()
        } else {
            left.get().map(text::characters_left).unwrap_or_default()
        }
    };
    view! {
        <form
            class="composer"
            on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                send();
            }
        >
            <div class="field" class:wrong=is_too_long>
                // The mirror has the same text in the same place, and gives the field its height.
                <div class="grow" class:tall=is_new data-typed=move || typed.get()>
                    <textarea
                        node_ref=field
                        rows="1"
                        dir="auto"
                        autocomplete="off"
                        enterkeyhint="send"
                        aria-label=text::composer_label()
                        aria-describedby="composer-hint"
                        aria-invalid=move || is_too_long.get().then_some("true")
                        placeholder=text::composer_placeholder()
                        on:input=input
                        on:keydown=keydown
                    ></textarea>
                </div>
                <button
                    type="submit"
                    class="send"
                    data-action="send"
                    aria-label=text::send()
                    title=text::send()
                    aria-disabled=move || if is_sendable.get() { "false" } else { "true" }
                >
                    {Icon::Send.view()}
                </button>
            </div>
            <p class="hint" id="composer-hint" role="status" class:wrong=is_too_long>
                {words(hint)}
            </p>
        </form>
    }
    .into_any()
}
