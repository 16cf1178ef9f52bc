//! The iframe with the panel, and the only way to talk to it: a message port.

use crate::dom::{self, Listener, value};
use crate::text;
use js_sys::{Array, Object};
use protocol::port::{FromPanelKind, HANDSHAKE, ToPanelKind};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlElement, HtmlIFrameElement, MessageChannel, MessageEvent, MessagePort};

/// The panel's iframe; dropping it removes it.
pub struct Frame {
    iframe: HtmlIFrameElement,
    line: Rc<RefCell<Option<Line>>>,
    _load: Listener,
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

/// The port to a loaded panel.
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
        document: &Document,
        parent: &HtmlElement,
        origin: &str,
        app_id: &str,
        on_ready: impl Fn() + 'static,
        on_message: impl Fn(Told) + Clone + 'static,
    ) -> Self {
        let iframe: HtmlIFrameElement = dom::create(document, "iframe").unchecked_into();
        let address = [origin, "/messenger/?host=widget&appId=", &encode(app_id)].concat();
        for (name, value) in [
            ("title", text::FRAME_TITLE),
            ("part", "panel"),
            ("referrerpolicy", "no-referrer"),
            ("allow", "clipboard-write"),
            ("src", &address),
        ] {
            dom::set_attribute(&iframe, name, value);
        }
        let line = Rc::new(RefCell::new(None));
        let load = Listener::new(&iframe, "load", {
            let (iframe, line, origin) = (iframe.clone(), Rc::clone(&line), origin.to_owned());
            move |_| {
                let connected = connect(&iframe, &origin, on_message.clone());
                let is_ready = connected.is_some();
                drop(line.replace(connected));
                if is_ready {
                    on_ready();
                }
            }
        });
        dom::append(parent, &iframe);
        Self { iframe, line, _load: load }
    }

    /// Tells the panel something; nothing if it is not loaded, since `on_ready` will tell the whole state.
    /// `members` are those of `protocol::port::ToPanel`.
    pub fn tell(&self, kind: ToPanelKind, members: &[(&str, JsValue)]) {
        let Some(port) = self.line.borrow().as_ref().map(|line| line.port.clone()) else { return };
        let message = Object::new();
        value::set(&message, "type", &kind.as_str().into());
        for (name, member) in members {
            value::set(&message, name, member);
        }
        let _ = port.post_message(&message);
    }

    /// Gives the panel the focus.
    pub fn focus(&self) {
        let _ = self.iframe.focus();
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        drop(self.line.take());
        self.iframe.remove();
    }
}

/// Sends one end of a new channel into the frame, to Thread's origin and no other.
fn connect(iframe: &HtmlIFrameElement, origin: &str, on_message: impl Fn(Told) + 'static) -> Option<Line> {
    let window = iframe.content_window()?;
    let channel = MessageChannel::new().ok()?;
    let port = channel.port1();
    let message = Listener::new(&port, "message", move |event| {
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

/// An app id is the page's text: it goes into the address as one value.
fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
