//! The lists: of each status, page by page.

use super::Agents;
use crate::api;
use crate::failure::Failure;
use protocol::ServiceRequestId;
use protocol::wire::Status;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen_futures::spawn_local;

/// What has changed while a list was on its way.
pub(super) type Watch = Weak<RefCell<Vec<ServiceRequestId>>>;

impl Agents {
    /// Shows the list of a status.
    pub(crate) fn show(self, status: Status) {
        self.filter.set(status);
        if self.lists.with_untracked(|lists| !lists.of(status).is_loaded) {
            self.load_list_of(status);
        }
    }

    /// Fetches the first page of a list.
    pub(crate) fn load_list_of(self, status: Status) {
        self.load_page(status, None);
    }

    /// Fetches the next page of the list that is shown, if there is one.
    pub(crate) fn load_more(self) {
        let status = self.filter.get_untracked();
        let next = self.lists.with_untracked(|lists| {
            let list = lists.of(status);
            list.next.clone().filter(|_| !list.is_loading)
        });
        if next.is_some() {
            self.load_page(status, next);
        }
    }

    /// Fetches the lists that are here anew. The open requests always are: what is unread is counted there.
    pub(super) async fn fetch_lists(self) -> Option<Result<(), Failure>> {
        let mut answer = self.fetch_page(Status::Open, None).await?;
        let wants_closed = self.filter.get_untracked() == Status::Closed
            || self.lists.with_untracked(|lists| lists.of(Status::Closed).is_loaded);
        if wants_closed && answer.is_ok() {
            answer = self.fetch_page(Status::Closed, None).await?;
        }
        Some(answer)
    }

    /// The same, for whoever does not wait.
    pub(super) fn load_lists(self) {
        spawn_local(async move {
            // What goes wrong stands in `lists`.
            let _ = self.fetch_lists().await;
        });
    }

    /// Finds out about one service request, and reads it if it is shown.
    pub(super) fn load_request(self, id: ServiceRequestId) {
        spawn_local(async move {
            if let Some(Ok(request)) = self.talk.ask(api::agent_request(&id)).await {
                self.talk.change(|desk| desk.met(request));
                if self.talk.shown() == Some(id.clone()) {
                    self.talk.load_conversation(id);
                }
            }
        });
    }

    /// A service request has changed: a list that is on its way may be older.
    pub(super) fn touched(self, id: &ServiceRequestId) {
        self.io().watching.borrow_mut().retain(|watch| {
            let watch = watch.upgrade();
            if let Some(watch) = &watch {
                watch.borrow_mut().push(id.clone());
            }
            watch.is_some()
        });
    }

    fn load_page(self, status: Status, before: Option<String>) {
        spawn_local(async move {
            // What goes wrong stands in `lists`.
            let _ = self.fetch_page(status, before).await;
        });
    }

    async fn fetch_page(self, status: Status, before: Option<String>) -> Option<Result<(), Failure>> {
        let touched = Rc::new(RefCell::new(Vec::new()));
        self.io().watching.borrow_mut().push(Rc::downgrade(&touched));
        self.change_lists(|lists| {
            let list = lists.of_mut(status);
            (list.is_loading, list.failure) = (true, None);
        });
        let is_first = before.is_none();
        let answer = self.talk.ask(api::agent_list(status, before.as_deref())).await?;
        Some(match answer {
            Ok(page) => {
                let mut kept = touched.take();
                kept.extend(self.talk.route.with_untracked(|route| route.id().cloned()));
                self.talk.change(|desk| desk.paged(status, page.service_requests, is_first, &kept));
                self.change_lists(|lists| lists.of_mut(status).came(Ok(page.next_cursor), is_first));
                self.talk.see();
                Ok(())
            }
            Err(failure) => {
                self.change_lists(|lists| lists.of_mut(status).came(Err(failure), is_first));
                Err(failure)
            }
        })
    }
}
