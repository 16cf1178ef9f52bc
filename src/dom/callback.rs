//! Functions of the engine that the browser calls: listeners and timers.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

/// A function for the browser. One type for all of them: each further one costs glue and a shim.
pub struct Callback(Closure<dyn FnMut(JsValue)>);

impl Callback {
    /// What it is called with, or `undefined`, goes to `callback`.
    pub fn new(callback: impl FnMut(JsValue) + 'static) -> Self {
        Self(Closure::new(callback))
    }

    /// The function. It must not be called once this is dropped.
    pub fn function(&self) -> &Function {
        self.0.as_ref().unchecked_ref()
    }
}

/// An event listener; dropping it removes it.
#[must_use = "dropping a listener removes it"]
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    callback: Callback,
}

impl Listener {
    /// Calls `callback` at every event of `kind`. What the page makes of that may throw.
    pub fn new(target: &EventTarget, kind: &'static str, callback: impl FnMut(JsValue) + 'static) -> Self {
        let callback = Callback::new(callback);
        target.unchecked_ref::<Target>().add_event_listener(kind, callback.function());
        Self { target: target.clone(), kind, callback }
    }

    /// Calls `callback` at every event of `kind` that the page's window gets.
    pub fn of_window(kind: &'static str, callback: impl FnMut(JsValue) + 'static) -> Self {
        WINDOW.with(|window| Self::new(window, kind, callback))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.kind, self.callback.function());
    }
}

/// A timer; dropping it stops it.
#[must_use = "dropping a timer stops it"]
pub struct Timer {
    id: f64,
    _callback: Callback,
}

impl Timer {
    /// Calls `callback` once, after so many milliseconds.
    pub fn new(delay_ms: u32, mut callback: impl FnMut() + 'static) -> Self {
        let callback = Callback::new(move |_| callback());
        Self { id: set_timeout(callback.function(), delay_ms), _callback: callback }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(self.id);
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: EventTarget;

    type Target;

    /// web-sys would hand an exception over as an error; here it is to end the visit.
    #[wasm_bindgen(method, js_name = addEventListener)]
    fn add_event_listener(this: &Target, kind: &str, callback: &Function);

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, delay_ms: u32) -> f64;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: f64);
}
