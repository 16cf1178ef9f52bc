//! The few shapes that all views are made of.
//!
//! Each takes what differs as a boxed function or an erased view, so that the machinery beneath is compiled
//! once and not for every closure: half of the panel's bytes, measured.

use leptos::prelude::*;

/// A view that is drawn anew when a signal that it reads changes.
pub(super) fn part(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    boxed_part(Box::new(draw))
}

fn boxed_part(draw: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || draw()).into_any()
}

/// A text that changes.
pub(super) fn words(text: impl Fn() -> String + Send + 'static) -> AnyView {
    boxed_words(Box::new(text))
}

fn boxed_words(text: Box<dyn Fn() -> String + Send>) -> AnyView {
    (move || text()).into_any()
}

/// Nothing.
pub(super) fn nothing() -> AnyView {
    ().into_any()
}

/// Calls `run` now and whenever a signal that it reads changes.
pub(super) fn follow(run: impl Fn() + 'static) {
    boxed_follow(Box::new(run));
}

fn boxed_follow(run: Box<dyn Fn()>) {
    Effect::new(run);
}

/// What a list draws: `draw` is called for each key that was not there before.
pub(super) struct Item {
    /// Changes with everything that is drawn.
    pub(super) key: String,
    /// Draws it.
    pub(super) draw: Box<dyn FnOnce() -> AnyView + Send>,
}

/// The items of a list, each drawn once and then moved about.
pub(super) fn items(each: impl Fn() -> Vec<Item> + Send + Sync + 'static) -> AnyView {
    boxed_items(Box::new(each))
}

fn boxed_items(each: Box<dyn Fn() -> Vec<Item> + Send + Sync>) -> AnyView {
    view! { <For each=move || each() key=|item| item.key.clone() children=|item| (item.draw)() /> }.into_any()
}

/// A button. With `label` its content is a glyph, and the label its name.
pub(super) fn button(
    class: &'static str,
    action: &'static str,
    label: Option<&'static str>,
    content: AnyView,
    press: impl Fn() + 'static,
) -> AnyView {
    boxed_button(class, action, label, content, Box::new(press))
}

fn boxed_button(
    class: &'static str,
    action: &'static str,
    label: Option<&'static str>,
    content: AnyView,
    press: Box<dyn Fn()>,
) -> AnyView {
    view! {
        <button
            type="button"
            class=class
            data-action=action
            aria-label=label
            title=label
            on:click=move |_| press()
        >
            {content}
        </button>
    }
    .into_any()
}

/// A heading that takes the focus where there is nothing to type into.
pub(super) fn heading(class: &'static str, content: AnyView) -> AnyView {
    view! {
        <h2 class=class tabindex="-1" data-focus="" dir="auto">
            {content}
        </h2>
    }
    .into_any()
}

/// A passage.
pub(super) fn passage(class: &'static str, content: AnyView) -> AnyView {
    view! { <p class=class>{content}</p> }.into_any()
}

/// A part of a line.
pub(super) fn span(class: &'static str, content: AnyView) -> AnyView {
    view! { <span class=class>{content}</span> }.into_any()
}

/// A block; `role` and `state` are for those who do not see it: screen readers and tests.
pub(super) fn block(
    class: &'static str,
    role: Option<&'static str>,
    state: Option<&'static str>,
    content: Vec<AnyView>,
) -> AnyView {
    view! {
        <div class=class role=role data-state=state>
            {content}
        </div>
    }
    .into_any()
}
