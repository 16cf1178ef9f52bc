//! A listener that removes itself.

use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

/// An event listener; dropping it removes it.
#[must_use = "dropping a listener removes it"]
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Calls `callback` at every event of `kind`.
    pub fn new(target: &EventTarget, kind: &'static str, callback: impl FnMut(Event) + 'static) -> Self {
        let callback = Closure::new(callback);
        let _ = target.add_event_listener_with_callback(kind, function(&callback));
        Self { target: target.clone(), kind, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.kind, function(&self.callback));
    }
}

fn function(callback: &Closure<dyn FnMut(Event)>) -> &js_sys::Function {
    callback.as_ref().unchecked_ref()
}
