//! Bytes that have an address of their own for as long as somebody shows them.

use web_sys::{Blob, Url};

/// The address of a blob; it is void once this is dropped.
pub(crate) struct BlobUrl(String);

impl BlobUrl {
    /// An address for these bytes.
    pub(crate) fn new(blob: &Blob) -> Option<Self> {
        Url::create_object_url_with_blob(blob).ok().map(Self)
    }

    /// The address.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for BlobUrl {
    fn drop(&mut self) {
        // It fails for no address.
        let _ = Url::revoke_object_url(&self.0);
    }
}
