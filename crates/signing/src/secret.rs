//! The portal authentication secret.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use core::fmt;
use protocol::secret_scan::SECRET_PREFIX;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Random bytes of a secret that Thread makes.
const RANDOM_BYTES: usize = 32;

/// A portal authentication secret. Redacted in `Debug`, wiped from memory on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// Why a text cannot be a secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Nothing was given.
    #[error("the secret is empty")]
    Empty,
    /// A line end or white space came along, as from a file that ends in one.
    #[error("the secret has white space or a line end around it: remove it, for every byte counts")]
    SurroundingWhitespace,
}

impl Secret {
    /// Makes a new one: `cgs_` and 32 bytes from the system's random source in base64url.
    ///
    /// # Panics
    /// If the system has no random source.
    pub fn generate() -> Self {
        let mut bytes = Zeroizing::new([0; RANDOM_BYTES]);
        getrandom::fill(bytes.as_mut()).expect("the system's random source works");
        Self(Zeroizing::new([SECRET_PREFIX, &URL_SAFE_NO_PAD.encode(bytes.as_ref())].concat()))
    }

    /// Takes a secret as it was given out. Its exact bytes are the key.
    ///
    /// # Errors
    /// If it is empty or has white space around it.
    pub fn from_text(text: &str) -> Result<Self, SecretError> {
        if text.trim().is_empty() {
            return Err(SecretError::Empty);
        }
        if text.trim() != text {
            return Err(SecretError::SurroundingWhitespace);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The secret itself. For storing it encrypted and for showing it once.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// SHA-256 in lower-case hex: names a secret without telling it.
    pub fn digest_hex(&self) -> String {
        digest_hex(self.expose())
    }
}

/// SHA-256 of `text` in lower-case hex, 64 characters.
pub fn digest_hex(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_secrets_have_the_documented_form_and_differ() {
        let (a, b) = (Secret::generate(), Secret::generate());
        assert_eq!(a.expose().len(), 4 + 43);
        assert_eq!(protocol::secret_scan::find_secret(a.expose()), Some(a.expose()));
        assert!(a != b);
    }

    #[test]
    fn white_space_around_a_secret_is_refused() {
        assert_eq!(Secret::from_text("key\n").unwrap_err(), SecretError::SurroundingWhitespace);
        assert_eq!(Secret::from_text("").unwrap_err(), SecretError::Empty);
        assert_eq!(Secret::from_text("\n").unwrap_err(), SecretError::Empty);
        assert_eq!(
            Secret::from_text("a secret with spaces").expect("valid").expose(),
            "a secret with spaces"
        );
    }

    #[test]
    fn debug_output_hides_the_secret() {
        assert_eq!(format!("{:?}", Secret::from_text("hunter2").expect("valid")), "Secret(…)");
    }

    #[test]
    fn the_digest_is_sha_256() {
        assert_eq!(digest_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
