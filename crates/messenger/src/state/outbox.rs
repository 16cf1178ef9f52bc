//! Messages that Thread has not acknowledged, as the browser keeps them over a reload.

use super::conversation::Pending;
use super::place::Place;
use protocol::conversation::Attachment;
use protocol::{ClientId, ServiceRequestId};
use serde::{Deserialize, Serialize};

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Unsent {
    /// Where it belongs; to a new service request if this is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service_request_id: Option<ServiceRequestId>,
    /// The same one on every try.
    pub(crate) client_id: ClientId,
    body: String,
    /// Files that were uploaded for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
    /// When it was written, in milliseconds since 1970.
    pub(crate) written_ms: i64,
}

impl Unsent {
    /// A message as it is kept.
    pub(crate) fn new(place: &Place, pending: &Pending) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "times are far from the ends of the range")]
        let written_ms = pending.written_ms as i64;
        Self {
            service_request_id: place.id().cloned(),
            client_id: pending.client_id.clone(),
            body: pending.body.clone(),
            attachments: pending.attachments.clone(),
            written_ms,
        }
    }

    /// Where it belongs.
    pub(crate) fn place(&self) -> Place {
        self.service_request_id.clone().map_or(Place::New, Place::Request)
    }

    /// The message, to be sent again.
    pub(crate) fn pending(&self) -> Pending {
        #[expect(clippy::cast_precision_loss, reason = "times are far from the ends of the range")]
        let written_ms = self.written_ms as f64;
        Pending {
            client_id: self.client_id.clone(),
            body: self.body.clone(),
            attachments: self.attachments.clone(),
            written_ms,
            failure: None,
        }
    }
}
