//! What `www/widget/browser.js` does for the engine.

use super::callback::Callback;
use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/www/widget/browser.js")]
extern "C" {
    /// A member of the document, called with both texts if it is a method.
    #[wasm_bindgen(js_name = ofDocument)]
    pub fn of_document(member: &str, first: &str, second: &str) -> JsValue;

    /// The same; what it throws is an error.
    #[wasm_bindgen(catch, js_name = ofDocument)]
    pub fn try_of_document(member: &str, first: &str, second: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = request)]
    fn js_request(
        method: &str,
        address: &str,
        authorization: Option<&str>,
        body: Option<&str>,
        done: Option<&Function>,
    ) -> Function;

    #[wasm_bindgen(js_name = askPage)]
    fn js_ask_page(ask: &Function, done: &Function) -> Function;

    #[wasm_bindgen(js_name = whenIdle)]
    fn js_when_idle(done: &Function) -> Function;

    /// Posts `before`, the SHA-256 of `secret` in hex, and `after`.
    #[wasm_bindgen(js_name = sendDigest)]
    pub fn send_digest(address: &str, before: &str, secret: &str, after: &str);
}

/// Something asked of the page or of the network. Dropping it drops the question: `done` is not called any more.
#[must_use = "dropping it drops the question"]
pub struct Asked {
    cancel: Function,
    _done: Callback,
}

/// Sends a request; `done` is called with an object: `status` (0: nothing came back), `content`, `retryAfter`.
pub fn request(
    method: &str,
    address: &str,
    body: Option<&str>,
    done: impl FnMut(JsValue) + 'static,
) -> Asked {
    let done = Callback::new(done);
    Asked { cancel: js_request(method, address, None, body, Some(done.function())), _done: done }
}

/// Sends a request that is to arrive even if the page goes away right now. Nobody waits for the answer.
pub fn send(method: &str, address: &str, authorization: &str) {
    js_request(method, address, Some(authorization), None, None);
}

/// Calls a function of the page's; `done` is called with an object: `status` (0: it threw or rejected), `content`.
pub fn ask_page(function: &Function, done: impl FnMut(JsValue) + 'static) -> Asked {
    let done = Callback::new(done);
    Asked { cancel: js_ask_page(function, done.function()), _done: done }
}

/// `done` is called once the page has nothing better to do.
pub fn when_idle(mut done: impl FnMut() + 'static) -> Asked {
    let done = Callback::new(move |_| done());
    Asked { cancel: js_when_idle(done.function()), _done: done }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let _ = self.cancel.call0(&JsValue::UNDEFINED);
    }
}
