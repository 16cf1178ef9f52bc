//! Files: uploaded for messages, and fetched for those who look at them.

use super::Panel;
use crate::api;
use crate::attach::{BlobUrl, Uploads};
use crate::failure::Failure;
use protocol::AttachmentId;
use protocol::wire::AttachmentLimits;
use reactive_graph::prelude::*;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use web_sys::Blob;

/// Uploads of the signed-in user.
pub(super) struct PanelUploads(pub(super) Panel);

impl Uploads for PanelUploads {
    fn path(&self) -> &'static str {
        "/v1/attachments"
    }

    fn limits(&self) -> Option<AttachmentLimits> {
        self.0.app.with(|app| app.as_ref().and_then(|app| app.attachments.clone()))
    }

    fn token(&self, refused: Option<String>) -> Pin<Box<dyn Future<Output = Result<String, Failure>>>> {
        let panel = self.0;
        Box::pin(async move {
            if let Some(refused) = refused {
                panel.renew(&refused).await?;
            }
            panel.token()
        })
    }
}

impl Panel {
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
        let token = self.token()?;
        let call = api::attachment(id);
        match call.fetch_blob(Some(&token)).await {
            Err(failure) if failure.is_session_end() => {
                self.renew(&token).await?;
                call.fetch_blob(Some(&self.token()?)).await
            }
            answer => answer,
        }
    }
}
