//! What views are made of: elements, texts, and parts that are drawn anew when a signal changes.
//!
//! Leptos' reactive core, `reactive_graph`, knows what changes and when; this draws it. Leptos' own `view!` makes
//! types, and code, of each shape that a view has: 30 KB brotli more for this panel, measured. Here an element is
//! an element, whatever it holds. Nothing here takes markup: what is put into the document is a text node, or the
//! value of an attribute.

mod element;
mod part;

pub(crate) use element::{El, el, svg};
pub(crate) use part::{Item, items, part, words};

use crate::browser::document;
use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::StoredValue;
use std::any::Any;
use wasm_bindgen::UnwrapThrowExt;
use web_sys::Node;

/// What is drawn: an element, a text, or several of them.
///
/// It lives as long as the owner under which it was made: a part that is drawn anew ends what it drew before, with
/// its listeners and effects.
pub(crate) struct View(Node);

impl View {
    fn of(node: impl Into<Node>) -> Self {
        Self(node.into())
    }

    /// Puts it at the end of an element.
    pub(crate) fn append_to(self, parent: &Node) {
        put(parent, &self.0, None);
    }
}

impl From<&str> for View {
    fn from(text: &str) -> Self {
        Self::of(document().create_text_node(text))
    }
}

impl From<String> for View {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<Vec<Self>> for View {
    fn from(views: Vec<Self>) -> Self {
        let all = document().create_document_fragment();
        for view in views {
            view.append_to(&all);
        }
        Self::of(all)
    }
}

impl<const N: usize> From<[Self; N]> for View {
    fn from(views: [Self; N]) -> Self {
        Vec::from(views).into()
    }
}

/// Nothing.
pub(crate) fn nothing() -> View {
    Vec::new().into()
}

/// Calls `run` now, and whenever a signal that it has read changes.
pub(crate) fn follow(run: impl FnMut() + 'static) {
    boxed_follow(Box::new(run));
}

fn boxed_follow(mut run: Box<dyn FnMut()>) {
    keep(Box::new(RenderEffect::new(move |_| run())));
}

/// Keeps something for as long as what is being drawn.
pub(crate) fn keep(thing: Box<dyn Any>) {
    StoredValue::new_local(thing);
}

fn put(parent: &Node, node: &Node, before: Option<&Node>) {
    parent.insert_before(node, before).expect_throw("a part has its place");
}
