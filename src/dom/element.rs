//! Elements, made without markup: a page may demand Trusted Types.

use super::of_document;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, Node};

/// Makes an HTML element with attributes.
pub fn create(name: &str, attributes: &[(&str, &str)]) -> HtmlElement {
    create_in("http://www.w3.org/1999/xhtml", name, attributes).unchecked_into()
}

/// Makes an SVG element with attributes.
pub fn create_svg(name: &str, attributes: &[(&str, &str)]) -> Element {
    create_in("http://www.w3.org/2000/svg", name, attributes)
}

fn create_in(namespace: &str, name: &str, attributes: &[(&str, &str)]) -> Element {
    let element: Element = of_document("createElementNS", namespace, name).unchecked_into();
    for (name, value) in attributes {
        set_attribute(&element, name, value);
    }
    element
}

/// Sets an attribute.
pub fn set_attribute(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Puts `child` at the end of `parent`. What the page makes of that may throw.
pub fn append(parent: &Node, child: &Node) {
    parent.unchecked_ref::<Parent>().append_child(child);
}

/// Sets or removes a class.
pub fn set_class(element: &Element, class: &str, on: bool) {
    let _ = element.class_list().toggle_with_force(class, on);
}

/// Sets a custom property by the style object: a policy without `unsafe-inline` allows that.
pub fn style(element: &HtmlElement, property: &str, value: &str) {
    let _ = element.style().set_property(property, value);
}

#[wasm_bindgen]
extern "C" {
    type Parent;

    /// web-sys would hand the exception over as an error; here it is to end the visit.
    #[wasm_bindgen(method, js_name = appendChild)]
    fn append_child(this: &Parent, child: &Node);
}
