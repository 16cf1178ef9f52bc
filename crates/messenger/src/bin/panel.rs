//! What the panel's page calls; no logic.

use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{HtmlElement, MessagePort};

/// Speaks a language from here on.
#[wasm_bindgen]
pub fn speak(tag: &str, locale: String, is_rtl: bool, texts: String) {
    messenger::speak(tag, locale, is_rtl, texts);
}

/// Draws the panel into an element.
#[wasm_bindgen]
pub fn start(place: &HtmlElement, wish: Function) {
    messenger::start_panel(place, wish);
}

/// Hands over the port to the widget.
#[wasm_bindgen]
pub fn attach(port: MessagePort) {
    messenger::attach(port);
}

/// Tells that there is no widget around.
#[wasm_bindgen]
pub fn alone() {
    messenger::alone();
}

fn main() {}
