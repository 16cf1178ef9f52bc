//! What not every browser can do, or its driver: the one place where tests are left out, each for a reason.

use super::BrowserKind;
use crate::Result;

/// What a test needs beyond what all browsers and their drivers can do.
#[derive(Clone, Copy, Debug)]
pub enum Ability {
    /// A frame that could not be loaded has `load` all the same.
    LoadOfErrorPages,
    /// Keys go where the focus is, in whatever frame.
    KeysFollowFocus,
}

impl Ability {
    /// Whether the browser that is tested lacks it; says so where it does.
    ///
    /// # Errors
    /// If the environment asks for a browser that there is not.
    pub fn is_missing(self) -> Result<bool> {
        let reason = self.missing_in(BrowserKind::chosen()?);
        if let Some(reason) = reason {
            eprintln!("SKIPPED: {reason}");
        }
        Ok(reason.is_some())
    }

    fn missing_in(self, browser: BrowserKind) -> Option<&'static str> {
        use BrowserKind::{Chromium, Firefox, Webkit};
        match (self, browser) {
            (Self::LoadOfErrorPages, Firefox | Webkit) => Some(
                "only Chromium tells a page that a frame has loaded when what has loaded is an error page",
            ),
            (Self::KeysFollowFocus, Webkit) => {
                Some("WebKit's driver sends keys to the frame that was typed in last, wherever the focus is")
            }
            (Self::KeysFollowFocus, Chromium | Firefox) | (Self::LoadOfErrorPages, Chromium) => None,
        }
    }
}
