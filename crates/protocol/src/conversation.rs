//! Conversations: service requests, messages, attachments, and the frames of the WebSocket (`GET /v1/live`), one
//! JSON object a text frame.

use crate::wire::{Agent, Author, Status, User};
use crate::{AttachmentId, ClientId, ErrorCode, MessageId, ServiceRequestId};
use serde::{Deserialize, Serialize};

/// Most attachments of a message.
pub const MAX_ATTACHMENTS: usize = 10;
/// Longest name of an attachment, in characters.
pub const MAX_ATTACHMENT_NAME_CHARS: usize = 200;

/// A file that was uploaded by `POST /v1/attachments?name=NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// The attachment.
    pub id: AttachmentId,
    /// The file's name: plain text, never markup, never a path.
    pub name: String,
    /// What it is served as, like `image/png`.
    pub content_type: String,
    /// Its size.
    pub size_bytes: u64,
    /// Of a picture that is served inline, pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Of a picture that is served inline, pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

/// A message of a service request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The message.
    pub id: MessageId,
    /// Its place in the service request: 1, 2, 3, …
    pub seq: i64,
    /// Who wrote it. Its author has read everything before it.
    pub author: Author,
    /// Plain text, never markup; empty if the message is its attachments.
    pub body: String,
    /// When it was stored.
    pub created_at: String,
    /// As the sender gave it; only the sender's side sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Who of the service provider wrote it, where the API key has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    /// Its files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// A service request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ServiceRequest {
    /// The service request.
    pub id: ServiceRequestId,
    /// From the first words of its first message, or the name of its first attachment.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// When it was raised.
    pub created_at: String,
    /// When a message or a change of status last came.
    pub updated_at: String,
    /// Who raised it; only agents see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<User>,
    /// Messages of the other side above what this side has read.
    #[serde(default)]
    pub unread: u32,
    /// The contact has read messages up to this `seq`.
    #[serde(default)]
    pub contact_read_seq: i64,
    /// The service provider has read messages up to this `seq`.
    #[serde(default)]
    pub agent_read_seq: i64,
    /// Its messages in order: all of them in the answer to the call that raised it, the last one in a list.
    #[serde(default)]
    pub messages: Vec<Message>,
}

/// `GET /v1/service-requests`, `GET /v1/agent/service-requests`: newest change first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListServiceRequestsResponse {
    /// The service requests.
    pub service_requests: Vec<ServiceRequest>,
    /// Where the next page begins: `before` of the call for it. Absent on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// `GET …/service-requests/{id}/messages?after=SEQ`: in order of `seq`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListMessagesResponse {
    /// Messages with a `seq` greater than `after`.
    pub messages: Vec<Message>,
}

/// `POST /v1/service-requests` and `POST …/{id}/messages`: raises a service request, or writes to it.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct WriteMessageRequest {
    /// 1 to 64 characters, chosen by the sender; the same one again answers with what is stored.
    pub client_id: ClientId,
    /// Plain text, up to [`MAX_MESSAGE_CHARS`](crate::wire::MAX_MESSAGE_CHARS) characters; may be empty if there are
    /// attachments.
    #[serde(default)]
    pub body: String,
    /// Uploads of the same sender that no message carries yet, in the order to show; up to [`MAX_ATTACHMENTS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachment_ids: Vec<AttachmentId>,
}

/// `POST …/service-requests/{id}/read`: this side has read all messages up to `seq`. A smaller one than before
/// changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkReadRequest {
    /// Of the newest message that was before the reader's eyes.
    pub seq: i64,
}

/// What panel and agents' page send over the socket.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ClientFrame {
    /// The first frame. The token is here and never in the URL.
    Hello {
        /// Bearer token of a session on `/v1/live`, an API key on `/v1/agent/live`.
        token: String,
        /// The last cursor that was received; what came after it is sent again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<String>,
    },
    /// This side is writing: send it at most every three seconds while it is so.
    Typing {
        /// Where.
        service_request_id: ServiceRequestId,
    },
}

/// What Thread sends over the socket. Skip frames of other types: later versions have more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// A side has read further, in whichever tab.
    Read {
        /// Where the socket stands after it.
        cursor: String,
        /// Where.
        service_request_id: ServiceRequestId,
        /// Which side.
        author: Author,
        /// Up to this message.
        seq: i64,
    },
    /// The other side, or another agent, is writing: show it for five seconds, or until a message comes.
    Typing {
        /// Where.
        service_request_id: ServiceRequestId,
        /// Which side.
        author: Author,
        /// Who of the service provider, where the API key has a name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<Agent>,
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
    use serde_json::json;

    fn message() -> Message {
        Message {
            id: "m".into(),
            seq: 2,
            author: Author::Agent,
            body: String::new(),
            created_at: "2026-01-01T00:00:00Z".into(),
            client_id: None,
            agent: Some(Agent { name: "Mia".into() }),
            attachments: vec![Attachment {
                id: "a".into(),
                name: "cat.png".into(),
                content_type: "image/png".into(),
                size_bytes: 7,
                width: Some(1),
                height: Some(2),
            }],
        }
    }

    #[test]
    fn a_message_has_the_names_of_the_contract() {
        let value = serde_json::to_value(message()).expect("serializable");
        assert_eq!(
            value,
            json!({
                "id": "m", "seq": 2, "author": "agent", "body": "", "createdAt": "2026-01-01T00:00:00Z",
                "agent": {"name": "Mia"},
                "attachments": [
                    {"id": "a", "name": "cat.png", "contentType": "image/png", "sizeBytes": 7, "width": 1, "height": 2}
                ],
            })
        );
        assert_eq!(serde_json::from_value::<Message>(value).expect("readable"), message());
    }

    #[test]
    fn what_the_first_version_wrote_is_understood() {
        let old = json!({"id": "r", "subject": "s", "status": "open", "createdAt": "t", "updatedAt": "t", "messages": []});
        let new: ServiceRequest = serde_json::from_value(old).expect("readable");
        assert_eq!((new.unread, new.contact_read_seq, new.agent_read_seq), (0, 0, 0));
        let write: WriteMessageRequest =
            serde_json::from_str(r#"{"clientId":"c","body":"b"}"#).expect("readable");
        assert!(write.attachment_ids.is_empty());
        assert_eq!(serde_json::to_value(write).expect("serializable"), json!({"clientId": "c", "body": "b"}));
    }

    #[test]
    fn frames_have_the_names_of_the_contract() {
        let typing: ClientFrame =
            serde_json::from_str(r#"{"type":"typing","serviceRequestId":"r"}"#).expect("readable");
        assert!(matches!(typing, ClientFrame::Typing { .. }));
        let read = ServerFrame::Read {
            cursor: "3".into(),
            service_request_id: "r".into(),
            author: Author::Contact,
            seq: 4,
        };
        assert_eq!(
            serde_json::to_value(&read).expect("serializable"),
            json!({"type": "read", "cursor": "3", "serviceRequestId": "r", "author": "contact", "seq": 4})
        );
        let typing =
            ServerFrame::Typing { service_request_id: "r".into(), author: Author::Agent, agent: None };
        assert_eq!(
            serde_json::to_value(&typing).expect("serializable"),
            json!({"type": "typing", "serviceRequestId": "r", "author": "agent"})
        );
    }
}
