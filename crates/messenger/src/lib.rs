#![doc = include_str!("../README.md")]

mod api;
mod browser;
mod codec;
mod color;
mod failure;
mod intl;
mod language;
mod panel;
mod port;
mod reader;
mod socket;
mod state;
mod storage;
mod text;
mod time;
mod views;

use panel::Panel;
use std::cell::Cell;
use web_sys::{HtmlElement, MessagePort};

thread_local! {
    static PANEL: Cell<Option<Panel>> = const { Cell::new(None) };
}

/// Draws the panel into `place`, in place of what stood there, and waits for [`attach`] or [`alone`].
pub fn start(place: HtmlElement) {
    place.set_text_content(None);
    leptos::mount::mount_to(place, || {
        let panel = Panel::new();
        PANEL.set(Some(panel));
        views::root(panel)
    })
    .forget();
}

/// Takes the port to the widget. From here on the widget says who is signed in.
pub fn attach(port: MessagePort) {
    if let Some(panel) = PANEL.get() {
        panel.attach(port);
    }
}

/// There is no widget around: the page was opened by itself, or in a frame of the portal's own.
pub fn alone() {
    if let Some(panel) = PANEL.get() {
        panel.alone();
    }
}
