//! The parameters of `initialize`: what a page hands over, and what becomes of it.
//!
//! The widget reads a page's object into a list of [`RawParam`]s without looking at them; [`InitParams::parse`]
//! does all the judging, so that every rule can be tested without a browser.

mod parse;
mod raw;
mod spelling;
#[cfg(test)]
mod tests;

pub use parse::{Parsed, check_key};
pub use raw::{RawParam, RawValue};

/// Every name that a parameter may have, the article's misspellings included.
pub fn known_names() -> impl Iterator<Item = &'static str> {
    spelling::KNOWN.iter().chain(spelling::ARTICLE_MISSPELLINGS).copied()
}

use crate::{AppId, Email, ErrorCode};

/// Parameters that are fit to act on.
#[derive(Clone, PartialEq, Eq)]
pub struct InitParams {
    /// The app.
    pub app_id: AppId,
    /// How the visitor is to be signed in.
    pub sign_in: SignIn,
    /// Language tag of the panel; absent: as the page or the browser has it.
    pub locale: Option<String>,
    /// Light or dark.
    pub theme: ThemeChoice,
    /// Where the launcher goes; absent: into `body`, floating.
    pub target: Option<Target>,
}

/// Redacted: they may hold an address and a key.
impl core::fmt::Debug for InitParams {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("InitParams(…)")
    }
}

/// How the visitor is to be signed in.
#[derive(Clone, PartialEq, Eq)]
pub enum SignIn {
    /// No `connectionType`: email and PIN, in the panel.
    Passwordless,
    /// `messenger_auth`: by the portal's key.
    Key {
        /// Whom the portal signed in.
        email: Email,
        /// The proof.
        key: KeySource,
    },
}

/// Where a connection key comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum KeySource {
    /// The page gave the key.
    Value(String),
    /// The page gave a function that is asked each time a key is needed.
    Function,
}

/// The `theme` parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// As the system has it.
    #[default]
    Auto,
}

impl ThemeChoice {
    /// The parameter's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Auto => "auto",
        }
    }
}

/// The `target` parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A CSS selector.
    Selector(String),
    /// The page gave the element itself.
    Element,
}

/// Why parameters were refused: always before anything is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParamsError {
    /// [`ErrorCode::InvalidParams`] or [`ErrorCode::SecretInPage`].
    pub code: ErrorCode,
    /// The parameter at fault; absent if it is the object itself.
    pub field: Option<String>,
    /// What was found and what to do. Never the value of a key or a secret.
    pub message: String,
}

/// A secret that was found in a page, for its digest alone.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundSecret(pub String);
