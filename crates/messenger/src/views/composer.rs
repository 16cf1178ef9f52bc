//! Where the user writes.

use super::attachment;
use super::chat::Chat;
use super::icon::Icon;
use super::part::button;
use crate::attach::Basket;
use crate::browser::{Listener, document};
use crate::dom::{El, View, el, keep, nothing, part, words};
use crate::signal::{Memo, Signal};
use crate::state::compose::{self, Draft};
use crate::state::place::Place;
use crate::text;
use reactive_graph::graph::untrack;
use web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, Event, File, HtmlInputElement, HtmlTextAreaElement,
    KeyboardEvent,
};

/// `keyCode` of a key that an input method has taken for itself, in browsers that tell it no other way.
const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// The composer: files, a text field that grows to six lines, and the button that sends.
pub(crate) fn composer(chat: Chat) -> View {
    let (place, basket) = (chat.place, chat.basket());
    let typed = Signal::new(chat.draft());
    let is_sendable = move || {
        let (has_files, is_ready) =
            place.with(|place| (!basket.at(place).is_empty(), basket.is_ready(place)));
        chat.talk.hindrance().is_none()
            && is_ready
            && match typed.with(|typed| compose::check(typed)) {
                Draft::Ready(_) => true,
                Draft::Empty => has_files,
                Draft::TooLong(_) => false,
            }
    };
    let left = move || typed.with(|typed| compose::left(typed));
    let is_too_long = move || left().is_some_and(|left| left < 0);

    let area = area();
    let field: HtmlTextAreaElement = area.node();
    // The field is only written to when it begins and when it is emptied: an input method that composes must
    // not be disturbed.
    field.set_value(&typed.get_untracked());
    let send = {
        let field = field.clone();
        move || {
            if !untrack(is_sendable) {
                return;
            }
            chat.send(match typed.with_untracked(|typed| compose::check(typed)) {
                Draft::Ready(text) => text,
                _ => String::new(),
            });
            typed.set(String::new());
            field.set_value("");
            // On a phone the keyboard stays up.
            let _ = field.focus();
        }
    };
    let area = area
        // Nothing has no direction of its own: hint and caret stand where the page's texts begin.
        .live("dir", move || typed.with(|typed| (!typed.is_empty()).then(|| "auto".into())))
        .live("aria-invalid", move || is_too_long().then(|| "true".into()))
        .on("input", move |_: Event| {
            let value = field.value();
            chat.keep_draft(value.clone());
            typed.set(value);
        })
        .on("paste", move |event: ClipboardEvent| {
            let files = event.clipboard_data().map(|data| files_of(&data)).unwrap_or_default();
            // A text that is copied from some programs brings a picture of itself along: the text is meant.
            let has_text =
                event.clipboard_data().is_some_and(|data| data.types().includes(&"text/plain".into(), 0));
            if !files.is_empty() && !has_text {
                event.prevent_default();
                basket.add(&place.get_untracked(), files);
            }
        })
        .on("keydown", {
            let send = send.clone();
            move |event: KeyboardEvent| {
                let composes = event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD;
                if event.key() == "Enter" && !event.shift_key() && !composes {
                    event.prevent_default();
                    send();
                }
            }
        });
    // The mirror has the same text in the same place, and gives the field its height.
    let grow = el("div", "grow")
        .live_class("tall", move || place.with(|place| *place == Place::New))
        .live("data-typed", move || Some(typed.get()))
        .with(area);
    let button = el("button", "send")
        .attrs(&[
            ("type", "submit"),
            ("data-action", "send"),
            ("aria-label", text::send()),
            ("title", text::send()),
        ])
        .live("aria-disabled", move || Some(if is_sendable() { "false" } else { "true" }.into()))
        .with(Icon::Send.view());
    let hint = words(move || match chat.talk.hindrance() {
        Some(reason) => reason.into(),
        None => left().map(text::characters_left).unwrap_or_default(),
    });
    let hint = el("p", "hint").attrs(&[("id", "composer-hint"), ("role", "status")]).with(hint);
    let field = el("div", "field").live_class("wrong", is_too_long);
    el("form", "composer")
        .on("submit", move |event: Event| {
            event.prevent_default();
            send();
        })
        .with(attachment::basket(basket, place))
        .with(field.with(picker(basket, place)).with(grow).with(button))
        .with(hint.live_class("wrong", is_too_long))
        .with(drop_zone(basket, place))
        .into()
}

fn area() -> El {
    el("textarea", "").attrs(&[
        ("rows", "1"),
        ("autocomplete", "off"),
        ("enterkeyhint", "send"),
        ("aria-label", text::composer_label()),
        ("aria-describedby", "composer-hint"),
        ("placeholder", text::composer_placeholder()),
    ])
}

/// The button that lets one choose files; none where nothing may be attached.
fn picker(basket: Basket, place: Memo<Place>) -> View {
    part(move || {
        let Some(limits) = basket.limits() else { return nothing() };
        let input = el("input", "").attrs(&[
            ("type", "file"),
            ("multiple", ""),
            ("hidden", ""),
            ("accept", &limits.content_types.join(",")),
        ]);
        let field: HtmlInputElement = input.node();
        let chosen = field.clone();
        let input = input.on("change", move |_: Event| {
            let list = chosen.files();
            let files = list.map(|list| (0..list.length()).filter_map(|n| list.get(n)).collect());
            basket.add(&place.get_untracked(), files.unwrap_or_default());
            // The same file can be chosen again.
            chosen.set_value("");
        });
        let press = move || field.click();
        let attach = button("attach", "attach", Some(text::attach()), Icon::Clip.view(), press);
        [attach, input.into()].into()
    })
}

/// Takes files that are dropped anywhere, and shows so while they are held above.
fn drop_zone(basket: Basket, place: Memo<Place>) -> View {
    let is_over = Signal::new(false);
    let has_files = |data: &DataTransfer| data.types().includes(&"Files".into(), 0);
    let document = document();
    keep(Box::new([
        Listener::new(&document, "dragover", move |event: DragEvent| {
            if event.data_transfer().is_some_and(|data| has_files(&data)) {
                // Else the browser would leave the page for the file.
                event.prevent_default();
                if !is_over.get_untracked() && untrack(|| basket.limits()).is_some() {
                    is_over.set(true);
                }
            }
        }),
        Listener::new(&document, "dragleave", move |event: DragEvent| {
            if event.related_target().is_none() {
                is_over.set(false);
            }
        }),
        Listener::new(&document, "drop", move |event: DragEvent| {
            is_over.set(false);
            if let Some(data) = event.data_transfer().filter(has_files) {
                event.prevent_default();
                basket.add(&place.get_untracked(), files_of(&data));
            }
        }),
    ]));
    part(move || {
        if is_over.get() {
            el("div", "drop")
                .attr("aria-hidden", "true")
                .with([Icon::Clip.view(), text::drop_files().into()])
                .into()
        } else {
            nothing()
        }
    })
}

fn files_of(data: &DataTransfer) -> Vec<File> {
    let list = data.files();
    list.map(|list| (0..list.length()).filter_map(|n| list.get(n)).collect()).unwrap_or_default()
}
