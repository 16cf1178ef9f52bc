//! Webhooks: what Thread posts to an address of the service provider, one JSON object a request, in the form of
//! Standard Webhooks: `{"type", "timestamp", "data"}`, and `appId` beside them.

use crate::conversation::{Message, ServiceRequest};
use crate::wire::User;
use crate::{AppId, ServiceRequestId};
use core::fmt;
use serde::{Deserialize, Serialize};

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// `type` and `data`.
    #[serde(flatten)]
    pub event: WebhookEvent,
    /// When it happened.
    pub timestamp: String,
    /// The app that it happened in.
    pub app_id: AppId,
}

/// What happened. Skip types that you do not know: later versions have more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum WebhookEvent {
    /// A contact raised a service request; its first message is in it, and has no event of its own.
    #[serde(rename = "service_request.created")]
    ServiceRequestCreated(ServiceRequestData),
    /// A service request was closed, or is open again.
    #[serde(rename = "service_request.status_changed")]
    StatusChanged(ServiceRequestData),
    /// The contact wrote.
    #[serde(rename = "message.from_contact")]
    MessageFromContact(MessageData),
    /// An agent wrote, with whichever tool: `clientId` tells yours.
    #[serde(rename = "message.from_agent")]
    MessageFromAgent(MessageData),
    /// The operator made a secret void.
    #[serde(rename = "secret.revoked")]
    SecretRevoked(SecretData),
    /// A secret was seen in a page or came in place of a key, and is void: rotate it, and look for the leak.
    #[serde(rename = "secret.leaked")]
    SecretLeaked(SecretData),
}

/// Of a service request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRequestData {
    /// As agents see it, with its newest message.
    pub service_request: ServiceRequest,
}

/// Of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageData {
    /// Where it belongs.
    pub service_request_id: ServiceRequestId,
    /// Whose service request it is.
    pub contact: User,
    /// As agents see it.
    pub message: Message,
}

/// Of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretData {
    /// Its identifier; the secret itself is never told.
    pub secret_id: String,
}

impl WebhookEvent {
    /// Its type.
    pub const fn event_type(&self) -> WebhookEventType {
        match self {
            Self::ServiceRequestCreated(_) => WebhookEventType::ServiceRequestCreated,
            Self::StatusChanged(_) => WebhookEventType::StatusChanged,
            Self::MessageFromContact(_) => WebhookEventType::MessageFromContact,
            Self::MessageFromAgent(_) => WebhookEventType::MessageFromAgent,
            Self::SecretRevoked(_) => WebhookEventType::SecretRevoked,
            Self::SecretLeaked(_) => WebhookEventType::SecretLeaked,
        }
    }

    /// The service request that it is about, if it is about one.
    pub const fn service_request_id(&self) -> Option<&ServiceRequestId> {
        match self {
            Self::ServiceRequestCreated(data) | Self::StatusChanged(data) => Some(&data.service_request.id),
            Self::MessageFromContact(data) | Self::MessageFromAgent(data) => Some(&data.service_request_id),
            Self::SecretRevoked(_) | Self::SecretLeaked(_) => None,
        }
    }
}

/// The type of an event, by which webhooks choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WebhookEventType {
    /// `service_request.created`
    ServiceRequestCreated,
    /// `service_request.status_changed`
    StatusChanged,
    /// `message.from_contact`
    MessageFromContact,
    /// `message.from_agent`
    MessageFromAgent,
    /// `secret.revoked`
    SecretRevoked,
    /// `secret.leaked`
    SecretLeaked,
}

impl WebhookEventType {
    /// Every type.
    pub const ALL: &[Self] = &[
        Self::ServiceRequestCreated,
        Self::StatusChanged,
        Self::MessageFromContact,
        Self::MessageFromAgent,
        Self::SecretRevoked,
        Self::SecretLeaked,
    ];

    /// The type as it appears on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServiceRequestCreated => "service_request.created",
            Self::StatusChanged => "service_request.status_changed",
            Self::MessageFromContact => "message.from_contact",
            Self::MessageFromAgent => "message.from_agent",
            Self::SecretRevoked => "secret.revoked",
            Self::SecretLeaked => "secret.leaked",
        }
    }

    /// The type with this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.as_str() == text)
    }
}

impl fmt::Display for WebhookEventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_body_has_the_form_of_standard_webhooks() {
        let body = Webhook {
            event: WebhookEvent::SecretLeaked(SecretData { secret_id: "sec_1".into() }),
            timestamp: "2026-01-01T00:00:00Z".into(),
            app_id: "app_1".into(),
        };
        let value = serde_json::to_value(&body).expect("serializable");
        assert_eq!(
            value,
            json!({
                "type": "secret.leaked", "timestamp": "2026-01-01T00:00:00Z", "appId": "app_1",
                "data": {"secretId": "sec_1"},
            })
        );
        assert_eq!(serde_json::from_value::<Webhook>(value).expect("readable"), body);
    }

    #[test]
    fn types_have_one_name_each() {
        for &known in WebhookEventType::ALL {
            assert_eq!(WebhookEventType::parse(known.as_str()), Some(known));
        }
        assert_eq!(WebhookEventType::parse("message"), None);
        let event = WebhookEvent::SecretRevoked(SecretData { secret_id: String::new() });
        let value = serde_json::to_value(&event).expect("serializable");
        assert_eq!(value["type"], event.event_type().as_str());
    }
}
