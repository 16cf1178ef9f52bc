#![doc = include_str!("../README.md")]

mod api;
mod attach;
mod browser;
mod codec;
mod color;
mod dom;
mod failure;
mod intl;
mod language;
mod panel;
mod port;
mod reader;
mod socket;
mod sound;
mod state;
mod storage;
mod text;
mod time;
mod views;

use js_sys::Function;
use language::Language;
use panel::Panel;
use reactive_graph::owner::Owner;
use std::cell::Cell;
use web_sys::{HtmlElement, MessagePort};

thread_local! {
    static PANEL: Cell<Option<Panel>> = const { Cell::new(None) };
}

/// Speaks a language from here on: `texts` are those that the build made for it, `tag` its name, and `locale` what
/// dates and numbers are written for.
pub fn speak(tag: &str, locale: String, is_rtl: bool, texts: String) {
    // A page's language is chosen once or twice in its life.
    intl::set(tag, Language { locale: locale.leak(), is_rtl, texts: texts.leak() });
    if let Some(panel) = PANEL.get() {
        panel.redraw();
    }
}

/// Draws the panel into `place`, in place of what stood there, and waits for [`attach()`] or [`alone`]. `wish` is called
/// with the language that the widget asks for.
pub fn start(place: &HtmlElement, wish: Function) {
    // It is the first: nobody else has begun.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    place.set_text_content(None);
    let owner = Owner::new();
    owner.with(|| {
        let panel = Panel::new(wish);
        PANEL.set(Some(panel));
        views::root(panel).append_to(place);
    });
    // The panel lives as long as its page.
    core::mem::forget(owner);
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
