//! Reads the page's parameters. `protocol::params` judges them.

use crate::dom::{of_document, try_of_document};
use js_sys::{Array, Function, Object, Reflect};
use protocol::params::{InitParams, Parsed, RawParam, RawValue, Target, known_names};
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// The page's object: parsed, and the values that only the page can give.
pub struct PageParams {
    /// What the rules made of it.
    pub parsed: Parsed,
    /// The function that was given as `connectionKey`.
    pub key_function: Option<Function>,
    /// The element that was given as `target`.
    target_element: Option<Element>,
}

impl PageParams {
    /// Reads every parameter once. Getters and proxies that throw are noted, and never get through.
    pub fn read(object: &JsValue) -> Self {
        if !object.is_object() || Array::is_array(object) {
            let result = Err(InitParams::not_an_object(describe(object)));
            let parsed = Parsed { result, warnings: Vec::new(), found_secret: None, app_id: None };
            return Self { parsed, key_function: None, target_element: None };
        }
        let mut raw = Vec::new();
        let mut key_function = None;
        let mut target_element = None;
        for name in names(object) {
            let value = Reflect::get(object, &name.as_str().into());
            let kind = raw_value(value.as_ref().ok());
            match (&kind, name.as_str(), value) {
                (RawValue::Function, "connectionKey", Ok(value)) => key_function = value.dyn_into().ok(),
                (RawValue::Element, "target", Ok(value)) => target_element = Some(value.unchecked_into()),
                _ => {}
            }
            raw.push(RawParam { name, value: kind });
        }
        Self { parsed: InitParams::parse(&raw), key_function, target_element }
    }

    /// The element that `target` names, or `body`. `Ok(None)`: the page has no body yet.
    ///
    /// # Errors
    /// The selector that matches nothing.
    pub fn host_parent(&self, params: &InitParams) -> Result<Option<Element>, String> {
        match &params.target {
            None => Ok(body()),
            Some(Target::Element) => Ok(self.target_element.clone()),
            Some(Target::Selector(selector)) => match try_of_document("querySelector", selector, "") {
                Ok(element) if !element.is_null() => Ok(Some(element.unchecked_into())),
                _ => Err(selector.clone()),
            },
        }
    }
}

/// The page's body, once it has one.
pub fn body() -> Option<Element> {
    let body = of_document("body", "", "");
    (!body.is_null()).then(|| body.unchecked_into())
}

/// Names of the properties to read: own ones, and the known ones that the object inherits from a class of the
/// page's. What old libraries put on `Object.prototype` is not the page's wish.
fn names(object: &JsValue) -> Vec<String> {
    let mut names: Vec<String> = match object.dyn_ref::<Object>().map(|object| Reflect::own_keys(object)) {
        Some(Ok(keys)) => keys.iter().filter_map(|key| key.as_string()).collect(),
        _ => Vec::new(),
    };
    let plain = Object::new();
    for known in known_names() {
        let inherited =
            !names.iter().any(|name| name == known) && !Reflect::has(&plain, &known.into()).unwrap_or(true);
        if inherited {
            names.push(known.into());
        }
    }
    names
}

/// Sorts a value that the page gave; `None` if reading it threw.
pub fn raw_value(value: Option<&JsValue>) -> RawValue {
    let Some(value) = value else { return RawValue::Threw };
    if value.is_undefined() || value.is_null() {
        RawValue::Absent
    } else if let Some(text) = value.as_string() {
        RawValue::Text(text)
    } else if value.is_function() {
        RawValue::Function
    } else if is_element(value) {
        RawValue::Element
    } else {
        RawValue::Other(describe(value))
    }
}

/// Elements of another frame are elements too, so `instanceof` would not do.
fn is_element(value: &JsValue) -> bool {
    value.is_object() && Reflect::get(value, &"nodeType".into()).is_ok_and(|kind| kind.as_f64() == Some(1.0))
}

fn describe(value: &JsValue) -> &'static str {
    if value.is_undefined() {
        "undefined"
    } else if value.is_null() {
        "null"
    } else if value.is_string() {
        "a string"
    } else if value.as_f64().is_some() {
        "a number"
    } else if value.as_bool().is_some() {
        "a boolean"
    } else if value.is_function() {
        "a function"
    } else if Array::is_array(value) {
        "an array"
    } else if value.is_object() {
        "an object"
    } else {
        "a value of another kind"
    }
}
