//! A scroller that keeps to its end, unless the user has scrolled up.

use super::part::follow;
use crate::panel::Panel;
use leptos::html::{Div, Ol};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlDivElement, HtmlOListElement, ResizeObserver};

/// This near to its end a conversation counts as being at its end, in pixels.
const NEAR_PX: i32 = 48;

/// A scroller and its content.
#[derive(Clone, Copy)]
pub(super) struct Scroll {
    /// What scrolls.
    pub(super) frame: NodeRef<Div>,
    /// What is scrolled.
    pub(super) content: NodeRef<Ol>,
    panel: Panel,
    /// Where the frame was last scrolled to, in pixels.
    top: StoredValue<i32>,
}

/// A resize observer with what it calls; it stops when dropped.
struct Watch {
    observer: ResizeObserver,
    _resized: Closure<dyn FnMut()>,
}

impl Watch {
    fn new(
        frame: &HtmlDivElement,
        content: &HtmlOListElement,
        resized: impl FnMut() + 'static,
    ) -> Option<Self> {
        let resized = Closure::new(resized);
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
        observer.observe(frame);
        observer.observe(content);
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
    pub(super) fn new(panel: Panel) -> Self {
        let scroll = Self { frame: NodeRef::new(), content: NodeRef::new(), panel, top: StoredValue::new(0) };
        let watch = StoredValue::new_local(None::<Watch>);
        follow(move || {
            if let (Some(frame), Some(content)) = (scroll.frame.get(), scroll.content.get()) {
                watch.set_value(Watch::new(&frame, &content, move || {
                    if panel.sticks.get_untracked() {
                        scroll.to_end();
                    }
                }));
            }
        });
        follow(move || {
            if panel.sticks.get() {
                scroll.to_end();
            }
        });
        scroll
    }

    /// Goes to the end.
    pub(super) fn to_end(self) {
        if let Some(frame) = self.frame.get_untracked() {
            frame.set_scroll_top(frame.scroll_height());
        }
    }

    /// Something scrolled: whether the end is in sight now.
    ///
    /// Only a way upwards lets go of the end. A scroll event may be told late, when the frame has become smaller
    /// meanwhile and the end is out of sight without anybody's doing.
    pub(super) fn scrolled(self) -> bool {
        let Some(frame) = self.frame.get_untracked() else { return false };
        let top = frame.scroll_top();
        let is_near = frame.scroll_height() - top - frame.client_height() < NEAR_PX;
        let went_up =
            self.top.try_update_value(|last| core::mem::replace(last, top)).is_some_and(|last| top < last);
        let sticks = self.panel.sticks.get_untracked();
        if is_near != sticks && (is_near || went_up) {
            self.panel.sticks.set(is_near);
        }
        is_near
    }
}
