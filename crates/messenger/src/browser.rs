//! What the browser offers, in the few forms that the panel needs.

use protocol::AppId;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt};
use web_sys::{Document, EventTarget, HtmlElement, Window};

/// The window.
pub(crate) fn window() -> Window {
    web_sys::window().expect_throw("the panel runs in a window")
}

/// The document.
pub(crate) fn document() -> Document {
    window().document().expect_throw("a window has a document")
}

/// The document's root element, that carries language, theme and brand colour.
pub(crate) fn root() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}

/// Whether fingers rather than a mouse point here: the focus in a text field brings a keyboard up then.
pub(crate) fn is_touch() -> bool {
    window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|query| query.matches())
}

/// Whether the tab is before the user's eyes.
pub(crate) fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Calls `run` before the browser draws next.
pub(crate) fn next_frame(run: impl FnOnce() + 'static) {
    let run = Closure::once_into_js(run);
    // A window that is going away draws nothing more.
    let _ = window().request_animation_frame(run.unchecked_ref());
}

/// 128 random bits in hexadecimal: an identifier that nobody else chooses.
pub(crate) fn random_id() -> String {
    let mut bytes = [0_u8; 16];
    window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes))
        .expect_throw("every browser that runs WebAssembly has random values");
    let hex = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [hex(byte >> 4), hex(byte & 15)]).collect()
}

/// Value of a parameter of the page's own address.
pub(crate) fn parameter(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// The app that the page's address names.
pub(crate) fn app_id() -> Option<AppId> {
    parameter("appId").filter(|id| !id.is_empty()).map(AppId)
}

/// A listener that is taken away when this value is dropped.
#[must_use = "the listener goes when this is dropped"]
pub(crate) struct Listener {
    target: EventTarget,
    event: &'static str,
    handler: Closure<dyn FnMut(JsValue)>,
}

impl Listener {
    /// Calls `handler` at each such event.
    pub(crate) fn new<E>(
        target: &EventTarget,
        event: &'static str,
        mut handler: impl FnMut(E) + 'static,
    ) -> Self
    where
        E: JsCast,
    {
        Self::boxed(target, event, Box::new(move |value: JsValue| handler(value.unchecked_into())))
    }

    fn boxed(target: &EventTarget, event: &'static str, handler: Box<dyn FnMut(JsValue)>) -> Self {
        let handler = Closure::wrap(handler);
        target
            .add_event_listener_with_callback(event, handler.as_ref().unchecked_ref())
            .expect_throw("a listener can be added");
        Self { target: target.clone(), event, handler }
    }

    /// Keeps the listener for as long as the page lives.
    pub(crate) fn forever(self) {
        core::mem::forget(self);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let handler = self.handler.as_ref().unchecked_ref();
        // It fails only where the target is gone, and then so is the listener.
        let _ = self.target.remove_event_listener_with_callback(self.event, handler);
    }
}
