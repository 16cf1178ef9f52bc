//! The few shapes that all views are made of.

use crate::dom::{View, el};
use web_sys::Event;

/// A button. With `label` its content is a glyph, and the label its name.
pub(crate) fn button(
    class: &str,
    action: &str,
    label: Option<&str>,
    content: impl Into<View>,
    mut press: impl FnMut() + 'static,
) -> View {
    let button = el("button", class).attrs(&[("type", "button"), ("data-action", action)]);
    let button = match label {
        Some(label) => button.attrs(&[("aria-label", label), ("title", label)]),
        None => button,
    };
    button.with(content).on("click", move |_: Event| press()).into()
}

/// A heading that takes the focus where there is nothing to type into.
pub(crate) fn heading(class: &str, content: impl Into<View>) -> View {
    el("h2", class).attrs(&[("tabindex", "-1"), ("data-focus", ""), ("dir", "auto")]).with(content).into()
}

/// A passage.
pub(crate) fn passage(class: &str, content: impl Into<View>) -> View {
    el("p", class).with(content).into()
}

/// A part of a line.
pub(crate) fn span(class: &str, content: impl Into<View>) -> View {
    el("span", class).with(content).into()
}

/// A block; `role` and `state` are for those who do not see it: screen readers and tests.
pub(crate) fn block(class: &str, role: Option<&str>, state: Option<&str>, content: Vec<View>) -> View {
    let mut block = el("div", class);
    for (name, value) in [("role", role), ("data-state", state)] {
        if let Some(value) = value {
            block = block.attr(name, value);
        }
    }
    block.with(content).into()
}
