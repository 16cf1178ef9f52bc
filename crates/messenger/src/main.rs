//! What the panel's page calls; no logic.

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{HtmlElement, MessagePort};

/// Draws the panel into an element.
#[wasm_bindgen]
pub fn start(place: HtmlElement) {
    messenger::start(place);
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
