//! A scroller that keeps to its end, unless the user has scrolled up.

use crate::dom::{follow, keep};
use crate::talk::Talk;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// This near to its end a conversation counts as being at its end, in pixels.
const NEAR_PX: i32 = 48;

/// A scroller.
#[derive(Clone)]
pub(super) struct Scroll {
    talk: Talk,
    frame: Element,
    /// Where the frame was last scrolled to, in pixels.
    top: Rc<Cell<i32>>,
}

/// A resize observer with what it calls; it stops when dropped.
struct Watch {
    observer: ResizeObserver,
    _resized: Closure<dyn FnMut()>,
}

impl Watch {
    fn new(elements: [&Element; 2], resized: impl FnMut() + 'static) -> Option<Self> {
        let resized = Closure::new(resized);
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
        for element in elements {
            observer.observe(element);
        }
        Some(Self { observer, _resized: resized })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Scroll {
    /// Goes to the end when a message comes, when the composer grows, when a phone's keyboard comes up.
    pub(super) fn new(talk: Talk, frame: &Element, content: &Element) -> Self {
        let scroll = Self { talk, frame: frame.clone(), top: Rc::default() };
        let to_end = {
            let scroll = scroll.clone();
            move || {
                if talk.sticks.get() {
                    scroll.to_end();
                }
            }
        };
        // It tells once at the beginning, too.
        keep(Box::new(Watch::new([frame, content], to_end.clone())));
        follow(to_end);
        scroll
    }

    /// Goes to the end.
    pub(super) fn to_end(&self) {
        self.frame.set_scroll_top(self.frame.scroll_height());
    }

    /// Something scrolled: whether the end is in sight now.
    ///
    /// Only a way upwards lets go of the end. A scroll event may be told late, when the frame has become smaller
    /// meanwhile and the end is out of sight without anybody's doing.
    pub(super) fn scrolled(&self) -> bool {
        let top = self.frame.scroll_top();
        let is_near = self.frame.scroll_height() - top - self.frame.client_height() < NEAR_PX;
        let went_up = top < self.top.replace(top);
        let sticks = self.talk.sticks.get_untracked();
        if is_near != sticks && (is_near || went_up) {
            self.talk.sticks.set(is_near);
        }
        is_near
    }
}
