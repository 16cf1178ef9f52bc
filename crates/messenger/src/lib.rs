#![doc = include_str!("../README.md")]

mod agent;
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
mod signal;
mod socket;
mod sound;
mod state;
mod storage;
mod talk;
mod text;
mod time;
mod views;

use agent::Agents;
use dom::View;
use js_sys::Function;
use language::Language;
use panel::Panel;
use reactive_graph::owner::Owner;
use std::cell::Cell;
use talk::Talk;
use web_sys::{HtmlElement, MessagePort};

thread_local! {
    static PANEL: Cell<Option<Panel>> = const { Cell::new(None) };
    /// The conversations of whichever page this is.
    static TALK: Cell<Option<Talk>> = const { Cell::new(None) };
}

/// Speaks a language from here on: `texts` are those that the build made for it, `tag` its name, and `locale` what
/// dates and numbers are written for.
pub fn speak(tag: &str, locale: String, is_rtl: bool, texts: String) {
    // A page's language is chosen once or twice in its life.
    intl::set(tag, Language { locale: locale.leak(), is_rtl, texts: texts.leak() });
    if let Some(talk) = TALK.get() {
        talk.redraw();
    }
}

/// Draws the panel into `place`, in place of what stood there, and waits for [`attach()`] or [`alone`]. `wish` is called
/// with the language that the widget asks for.
pub fn start_panel(place: &HtmlElement, wish: Function) {
    start(place, || {
        let panel = Panel::new(wish);
        PANEL.set(Some(panel));
        (panel.talk, panel.view())
    });
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

/// Draws the agents' page into `place`, in place of what stood there.
pub fn start_agents(place: &HtmlElement) {
    start(place, || {
        let agents = Agents::new();
        (agents.talk, agents.view())
    });
}

fn start(place: &HtmlElement, make: impl FnOnce() -> (Talk, View)) {
    // It is the first: nobody else has begun.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    place.set_text_content(None);
    let owner = Owner::new();
    owner.with(|| {
        let (talk, view) = make();
        TALK.set(Some(talk));
        view.append_to(place);
    });
    // It lives as long as its page.
    core::mem::forget(owner);
}
