//! What the engine asks of `www/widget/messenger.js`: to settle promises, call handlers, warn.

use crate::dom::value::set;
use crate::error::MessengerError;
use crate::lifecycle::{PageEvent, Ticket};
use js_sys::Object;
use wasm_bindgen::prelude::*;
use web_sys::ShadowRoot;

#[wasm_bindgen]
extern "C" {
    /// The page's side, made by `messenger.js`. None of its methods throws.
    #[derive(Clone)]
    pub type Page;

    /// Calls `api::run`, and then `api::recover` if that threw.
    #[wasm_bindgen(method)]
    pub fn run(this: &Page);

    /// Resolves the promise of an `initialize`.
    #[wasm_bindgen(method)]
    pub fn resolve(this: &Page, ticket: Ticket);

    #[wasm_bindgen(method)]
    fn reject(this: &Page, ticket: Ticket, code: &str, message: &str, field: Option<&str>);

    #[wasm_bindgen(method)]
    fn emit(this: &Page, event: &str, payload: Object);

    /// Styles the launcher. The style sheet is JavaScript's to hold, since the build minifies it there.
    #[wasm_bindgen(method, js_name = addStyles)]
    pub fn add_styles(this: &Page, root: &ShadowRoot);

    /// Says something to the page's author.
    #[wasm_bindgen(method)]
    pub fn warn(this: &Page, text: &str);
}

/// Stands for the handlers of `error` where a ticket is asked for.
const HANDLERS: Ticket = 0;

impl Page {
    /// Rejects the promise of an `initialize`.
    pub fn reject_with(&self, ticket: Ticket, error: &MessengerError) {
        self.reject(ticket, error.code.as_str(), &error.message, error.field.as_deref());
    }

    /// Calls the page's handlers of an event, soon.
    pub fn tell(&self, event: &PageEvent) {
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
            PageEvent::Error(error) => return self.reject_with(HANDLERS, error),
        };
        self.emit(name, payload);
    }
}
