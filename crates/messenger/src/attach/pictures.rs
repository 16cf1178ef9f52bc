//! Pictures of messages: each is fetched once, with the session's token, and shown from memory.

use super::BlobUrl;
use crate::failure::Failure;
use crate::state::shelf::Shelf;
use protocol::AttachmentId;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use web_sys::Blob;

/// Most pictures that are kept; the one that was fetched first goes first.
const MOST: usize = 60;

/// The pictures that were fetched, or are being fetched.
#[derive(Default)]
pub(crate) struct Pictures(RefCell<Shelf<AttachmentId, Rc<BlobUrl>>>);

impl Pictures {
    /// A picture that is here already.
    pub(crate) fn put(&self, id: &AttachmentId, url: BlobUrl) -> Rc<BlobUrl> {
        let url = Rc::new(url);
        let mut kept = self.0.borrow_mut();
        kept.insert(id.clone(), Rc::clone(&url));
        // Whoever shows it has it still.
        kept.keep_last(MOST);
        url
    }

    /// A picture, by `fetch` if it is not here.
    pub(crate) async fn get(
        &self,
        id: &AttachmentId,
        fetch: impl Future<Output = Result<Blob, Failure>>,
    ) -> Result<Rc<BlobUrl>, Failure> {
        let known = self.0.borrow().get(id).cloned();
        if let Some(url) = known {
            return Ok(url);
        }
        let url = BlobUrl::new(&fetch.await?).ok_or(Failure::Unreadable)?;
        Ok(self.put(id, url))
    }

    /// A picture, if it is here.
    pub(crate) fn known(&self, id: &AttachmentId) -> Option<Rc<BlobUrl>> {
        self.0.borrow().get(id).cloned()
    }

    /// Keeps none any more.
    pub(crate) fn clear(&self) {
        self.0.take();
    }
}
