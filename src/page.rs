//! What the engine asks of `www/widget/messenger.js`: to settle promises, call handlers, warn.

use crate::dom::value::set;
use crate::error::MessengerError;
use crate::lifecycle::{PageEvent, Ticket};
use js_sys::Object;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The page's side, made by `messenger.js`. None of its methods throws.
    #[derive(Clone)]
    pub type Page;

    /// Resolves the promise of an `initialize`.
    #[wasm_bindgen(method)]
    pub fn resolve(this: &Page, ticket: Ticket);

    #[wasm_bindgen(method)]
    fn reject(this: &Page, ticket: Ticket, code: &str, message: &str, field: Option<&str>);

    #[wasm_bindgen(method, js_name = error)]
    fn emit_error(this: &Page, code: &str, message: &str, field: Option<&str>);

    #[wasm_bindgen(method, js_name = emit)]
    fn emit_payload(this: &Page, event: &str, payload: Object);

    /// The launcher's style sheet. It is JavaScript's to hold, since the build minifies it there.
    #[wasm_bindgen(method, getter)]
    pub fn styles(this: &Page) -> String;

    /// Says something to the page's author.
    #[wasm_bindgen(method)]
    pub fn warn(this: &Page, text: &str);
}

impl Page {
    /// Rejects the promise of an `initialize`.
    pub fn reject_with(&self, ticket: Ticket, error: &MessengerError) {
        self.reject(ticket, error.code.as_str(), &error.message, error.field.as_deref());
    }

    /// Calls the page's handlers of an event, soon.
    pub fn emit(&self, event: &PageEvent) {
        let payload = Object::new();
        let name = match event {
            PageEvent::Ready => "ready",
            PageEvent::Authenticated { email, method } => {
                let user = Object::new();
                set(&user, "email", &email.as_str().into());
                set(&payload, "user", &user);
                set(&payload, "method", &method.as_str().into());
                "authenticated"
            }
            PageEvent::Open => "open",
            PageEvent::Close => "close",
            PageEvent::Destroyed => "destroyed",
            PageEvent::SessionExpired => "sessionexpired",
            PageEvent::Unread(count) => {
                set(&payload, "count", &(*count).into());
                "unread"
            }
            PageEvent::Error(error) => {
                return self.emit_error(error.code.as_str(), &error.message, error.field.as_deref());
            }
        };
        self.emit_payload(name, payload);
    }
}
