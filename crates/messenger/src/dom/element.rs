//! Elements.

use super::{View, follow, keep};
use crate::browser::{Listener, document};
use std::ops::Deref;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::Element;

/// An element that is being made.
pub(crate) struct El(Element);

/// A new element; `class` may be empty.
pub(crate) fn el(tag: &str, class: &str) -> El {
    let element = El(document().create_element(tag).expect_throw("a tag is a name"));
    if class.is_empty() { element } else { element.attr("class", class) }
}

/// A new element of a drawing.
pub(crate) fn svg(tag: &str) -> El {
    let namespace = Some("http://www.w3.org/2000/svg");
    El(document().create_element_ns(namespace, tag).expect_throw("a tag is a name"))
}

impl El {
    /// Gives it an attribute.
    pub(crate) fn attr(self, name: &str, value: &str) -> Self {
        set(&self.0, name, Some(value));
        self
    }

    /// Gives it attributes.
    pub(crate) fn attrs(self, attributes: &[(&str, &str)]) -> Self {
        for (name, value) in attributes {
            set(&self.0, name, Some(value));
        }
        self
    }

    /// Gives it an attribute that changes with the signals that `value` reads; with `None` it has none.
    pub(crate) fn live(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        let element = self.0.clone();
        follow(move || set(&element, name, value().as_deref()));
        self
    }

    /// Gives it a class as long as it `holds`.
    pub(crate) fn live_class(self, class: &'static str, holds: impl Fn() -> bool + 'static) -> Self {
        let classes = self.0.class_list();
        follow(move || {
            // A plain name is always taken.
            let _ = classes.toggle_with_force(class, holds());
        });
        self
    }

    /// Calls `handle` at each such event, for as long as the element is drawn.
    pub(crate) fn on<E: JsCast>(self, event: &'static str, handle: impl FnMut(E) + 'static) -> Self {
        keep(Box::new(Listener::new(&self.0, event, handle)));
        self
    }

    /// Puts something at its end.
    pub(crate) fn with(self, child: impl Into<View>) -> Self {
        child.into().append_to(&self.0);
        self
    }

    /// The element as what it is.
    pub(crate) fn node<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }
}

impl Deref for El {
    type Target = Element;

    fn deref(&self) -> &Element {
        &self.0
    }
}

impl From<El> for View {
    fn from(element: El) -> Self {
        Self::of(element.0)
    }
}

#[inline(never)]
fn set(element: &Element, name: &str, value: Option<&str>) {
    // A plain name is always taken.
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}
