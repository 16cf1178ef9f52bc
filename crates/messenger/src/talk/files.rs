//! Files: uploaded for messages, and fetched for those who look at them.

use super::{Coming, Talk};
use crate::api;
use crate::attach::{BlobUrl, Uploads};
use crate::failure::Failure;
use protocol::AttachmentId;
use protocol::wire::AttachmentLimits;
use std::rc::Rc;
use web_sys::Blob;

/// Uploads of the signed-in user.
pub(super) struct TalkUploads(pub(super) Talk);

impl Uploads for TalkUploads {
    fn path(&self) -> String {
        [self.0.base(), "/attachments"].concat()
    }

    fn limits(&self) -> Option<AttachmentLimits> {
        self.0.io().host().limits()
    }

    fn token(&self, refused: Option<String>) -> Coming<Result<String, Failure>> {
        let (talk, generation) = (self.0, self.0.generation());
        Box::pin(async move {
            match refused {
                Some(refused) => talk.another_token(refused, generation).await,
                None => talk.io().host().token(),
            }
        })
    }
}

impl Talk {
    /// A picture that is here already.
    pub(crate) fn known_picture(self, id: &AttachmentId) -> Option<Rc<BlobUrl>> {
        self.io().pictures.known(id)
    }

    /// Fetches a picture, once.
    pub(crate) async fn picture(self, id: AttachmentId) -> Result<Rc<BlobUrl>, Failure> {
        self.io().pictures.get(&id, self.fetch_blob(&id)).await
    }

    /// Fetches a file.
    pub(crate) async fn file(self, id: AttachmentId) -> Result<BlobUrl, Failure> {
        BlobUrl::new(&self.fetch_blob(&id).await?).ok_or(Failure::Unreadable)
    }

    async fn fetch_blob(self, id: &AttachmentId) -> Result<Blob, Failure> {
        let (generation, token) = (self.generation(), self.io().host().token()?);
        let call = api::attachment(self.base(), id);
        match call.fetch_blob(Some(&token)).await {
            Err(failure) if failure.is_session_end() => {
                call.fetch_blob(Some(&self.another_token(token, generation).await?)).await
            }
            answer => answer,
        }
    }
}
