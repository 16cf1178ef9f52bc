//! v2 connection keys: `v2.<expires>.<nonce>.<hex mac>`, short-lived and bound to one app.

use crate::Secret;
use crate::mac::{hex_of, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use core::fmt;
use core::time::Duration;
use protocol::AppId;
use protocol::key::V2_PREFIX;

/// First line of what is signed: a key of another purpose under the same secret is never taken for one.
const PURPOSE: &str = "chatgenie-v2";
/// Random bytes of a nonce that is drawn here.
const NONCE_BYTES: usize = 16;

/// How long a v2 key lives: 1 second to 10 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lifetime(u64);

impl Lifetime {
    /// The longest that Thread accepts.
    pub const MAX: Self = Self(600);

    /// Takes whole seconds, rounded up.
    ///
    /// # Errors
    /// If it is nothing, or longer than [`Lifetime::MAX`].
    pub fn new(duration: Duration) -> Result<Self, LifetimeError> {
        let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
        if (1..=Self::MAX.0).contains(&seconds) { Ok(Self(seconds)) } else { Err(LifetimeError) }
    }

    /// Seconds.
    pub const fn as_secs(self) -> u64 {
        self.0
    }
}

/// Five minutes: long enough for a slow page, and a portal's clock may be as much ahead of Thread's.
impl Default for Lifetime {
    fn default() -> Self {
        Self(300)
    }
}

/// A life that no v2 key may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a v2 key lives 1 second to 10 minutes")]
pub struct LifetimeError;

/// What makes each v2 key one of its own: 16 to 64 characters of `A-Za-z0-9_-`.
#[derive(Clone, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// Draws 128 bits from the system's random source.
    ///
    /// # Panics
    /// If the system has no random source.
    pub fn generate() -> Self {
        let mut bytes = [0; NONCE_BYTES];
        getrandom::fill(&mut bytes).expect("the system's random source works");
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Takes a nonce that was drawn elsewhere.
    ///
    /// # Errors
    /// If it is too short, too long, or has another character.
    pub fn parse(text: &str) -> Result<Self, NonceError> {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if (16..=64).contains(&text.len()) && text.bytes().all(is_plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NonceError)
        }
    }

    /// The nonce as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(…)")
    }
}

/// A text that is no nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a nonce has 16 to 64 characters of A-Z, a-z, 0-9, - and _")]
pub struct NonceError;

/// Until when a v2 key is good, and what tells it from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    expires_s: u64,
    nonce: Nonce,
}

impl Terms {
    /// Of a key that is made now (Unix seconds) and lives so long.
    pub fn new(now_s: u64, lifetime: Lifetime) -> Self {
        Self { expires_s: now_s.saturating_add(lifetime.0).min(LAST_SECOND), nonce: Nonce::generate() }
    }

    /// An end (Unix seconds; the year 33658 at the latest) and a nonce that were chosen elsewhere.
    pub fn from_parts(expires_s: u64, nonce: Nonce) -> Self {
        Self { expires_s: expires_s.min(LAST_SECOND), nonce }
    }

    /// Unix seconds.
    pub const fn expires_s(&self) -> u64 {
        self.expires_s
    }
}

/// What 12 digits can hold, as many as a key has room for.
const LAST_SECOND: u64 = 999_999_999_999;

/// What is signed. The email may hold anything but cannot pose as its neighbours: these hold no line end.
pub(crate) fn message(app_id: &str, email: &str, expires_s: u64, nonce: &str) -> String {
    format!("{PURPOSE}\n{app_id}\n{email}\n{expires_s}\n{nonce}")
}

/// Makes a v2 connection key: for this app and exactly this email, once, until its terms end.
pub fn sign_v2(secret: &Secret, app_id: &AppId, email: &str, terms: &Terms) -> String {
    let Terms { expires_s, nonce } = terms;
    let message = message(app_id.as_str(), email, *expires_s, nonce.as_str());
    let mac_hex = hex_of(hmac(secret.expose().as_bytes(), &[message.as_bytes()]));
    format!("{V2_PREFIX}{expires_s}.{}.{mac_hex}", nonce.as_str())
}
