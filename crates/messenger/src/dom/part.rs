//! What is drawn anew when signals change.

use super::{View, follow, nothing, put};
use crate::browser::document;
use reactive_graph::graph::untrack;
use reactive_graph::owner::Owner;
use web_sys::Node;

/// A view that is drawn anew when a signal that `draw` reads changes.
pub(crate) fn part(draw: impl Fn() -> View + 'static) -> View {
    boxed_part(Box::new(draw))
}

fn boxed_part(draw: Box<dyn Fn() -> View>) -> View {
    // Two texts of no length mark its place, whatever it is.
    let [start, end] = [mark(), mark()];
    let view: View = [View(start.clone()), View(end.clone())].into();
    follow(move || {
        let drawn = draw();
        let Some(parent) = end.parent_node() else { return };
        while let Some(old) = start.next_sibling().filter(|node| *node != end) {
            // It is there: nobody else takes it away.
            let _ = parent.remove_child(&old);
        }
        put(&parent, &drawn.0, Some(&end));
    });
    view
}

/// A text that changes.
pub(crate) fn words(text: impl Fn() -> String + 'static) -> View {
    boxed_words(Box::new(text))
}

fn boxed_words(text: Box<dyn Fn() -> String>) -> View {
    let node = document().create_text_node("");
    let view = View::of(node.clone());
    follow(move || {
        let text = text();
        // A text that is set anew is read out anew.
        if node.data() != text {
            node.set_data(&text);
        }
    });
    view
}

/// What a list draws: `draw` is called for each key that was not there before.
pub(crate) struct Item {
    /// Changes with everything that is drawn.
    pub(crate) key: String,
    /// Draws it, as one element.
    pub(crate) draw: Box<dyn FnOnce() -> View>,
}

/// An item that is drawn.
struct Line {
    key: String,
    node: Node,
    owner: Owner,
}

/// The items of a list, each drawn once and then moved about.
pub(crate) fn items(each: impl Fn() -> Vec<Item> + 'static) -> View {
    boxed_items(Box::new(each))
}

fn boxed_items(each: Box<dyn Fn() -> Vec<Item>>) -> View {
    // A line outlives the run that has drawn it.
    let Some(outer) = Owner::current() else { return nothing() };
    let end = mark();
    let view: View = vec![View(end.clone())].into();
    let mut lines: Vec<Line> = Vec::new();
    follow(move || {
        let mut before: Vec<Option<Line>> = lines.drain(..).map(Some).collect();
        // Mostly the order is as it was: the search goes on behind what was found last.
        let mut at = 0;
        for Item { key, draw } in each() {
            let (first, rest) = before.split_at(at.min(before.len()));
            let has_key = |line: &Option<Line>| line.as_ref().is_some_and(|line| line.key == key);
            let found = rest.iter().position(has_key).map(|n| n + first.len());
            let found = found.or_else(|| first.iter().position(has_key));
            let known = found.and_then(|found| {
                at = found + 1;
                before[found].take()
            });
            lines.push(known.unwrap_or_else(|| {
                let owner = outer.child();
                let View(node) = owner.with(|| untrack(draw));
                Line { key, node, owner }
            }));
        }
        let Some(parent) = end.parent_node() else { return };
        for line in before.into_iter().flatten() {
            line.owner.cleanup();
            // It is there: nobody else takes it away.
            let _ = parent.remove_child(&line.node);
        }
        let mut next = end.clone();
        for line in lines.iter().rev() {
            if line.node.next_sibling().as_ref() != Some(&next) {
                put(&parent, &line.node, Some(&next));
            }
            next = line.node.clone();
        }
    });
    view
}

fn mark() -> Node {
    document().create_text_node("").into()
}
