//! The list of the user's service requests.

use super::{Panel, Phase};
use crate::api;
use crate::failure::Failure;
use crate::state::place::{Place, Route};
use wasm_bindgen_futures::spawn_local;

impl Panel {
    /// Fetches the list.
    pub(crate) fn load_requests(self) {
        self.list_failure.note(None);
        spawn_local(async move {
            if let Some(Err(failure)) = self.fetch_requests().await
                && self.phase.get_untracked() != Phase::Expired
            {
                self.list_failure.note(Some(failure));
            }
        });
    }

    pub(super) async fn fetch_requests(self) -> Option<Result<(), Failure>> {
        let answer = self.talk.ask(api::list()).await?;
        Some(answer.map(|answer| {
            self.list_failure.note(None);
            self.talk.change(|desk| desk.listed(answer.service_requests));
            self.greet_newcomer();
            self.talk.see();
        }))
    }

    /// Who has no request yet lands in the composer of a new one.
    fn greet_newcomer(self) {
        let has_none = self.talk.desk.with_untracked(|desk| desk.requests().is_some_and(<[_]>::is_empty));
        if has_none && self.talk.route.with_untracked(|route| *route == Route::List) {
            self.talk.go(Route::At(Place::New));
        }
    }
}
