//! Whether a connection key is genuine, of either version.

use crate::mac::{fits, hmac};
use crate::v2::{Lifetime, message};
use crate::{Secret, digest_hex, v1};
use protocol::{AppId, ConnectionKeyShape};

/// Whom a key has to name.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The app.
    pub app_id: &'a AppId,
    /// The email, byte for byte as it was sent.
    pub email: &'a str,
}

/// A key that somebody with the secret made for this subject, and that is good now. Only [`verify`] makes one.
#[derive(Clone, PartialEq, Eq)]
pub struct GenuineKey(Version);

#[derive(Clone, PartialEq, Eq)]
enum Version {
    V1,
    V2(OneTime),
}

impl GenuineKey {
    /// What a v2 key is remembered by; `None` for v1, which may be used as often as one likes.
    pub const fn one_time(&self) -> Option<&OneTime> {
        match &self.0 {
            Version::V1 => None,
            Version::V2(one_time) => Some(one_time),
        }
    }
}

/// A v2 key that has to be used once.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTime {
    digest_hex: String,
    expires_s: u64,
}

impl OneTime {
    /// SHA-256 of the key's MAC, lower-case hex: names the key without being one.
    pub fn digest_hex(&self) -> &str {
        &self.digest_hex
    }

    /// The last second in which the key is good, Unix time.
    pub const fn expires_s(&self) -> u64 {
        self.expires_s
    }
}

/// Names a v2 key by its MAC.
pub(crate) fn one_time_digest(mac_hex: &str) -> String {
    digest_hex(&mac_hex.to_ascii_lowercase())
}

/// Why a key opens nothing. For explanations: whoever sent it is told no more than that it is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not made with this secret for this subject.
    #[error("the key was not made with this secret for this app and email")]
    NotGenuine,
    /// A v2 key whose time is over.
    #[error("the key has expired")]
    Expired,
    /// A v2 key that would live longer than [`Lifetime::MAX`] from now.
    #[error("the key would live for more than 10 minutes")]
    LivesTooLong,
}

/// Whether the key is genuine and good at `now_ms` (Unix milliseconds). Takes as long whatever the MAC is.
///
/// # Errors
/// Why not.
pub fn verify(
    secret: &Secret,
    subject: Subject<'_>,
    key: ConnectionKeyShape<'_>,
    now_ms: i64,
) -> Result<GenuineKey, Refused> {
    match key {
        ConnectionKeyShape::V1 { mac_hex } => {
            let is_genuine = v1::is_mac_of(secret, subject.email, mac_hex);
            if is_genuine { Ok(GenuineKey(Version::V1)) } else { Err(Refused::NotGenuine) }
        }
        ConnectionKeyShape::V2 { expires, nonce, mac_hex } => {
            let message = message(subject.app_id.as_str(), subject.email, expires, nonce);
            if !fits(hmac(secret.expose().as_bytes(), &[message.as_bytes()]), mac_hex) {
                return Err(Refused::NotGenuine);
            }
            check_time(expires, now_ms)?;
            let one_time = OneTime { digest_hex: one_time_digest(mac_hex), expires_s: expires };
            Ok(GenuineKey(Version::V2(one_time)))
        }
    }
}

/// A key is good through the whole second that it names.
pub(crate) fn check_time(expires_s: u64, now_ms: i64) -> Result<(), Refused> {
    let now = u64::try_from(now_ms.div_euclid(1_000)).unwrap_or(0);
    if now > expires_s {
        Err(Refused::Expired)
    } else if expires_s - now > Lifetime::MAX.as_secs() {
        Err(Refused::LivesTooLong)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
