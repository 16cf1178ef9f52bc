//! What the browser keeps on our own origin, a set for each app. Where storage is blocked, nothing is kept.

use crate::browser;
use web_sys::Storage;

/// How long something is kept.
#[derive(Clone, Copy)]
pub(crate) enum Area {
    /// Until it is taken away; all tabs see it.
    Lasting,
}

impl Area {
    fn storage(self) -> Option<Storage> {
        let window = browser::window();
        let storage = match self {
            Self::Lasting => window.local_storage(),
        };
        // Reading the property throws where the browser blocks storage in frames of another site.
        storage.ok().flatten()
    }

    /// What is kept under a name.
    pub(crate) fn read(self, name: &str) -> Option<String> {
        self.storage()?.get_item(&key(name)?).ok().flatten()
    }

    /// Keeps something, or with `None` nothing more.
    pub(crate) fn write(self, name: &str, value: Option<&str>) {
        if let (Some(storage), Some(key)) = (self.storage(), key(name)) {
            // A full storage keeps nothing, and what is in memory stays.
            let _ = match value {
                Some(value) => storage.set_item(&key, value),
                None => storage.remove_item(&key),
            };
        }
    }
}

/// `chatgenie:APP:NAME`, as a storage event tells it.
pub(crate) fn key(name: &str) -> Option<String> {
    Some(["chatgenie:", browser::app_id()?.as_str(), ":", name].concat())
}
