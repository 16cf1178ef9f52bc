//! What the panel's page calls; no logic.

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{HtmlElement, MessagePort};

/// A free list of a few hundred bytes: 2 KB brotli less than the standard allocator.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

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
