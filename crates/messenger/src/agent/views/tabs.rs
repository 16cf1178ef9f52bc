//! Which list is shown: that of the open requests, or that of the closed ones.

use crate::agent::Agents;
use crate::browser;
use crate::dom::{View, el};
use crate::text;
use protocol::wire::Status;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent};

/// Identifier of what the tabs choose.
pub(super) const PANEL: &str = "requests";

/// Identifier of a tab.
pub(super) fn id(status: Status) -> &'static str {
    match status {
        Status::Open => "tab-open",
        Status::Closed => "tab-closed",
    }
}

/// The tabs; arrow keys go from one to the other.
pub(super) fn tabs(agents: Agents) -> View {
    let [open, closed] = [Status::Open, Status::Closed].map(|status| tab(agents, status));
    el("div", "tabs")
        .attrs(&[("role", "tablist"), ("aria-label", text::agent::requests())])
        .on("keydown", move |event: KeyboardEvent| {
            let shown = agents.filter.get_untracked();
            let other = match (event.key().as_str(), shown) {
                // There are two: whichever way one goes, it is the other.
                ("ArrowLeft" | "ArrowRight", Status::Open) | ("End", _) => Status::Closed,
                ("ArrowLeft" | "ArrowRight", Status::Closed) | ("Home", _) => Status::Open,
                _ => return,
            };
            event.prevent_default();
            agents.show(other);
            if let Some(tab) = browser::document().get_element_by_id(id(other)) {
                let _ = tab.unchecked_ref::<HtmlElement>().focus();
            }
        })
        .with([open, closed])
        .into()
}

fn tab(agents: Agents, status: Status) -> View {
    let is_shown = move || agents.filter.get() == status;
    el("button", "tab")
        .attrs(&[
            ("type", "button"),
            ("role", "tab"),
            ("id", id(status)),
            ("aria-controls", PANEL),
            ("data-action", status.as_str()),
        ])
        .live("aria-selected", move || Some(if is_shown() { "true" } else { "false" }.into()))
        .live("tabindex", move || (!is_shown()).then(|| "-1".into()))
        .on("click", move |_: Event| agents.show(status))
        .with(match status {
            Status::Open => text::agent::tab_open(),
            Status::Closed => text::agent::tab_closed(),
        })
        .into()
}
