//! Tests of the widget in a real browser, run by `wasm-pack test --headless --chrome` and `--firefox`.
//!
//! The engine here is compiled with these tests, and driven through the real `www/widget/messenger.js`. What
//! needs Thread is in `tests/e2e`.
#![cfg(target_arch = "wasm32")]

mod dom;
mod page;
mod queue;
mod surface;
mod validation;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
