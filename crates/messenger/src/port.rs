//! The message port to the widget, the only way between the two.

use crate::browser::Listener;
use crate::codec;
use protocol::port::{FromPanel, FromPanelKind, ToPanel};
use web_sys::{MessageEvent, MessagePort};

/// Our end of the port; it closes when dropped.
pub(crate) struct Port {
    port: MessagePort,
    _listener: Listener,
}

impl Port {
    /// Starts the port: what the widget told until now comes first. What is malformed is passed over.
    pub(crate) fn new(port: MessagePort, mut told: impl FnMut(ToPanel) + 'static) -> Self {
        let listener = Listener::new(&port, "message", move |event: MessageEvent| {
            if let Some(message) = codec::from_object(event.data()) {
                told(message);
            }
        });
        port.start();
        Self { port, _listener: listener }
    }

    /// Tells the widget something.
    pub(crate) fn tell(&self, message: &FromPanel) {
        if let Some(object) = codec::to_object(message) {
            // A plain object can always be cloned.
            let _ = self.port.post_message(&object);
        }
    }

    /// Tells the widget something that needs no more words.
    pub(crate) fn tell_kind(&self, kind: FromPanelKind) {
        self.tell(&FromPanel { kind, ..FromPanel::default() });
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.port.close();
    }
}
