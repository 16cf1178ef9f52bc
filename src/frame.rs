//! The iframe with the panel, and the only way to talk to it: a message port.

use crate::dom::{self, Listener, Timer, value};
use crate::retry;
use js_sys::{Array, Math, Object};
use protocol::port::{FromPanelKind, HANDSHAKE, ToPanelKind};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, HtmlIFrameElement, MessageChannel, MessageEvent, MessagePort};

/// The panel's iframe; dropping it removes it.
pub struct Frame {
    content: Rc<Content>,
    _load: Listener,
    _online: Listener,
}

/// What a listener of the frame's needs of it.
struct Content {
    iframe: HtmlIFrameElement,
    address: String,
    line: RefCell<Option<Line>>,
    /// The panel has said something since the frame was loaded: it is no error page of the browser's.
    is_alive: Cell<bool>,
    /// Loads in a row that brought no panel.
    failures: Cell<u32>,
    /// Asks again for a panel that did not come.
    again: RefCell<Option<Timer>>,
}

/// A `protocol::port::FromPanel`.
pub struct Told {
    /// What is told.
    pub kind: FromPanelKind,
    /// With `Unread`.
    pub count: u32,
    /// With `SignedIn`.
    pub email: String,
}

/// The port to a loaded frame.
struct Line {
    port: MessagePort,
    _message: Listener,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.port.close();
    }
}

impl Frame {
    /// Puts the iframe into `parent`. `on_ready` runs whenever the panel has a port to be spoken to through:
    /// after each load of the frame, with nothing told yet.
    pub fn mount(
        parent: &HtmlElement,
        title: &str,
        address: String,
        origin: String,
        on_ready: impl Fn() + 'static,
        on_message: impl Fn(Told) + Clone + 'static,
    ) -> Self {
        let attributes = [
            ("title", title),
            ("part", "panel"),
            ("referrerpolicy", "no-referrer"),
            ("allow", "clipboard-write"),
            ("src", &address),
        ];
        let iframe: HtmlIFrameElement = dom::create("iframe", &attributes).unchecked_into();
        let content = Rc::new(Content {
            iframe,
            address,
            line: RefCell::default(),
            is_alive: Cell::default(),
            failures: Cell::default(),
            again: RefCell::default(),
        });
        let load = Listener::new(&content.iframe, "load", {
            let content = Rc::clone(&content);
            move |_| {
                Content::connect(&content, &origin, on_message.clone());
                on_ready();
            }
        });
        let online = Listener::of_window("online", {
            let content = Rc::clone(&content);
            // Not every browser says `load` of a frame that it could not load.
            move |_| content.load_unless_alive()
        });
        dom::append(parent, &content.iframe);
        Self { content, _load: load, _online: online }
    }

    /// Tells the panel something; nothing if it is not loaded, since `on_ready` will tell the whole state.
    /// `members` are those of `protocol::port::ToPanel`.
    pub fn tell(&self, kind: ToPanelKind, members: &[(&str, JsValue)]) {
        let Some(port) = self.content.line.borrow().as_ref().map(|line| line.port.clone()) else { return };
        let message = Object::new();
        value::set(&message, "type", &kind.as_str().into());
        for (name, member) in members {
            value::set(&message, name, member);
        }
        let _ = port.post_message(&message);
    }

    /// Gives the panel the focus.
    pub fn focus(&self) {
        let _ = self.content.iframe.focus();
    }

    /// Asks again for a panel that did not come.
    pub fn load_again(&self) {
        self.content.load_again();
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        drop((self.content.line.take(), self.content.again.take()));
        self.content.iframe.remove();
    }
}

impl Content {
    /// Sends one end of a new channel into the frame, to Thread's origin and no other. If the browser has put an
    /// error page there, nobody answers: then the frame is loaded again after a while.
    fn connect(self: &Rc<Self>, origin: &str, on_message: impl Fn(Told) + 'static) {
        self.is_alive.set(false);
        self.failures.set(self.failures.get() + 1);
        let delay_ms = retry::delay_ms(self.failures.get() + 3, None, Math::random());
        let again = Timer::new(delay_ms, {
            let content = Rc::clone(self);
            move || content.load_again()
        });
        let line = self.line(origin, on_message);
        drop((self.again.replace(Some(again)), self.line.replace(line)));
    }

    fn line(self: &Rc<Self>, origin: &str, on_message: impl Fn(Told) + 'static) -> Option<Line> {
        let window = self.iframe.content_window()?;
        let channel = MessageChannel::new().ok()?;
        let port = channel.port1();
        let content = Rc::clone(self);
        let message = Listener::new(&port, "message", move |event| {
            content.is_alive.set(true);
            content.failures.set(0);
            drop(content.again.take());
            let data = event.unchecked_ref::<MessageEvent>().data();
            if let Some(kind) = value::text(&data, "type").and_then(|kind| FromPanelKind::parse(&kind)) {
                let email = value::text(&data, "email").unwrap_or_default();
                on_message(Told { kind, count: value::count(&data, "count"), email });
            }
        });
        port.start();
        let transfer = Array::of1(&channel.port2());
        window.post_message_with_transfer(&HANDSHAKE.into(), origin, &transfer).ok()?;
        Some(Line { port, _message: message })
    }

    /// Loads the frame again if what it loaded was not the panel.
    fn load_again(&self) {
        if self.line.borrow().is_some() {
            self.load_unless_alive();
        }
    }

    fn load_unless_alive(&self) {
        if !self.is_alive.get() {
            dom::set_attribute(&self.iframe, "src", &self.address);
        }
    }
}
