//! One WebSocket to `/v1/live` or `/v1/agent/live`.

use crate::browser::{self, Listener};
use crate::codec;
use protocol::conversation::{ClientFrame, Message, ServerFrame, ServiceRequest};
use protocol::wire::{Agent, Author};
use protocol::{ErrorCode, ServiceRequestId};
use wasm_bindgen::JsValue;
use web_sys::{Event, MessageEvent, WebSocket};

/// A [`ServerFrame`] with the members of all its kinds.
///
/// Reading the tagged form makes serde hold every frame in a form between, which takes 30 KB of code.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Frame {
    r#type: String,
    cursor: Option<String>,
    service_request_id: Option<ServiceRequestId>,
    message: Option<Message>,
    service_request: Option<ServiceRequest>,
    code: Option<String>,
    retry_after_ms: Option<u32>,
    author: Option<Author>,
    seq: Option<i64>,
    agent: Option<Agent>,
}

impl Frame {
    /// The frame; `None` if it is of an unknown kind, or lacks a member.
    fn read(self) -> Option<ServerFrame> {
        let cursor = self.cursor;
        Some(match self.r#type.as_str() {
            "ready" => ServerFrame::Ready { cursor: cursor? },
            "message" => ServerFrame::Message {
                cursor: cursor?,
                service_request_id: self.service_request_id?,
                message: self.message?,
            },
            "service_request" => {
                ServerFrame::ServiceRequest { cursor: cursor?, service_request: self.service_request? }
            }
            "read" => ServerFrame::Read {
                cursor: cursor?,
                service_request_id: self.service_request_id?,
                author: self.author?,
                seq: self.seq?,
            },
            "typing" => ServerFrame::Typing {
                service_request_id: self.service_request_id?,
                author: self.author?,
                agent: self.agent,
            },
            "reload" => ServerFrame::Reload { cursor: cursor? },
            "error" => ServerFrame::Error { code: ErrorCode::parse(&self.code?)? },
            "goodbye" => ServerFrame::Goodbye { retry_after_ms: self.retry_after_ms? },
            _ => return None,
        })
    }
}

/// A socket; it closes when dropped, and calls nothing after that.
pub(crate) struct Socket {
    socket: WebSocket,
    _listeners: [Listener; 3],
}

impl Socket {
    /// Connects, and says `hello` as soon as it can. Frames of unknown shape are passed over.
    ///
    /// `base` is where the side's calls begin: `/v1` or `/v1/agent`.
    pub(crate) fn open(
        base: &str,
        hello: ClientFrame,
        mut heard: impl FnMut(ServerFrame) + 'static,
        mut closed: impl FnMut() + 'static,
    ) -> Result<Self, JsValue> {
        let location = browser::window().location();
        // `http` and `https` become `ws` and `wss`.
        let origin = location.origin()?.replacen("http", "ws", 1);
        let socket = WebSocket::new(&[&origin, base, "/live"].concat())?;
        let listeners = [
            Listener::new(&socket, "open", {
                let socket = socket.clone();
                move |_: Event| say(&socket, &hello)
            }),
            Listener::new(&socket, "message", move |event: MessageEvent| {
                if let Some(frame) = event
                    .data()
                    .as_string()
                    .as_deref()
                    .and_then(codec::from_json::<Frame>)
                    .and_then(Frame::read)
                {
                    heard(frame);
                }
            }),
            // An error is always followed by a close.
            Listener::new(&socket, "close", move |_: Event| closed()),
        ];
        Ok(Self { socket, _listeners: listeners })
    }

    /// Says something, if the socket is open.
    pub(crate) fn say(&self, frame: &ClientFrame) {
        say(&self.socket, frame);
    }
}

fn say(socket: &WebSocket, frame: &ClientFrame) {
    if let Some(frame) = codec::to_json(frame) {
        // If it is not open, or closes at once, `close` tells.
        let _ = socket.send_with_str(&frame);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Closing a closed socket does nothing.
        let _ = self.socket.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_is_read_as_the_protocol_writes_it() {
        let message = crate::state::conversation::tests::message(3);
        let service_request: ServiceRequest = serde_json::from_value(serde_json::json!({
            "id": "r", "subject": "s", "status": "closed", "createdAt": "", "updatedAt": "", "messages": [message],
        }))
        .expect("a service request");
        let cursor = || String::from("7");
        for frame in [
            ServerFrame::Ready { cursor: cursor() },
            ServerFrame::Message { cursor: cursor(), service_request_id: "r".into(), message },
            ServerFrame::ServiceRequest { cursor: cursor(), service_request },
            ServerFrame::Read {
                cursor: cursor(),
                service_request_id: "r".into(),
                author: Author::Agent,
                seq: 4,
            },
            ServerFrame::Typing {
                service_request_id: "r".into(),
                author: Author::Agent,
                agent: Some(Agent { name: "Mia".into() }),
            },
            ServerFrame::Typing { service_request_id: "r".into(), author: Author::Agent, agent: None },
            ServerFrame::Reload { cursor: cursor() },
            ServerFrame::Error { code: ErrorCode::SessionExpired },
            ServerFrame::Goodbye { retry_after_ms: 5 },
        ] {
            let json = serde_json::to_string(&frame).expect("serializable");
            let read: Frame = serde_json::from_str(&json).expect("readable");
            assert_eq!(read.read(), Some(frame));
        }
    }

    #[test]
    fn unknown_and_incomplete_frames_are_passed_over() {
        for json in [r#"{"type":"dance","cursor":"1"}"#, r#"{"type":"message","cursor":"1"}"#] {
            let frame: Frame = serde_json::from_str(json).expect("an object");
            assert_eq!(frame.read(), None);
        }
    }
}
