//! What `www/widget/messenger.js` may call. Nothing is decided here.

use crate::instance;
use crate::lifecycle::Event;
pub use crate::page::Page;
use wasm_bindgen::prelude::*;

/// Once, before anything else. `origin`: Thread's scheme, host and port.
#[wasm_bindgen]
pub fn start(origin: String, page: Page) {
    instance::start(origin, page);
}

/// Carries out what is due; only `Page::run` calls it.
#[wasm_bindgen]
pub fn run() {
    instance::run();
}

/// After an exception out of any of these functions: ends the visit, whatever it was in the middle of.
#[wasm_bindgen]
pub fn recover() {
    instance::recover();
}

/// The page's `initialize`; the promise of `ticket` is settled through the `Page`.
#[wasm_bindgen]
pub fn initialize(ticket: u32, params: &JsValue) {
    instance::initialize(ticket, params);
}

/// The page's `destroy`.
#[wasm_bindgen]
pub fn destroy() {
    instance::dispatch(Event::Destroy);
}

/// The page's `open`.
#[wasm_bindgen]
pub fn open() {
    instance::dispatch(Event::Open);
}

/// The page's `close`.
#[wasm_bindgen]
pub fn close() {
    instance::dispatch(Event::Close);
}

/// The page's `toggle`.
#[wasm_bindgen]
pub fn toggle() {
    instance::dispatch(Event::Toggle);
}

/// The page's `signOut`.
#[wasm_bindgen(js_name = signOut)]
pub fn sign_out() {
    instance::dispatch(Event::SignOut);
}
