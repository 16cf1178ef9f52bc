//! Between our types and the browser's values: one way for the port, for requests and for the socket.

use crate::reader::Reader;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// A plain object with the value's members; `None` if it cannot be written, which no type of ours can cause.
pub(crate) fn to_object(value: &impl Serialize) -> Option<JsValue> {
    value.serialize(&Serializer::json_compatible()).ok()
}

/// The value that an object stands for; `None` if it has another shape.
pub(crate) fn from_object<T: DeserializeOwned>(object: JsValue) -> Option<T> {
    T::deserialize(Reader(object)).ok()
}

/// JSON text of a value.
pub(crate) fn to_json(value: &impl Serialize) -> Option<String> {
    js_sys::JSON::stringify(&to_object(value)?).ok()?.as_string()
}

/// The value that JSON text stands for; `None` if it is none, or has another shape.
pub(crate) fn from_json<T: DeserializeOwned>(json: &str) -> Option<T> {
    from_object(js_sys::JSON::parse(json).ok()?)
}
