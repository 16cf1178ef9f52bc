//! Elements, made without markup: a page may demand Trusted Types.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement};

/// Makes an HTML element.
pub fn create(document: &Document, name: &str) -> HtmlElement {
    document.create_element(name).unwrap_throw().unchecked_into()
}

/// Makes an SVG element with attributes.
pub fn create_svg(document: &Document, name: &str, attributes: &[(&str, &str)]) -> Element {
    let element = document.create_element_ns(Some("http://www.w3.org/2000/svg"), name).unwrap_throw();
    for (name, value) in attributes {
        set_attribute(&element, name, value);
    }
    element
}

/// Sets an attribute.
pub fn set_attribute(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Puts `child` at the end of `parent`.
pub fn append(parent: &web_sys::Node, child: &web_sys::Node) {
    let _ = parent.append_child(child);
}

/// Sets or removes a class.
pub fn set_class(element: &Element, class: &str, on: bool) {
    let _ = element.class_list().toggle_with_force(class, on);
}

/// Sets a custom property by the style object: a policy without `unsafe-inline` allows that.
pub fn style(element: &HtmlElement, property: &str, value: &str) {
    let _ = element.style().set_property(property, value);
}
