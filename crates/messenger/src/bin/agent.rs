//! What the agents' page calls; no logic.

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

/// Speaks a language from here on.
#[wasm_bindgen]
pub fn speak(tag: &str, locale: String, is_rtl: bool, texts: String) {
    messenger::speak(tag, locale, is_rtl, texts);
}

/// Draws the page into an element.
#[wasm_bindgen]
pub fn start(place: &HtmlElement) {
    messenger::start_agents(place);
}

fn main() {}
