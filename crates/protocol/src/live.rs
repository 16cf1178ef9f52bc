//! Frames of `GET /v1/live`, the WebSocket: one JSON object a text frame.

use crate::wire::{Message, ServiceRequest};
use crate::{ErrorCode, ServiceRequestId};
use serde::{Deserialize, Serialize};

/// What the panel sends.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame. The token is here and never in the URL.
    Hello {
        /// Bearer token of a session.
        token: String,
        /// The last cursor that was received; what came after it is sent again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<String>,
    },
}

/// What Thread sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ServerFrame {
    /// Answers `hello`: from here on nothing is missed.
    Ready {
        /// Where the socket stands.
        cursor: String,
    },
    /// A message was written.
    Message {
        /// Where the socket stands after it.
        cursor: String,
        /// Where it belongs.
        service_request_id: ServiceRequestId,
        /// The message.
        message: Message,
    },
    /// A service request was raised or changed its status.
    ServiceRequest {
        /// Where the socket stands after it.
        cursor: String,
        /// As it is now; `messages` holds the last one at the most.
        service_request: ServiceRequest,
    },
    /// Too much was missed to send it piece by piece: fetch the lists anew.
    Reload {
        /// Where the socket stands.
        cursor: String,
    },
    /// The socket is refused and closes.
    Error {
        /// Why.
        code: ErrorCode,
    },
    /// Thread is shutting down: connect again.
    Goodbye {
        /// Wait this long first; spread over all sockets.
        retry_after_ms: u32,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_have_the_names_of_the_contract() {
        let hello: ClientFrame = serde_json::from_str(r#"{"type":"hello","token":"t"}"#).expect("valid");
        assert!(matches!(hello, ClientFrame::Hello { cursor: None, .. }));
        let ready = ServerFrame::Ready { cursor: "7".into() };
        assert_eq!(serde_json::to_string(&ready).expect("serializable"), r#"{"type":"ready","cursor":"7"}"#);
        let goodbye = ServerFrame::Goodbye { retry_after_ms: 5 };
        assert_eq!(
            serde_json::to_string(&goodbye).expect("serializable"),
            r#"{"type":"goodbye","retryAfterMs":5}"#
        );
    }
}
