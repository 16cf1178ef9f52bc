//! What the conversations need of the panel.

use super::{Panel, Phase};
use crate::failure::Failure;
use crate::talk::{Coming, Host};
use crate::text;
use protocol::conversation::ServerFrame;
use protocol::wire::{AttachmentLimits, Author};
use protocol::{ErrorCode, ServiceRequestId};

impl Host for Panel {
    fn base(&self) -> &'static str {
        "/v1"
    }

    fn is_signed_in(&self) -> bool {
        self.phase.get_untracked() == Phase::SignedIn
    }

    fn hindrance(&self) -> Option<&'static str> {
        (self.phase.get() != Phase::SignedIn).then(text::composer_disabled)
    }

    fn token(&self) -> Result<String, Failure> {
        let io = self.io();
        let held = io.session.borrow();
        held.as_ref().map(|held| held.token.clone()).ok_or(Failure::Refused(ErrorCode::SessionExpired))
    }

    fn renew(&self, refused: String) -> Coming<Result<(), Failure>> {
        let panel = *self;
        Box::pin(async move { panel.renew_session(&refused).await })
    }

    fn owner(&self) -> Option<String> {
        self.email.get_untracked()
    }

    fn limits(&self) -> Option<AttachmentLimits> {
        self.app.with(|app| app.as_ref().and_then(|app| app.attachments.clone()))
    }

    fn name(&self, _: Author) -> String {
        self.app_name()
    }

    fn signature(&self) -> Option<String> {
        None
    }

    fn shows_list(&self) -> bool {
        self.talk.shown().is_none()
    }

    fn fetch_list(&self) -> Coming<Option<Result<(), Failure>>> {
        let panel = *self;
        Box::pin(async move { panel.fetch_requests().await })
    }

    fn load_list(&self) {
        self.load_requests();
    }

    fn meet(&self, _: ServiceRequestId) {
        self.talk.refresh();
    }

    fn heard(&self, _: &ServerFrame) {}

    fn woken(&self) {
        self.renew_if_due();
    }
}
