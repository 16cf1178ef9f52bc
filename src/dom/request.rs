//! A request that ends when nobody waits for it any more.

use web_sys::{AbortController, AbortSignal};

/// Aborts the request that has its signal when it is dropped.
#[must_use = "dropping it aborts the request"]
pub struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// A controller, where the browser has them.
    pub fn new() -> Self {
        Self(AbortController::new().ok())
    }

    /// What to give to the request.
    pub fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}
