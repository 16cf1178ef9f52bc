//! Reads members of objects that came from elsewhere, whatever they turn out to be.
//!
//! serde-wasm-bindgen would do it by derive, for 12 KB brotli of the widget's 34: see `docs/PERFORMANCE.md`.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// A member, or `undefined`: also if there is no object, or reading it throws.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A member that is a string.
pub fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

/// A member that is a whole number from 0 on, else 0.
pub fn count(object: &JsValue, name: &str) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from f64 saturates")]
    get(object, name).as_f64().map_or(0, |number| number as u32)
}

/// Sets a member of a plain object of ours, which cannot fail.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}
