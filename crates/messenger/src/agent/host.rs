//! What the conversations need of the agents' page.

use super::{Agents, Phase};
use crate::failure::Failure;
use crate::talk::{Coming, Host};
use crate::text;
use protocol::ServiceRequestId;
use protocol::conversation::{ServerFrame, ServiceRequest};
use protocol::wire::{AttachmentLimits, Author};

impl Host for Agents {
    fn base(&self) -> &'static str {
        "/v1/agent"
    }

    fn is_signed_in(&self) -> bool {
        self.phase.get_untracked() == Phase::SignedIn
    }

    fn hindrance(&self) -> Option<&'static str> {
        None
    }

    fn token(&self) -> Result<String, Failure> {
        self.key()
    }

    fn renew(&self, refused: String) -> Coming<Result<(), Failure>> {
        let agents = *self;
        Box::pin(async move {
            agents.refused(&refused);
            // There may be another key meanwhile.
            agents.key().map(drop)
        })
    }

    fn owner(&self) -> Option<String> {
        self.about.with_untracked(|about| about.as_ref().map(super::session::owner))
    }

    fn limits(&self) -> Option<AttachmentLimits> {
        self.about.with(|about| about.as_ref().and_then(|about| about.app.attachments.clone()))
    }

    fn name(&self, author: Author) -> String {
        if author == Author::Agent {
            return text::agent::colleague().into();
        }
        let shown = self.talk.route.get();
        self.talk
            .desk
            .with(|desk| shown.id().and_then(|id| desk.request(id)).map(contact).unwrap_or_default())
    }

    fn signature(&self) -> Option<String> {
        self.about.with(|about| Some(about.as_ref()?.agent.as_ref()?.name.clone()))
    }

    fn shows_list(&self) -> bool {
        true
    }

    fn fetch_list(&self) -> Coming<Option<Result<(), Failure>>> {
        let agents = *self;
        Box::pin(async move { agents.fetch_lists().await })
    }

    fn load_list(&self) {
        self.load_lists();
    }

    fn meet(&self, id: ServiceRequestId) {
        self.load_request(id);
    }

    fn heard(&self, frame: &ServerFrame) {
        match frame {
            ServerFrame::Message { service_request_id: id, message, .. } => {
                self.touched(id);
                if message.author == Author::Contact && self.talk.shown().as_ref() != Some(id) {
                    let whose = self.talk.desk.with_untracked(|desk| desk.request(id).map(contact));
                    self.talk.announce(&whose.unwrap_or_else(|| text::agent::customer().into()), message);
                }
            }
            ServerFrame::ServiceRequest { service_request: request, .. } => {
                self.touched(&request.id);
                if self.talk.desk.with_untracked(|desk| desk.request(&request.id).is_none()) {
                    self.raised(request);
                }
            }
            ServerFrame::Read { service_request_id: id, .. } => self.touched(id),
            _ => {}
        }
    }

    fn woken(&self) {}
}

impl Agents {
    /// A service request that the list does not have: mostly a customer has just raised it.
    fn raised(self, request: &ServiceRequest) {
        if let Some(message) = request.messages.last()
            && message.author == Author::Contact
            && message.seq == 1
        {
            self.talk.said.set(text::agent::new_request_from(&contact(request), &message.body));
            self.talk.sound();
        }
    }
}

/// Whose service request it is.
pub(crate) fn contact(request: &ServiceRequest) -> String {
    request.contact.as_ref().map(|contact| contact.email.clone()).unwrap_or_default()
}
