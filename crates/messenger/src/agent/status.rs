//! Closing and reopening.

use super::Agents;
use crate::failure::Failure;
use crate::{api, text};
use protocol::ServiceRequestId;
use protocol::wire::Status;
use wasm_bindgen_futures::spawn_local;

/// What becomes of closing or reopening the request that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// Whether an answer is awaited.
    pub(crate) is_busy: bool,
    /// Why it came to nothing.
    pub(crate) failure: Option<Failure>,
}

impl Agents {
    /// Closes a service request, or opens it again.
    pub(crate) fn set_status(self, id: ServiceRequestId, status: Status) {
        if self.change.with_untracked(|change| change.is_busy) {
            return;
        }
        self.change.set(Change { is_busy: true, failure: None });
        spawn_local(async move {
            let Some(answer) = self.talk.ask(api::set_status(&id, status)).await else { return };
            let is_shown = self.talk.route.with_untracked(|route| route.id() == Some(&id));
            match answer {
                Ok(request) => {
                    self.talk.said.set(match request.status {
                        Status::Open => text::agent::reopened().into(),
                        Status::Closed => text::agent::closed().into(),
                    });
                    self.touched(&id);
                    self.talk.change(|desk| desk.met(request));
                    if is_shown {
                        self.change.set(Change::default());
                    }
                }
                Err(failure) => {
                    if is_shown {
                        self.change.set(Change { is_busy: false, failure: Some(failure) });
                    }
                }
            }
        });
    }
}
