//! What may have been computed in place of the HMAC.

use super::Mistake;
use crate::mac::hmac;
use sha2::{Digest as _, Sha256};

/// A way to a digest.
#[derive(Clone, Copy)]
pub(super) struct Recipe {
    pub(super) mistake: Option<Told>,
    make: fn(secret: &[u8], message: &[u8]) -> [u8; 32],
}

/// Names the mistake; these hold no data.
pub(super) type Told = fn() -> Mistake;

impl Recipe {
    pub(super) fn digest(self, secret: &[u8], message: &[u8]) -> [u8; 32] {
        (self.make)(secret, message)
    }
}

const fn wrong(mistake: Told, make: fn(&[u8], &[u8]) -> [u8; 32]) -> Recipe {
    Recipe { mistake: Some(mistake), make }
}

/// The right one first.
pub(super) const RECIPES: [Recipe; 14] = [
    Recipe { mistake: None, make: mac },
    wrong(|| Mistake::Swapped, |secret, message| mac(message, secret)),
    wrong(|| Mistake::PlainHash, |secret, message| sha256(&[message, b":", secret])),
    wrong(|| Mistake::PlainHash, |secret, message| sha256(&[secret, b":", message])),
    wrong(|| Mistake::PlainHash, |secret, message| sha256(&[message, secret])),
    wrong(|| Mistake::PlainHash, |secret, message| sha256(&[secret, message])),
    wrong(|| Mistake::NoSecret, |_, message| sha256(&[message])),
    wrong(|| Mistake::HashedTwice, |secret, message| sha256(&[&mac(secret, message)])),
    wrong(|| Mistake::HashedTwice, |secret, message| sha256(&[hex(mac(secret, message)).as_bytes()])),
    wrong(|| Mistake::HashedTwice, |secret, message| mac(secret, &mac(secret, message))),
    wrong(|| Mistake::HashedTwice, |secret, message| mac(secret, hex(mac(secret, message)).as_bytes())),
    wrong(|| Mistake::HashedTwice, |secret, message| mac(secret, &sha256(&[message]))),
    wrong(|| Mistake::HashedTwice, |secret, message| mac(secret, hex(sha256(&[message])).as_bytes())),
    wrong(|| Mistake::HashedTwice, |secret, message| mac(hex(sha256(&[secret])).as_bytes(), message)),
];

fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    use ::hmac::Mac as _;
    hmac(key, &[message]).finalize().into_bytes().into()
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    parts.iter().fold(Sha256::new(), Sha256::chain_update).finalize().into()
}

fn hex(digest: [u8; 32]) -> String {
    ::hex::encode(digest)
}
