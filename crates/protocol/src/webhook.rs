//! Webhooks: what Thread posts to a service provider's own systems.
//!
//! A request has the header `Chatgenie-Signature: t=<Unix seconds>,v1=<hex>`, where the hex is HMAC-SHA256, keyed with
//! the webhook's secret (all of its text), over `<t>.<body>`. A receiver refuses a `t` that is more than five minutes
//! old, answers with a 2xx status within ten seconds, and may get an event more than once: its `id` stays the same.

use crate::AppId;
use crate::conversation::{Message, ServiceRequest};
use serde::{Deserialize, Serialize};

/// Header of the signature.
pub const SIGNATURE_HEADER: &str = "Chatgenie-Signature";

/// Body of a webhook's request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookEvent {
    /// The event; the same in every try.
    pub id: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: WebhookEventKind,
    /// The app.
    pub app_id: AppId,
    /// When it happened.
    pub created_at: String,
    /// As it was then, as agents see it, with its last message.
    pub service_request: ServiceRequest,
    /// The message, of `message.created` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WebhookEventKind {
    /// A contact raised a service request; its first message is in it.
    #[serde(rename = "service_request.created")]
    ServiceRequestCreated,
    /// Somebody wrote to a service request.
    #[serde(rename = "message.created")]
    MessageCreated,
    /// A service request was closed or opened again.
    #[serde(rename = "service_request.updated")]
    ServiceRequestUpdated,
}

impl WebhookEventKind {
    /// The kind as it appears on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServiceRequestCreated => "service_request.created",
            Self::MessageCreated => "message.created",
            Self::ServiceRequestUpdated => "service_request.updated",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_the_same_name_in_every_form() {
        for kind in [
            WebhookEventKind::ServiceRequestCreated,
            WebhookEventKind::MessageCreated,
            WebhookEventKind::ServiceRequestUpdated,
        ] {
            assert_eq!(serde_json::to_value(kind).expect("plain enum"), kind.as_str());
        }
    }
}
