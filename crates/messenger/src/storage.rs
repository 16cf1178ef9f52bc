//! What the browser keeps on our own origin: a set for each app's panel, and one for the agents' page. Where storage is
//! blocked, nothing is kept.

use crate::browser;
use std::cell::RefCell;
use web_sys::Storage;

thread_local! {
    static SET: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Which set is this page's; until this is said, nothing is kept.
pub(crate) fn keep_for(set: String) {
    SET.set(Some(set));
}

fn storage() -> Option<Storage> {
    // Reading the property throws where the browser blocks storage in frames of another site.
    browser::window().local_storage().ok().flatten()
}

/// What is kept under a name.
pub(crate) fn read(name: &str) -> Option<String> {
    storage()?.get_item(&key(name)?).ok().flatten()
}

/// Keeps something, or with `None` nothing more. All tabs see it.
pub(crate) fn write(name: &str, value: Option<&str>) {
    if let (Some(storage), Some(key)) = (storage(), key(name)) {
        // A full storage keeps nothing, and what is in memory stays.
        let _ = match value {
            Some(value) => storage.set_item(&key, value),
            None => storage.remove_item(&key),
        };
    }
}

/// What follows `start` in the names that begin with it.
pub(crate) fn names(start: &str) -> Vec<String> {
    let (Some(storage), Some(start)) = (storage(), key(start)) else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or_default()).filter_map(|n| storage.key(n).ok().flatten());
    keys.filter_map(|key| key.strip_prefix(&start).map(Into::into)).collect()
}

/// Keeps nothing of this page's set any more.
pub(crate) fn clear() {
    for name in names("") {
        write(&name, None);
    }
}

/// `chatgenie:SET:NAME`, as a storage event tells it.
pub(crate) fn key(name: &str) -> Option<String> {
    SET.with_borrow(|set| Some(["chatgenie:", set.as_deref()?, ":", name].concat()))
}
