//! PINs: drawn by the system's random source, kept as a keyed hash that is bound to one challenge.

use crate::crypto::random_bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// Digits of a PIN.
pub const DIGITS: usize = 6;
const MODULUS: u32 = 1_000_000;

/// Six digits. Redacted in debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// Draws a PIN; all million are equally likely.
    pub fn draw() -> Self {
        // Numbers above the last whole million would favour small PINs.
        const END: u32 = u32::MAX - u32::MAX % MODULUS;
        let number = loop {
            let number = u32::from_le_bytes(random_bytes());
            if number < END {
                break number % MODULUS;
            }
        };
        Self(Zeroizing::new(format!("{number:06}")))
    }

    /// What a person typed: spaces and dashes between the digits are forgiven.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 32 {
            return None;
        }
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let is_pin = digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
        is_pin.then(|| Self(Zeroizing::new(digits)))
    }

    /// The digits, for the mail.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// Hashes PINs and what limits count by.
#[derive(Clone)]
pub struct PinHasher(Zeroizing<Vec<u8>>);

impl PinHasher {
    /// Hashes with this key.
    pub fn new(key: Zeroizing<Vec<u8>>) -> Self {
        Self(key)
    }

    /// The hash of a challenge's PIN, lower-case hex.
    pub fn pin(&self, challenge_id: &str, pin: &Pin) -> String {
        hex::encode(self.mac("pin", &[challenge_id, pin.expose()]).finalize().into_bytes())
    }

    /// Whether the PIN is the one of this hash. Constant time; without a hash, as long, and never.
    pub fn verify(&self, challenge_id: &str, pin: &Pin, mac: Option<&str>) -> bool {
        let stored = mac.and_then(|mac| hex::decode(mac).ok());
        let expected = stored.as_deref().unwrap_or(&[0; 32]);
        let fits = self.mac("pin", &[challenge_id, pin.expose()]).verify_slice(expected).is_ok();
        fits & stored.is_some()
    }

    /// What stands for a client's address in the database.
    pub fn client(&self, address: &str) -> String {
        hex::encode(self.mac("client", &[address]).finalize().into_bytes())
    }

    fn mac(&self, purpose: &str, parts: &[&str]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(b"chatgenie-pin-v1\n");
        mac.update(purpose.as_bytes());
        for part in parts {
            mac.update(b"\n");
            mac.update(part.as_bytes());
        }
        mac
    }
}

impl fmt::Debug for PinHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHasher(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn hasher(byte: u8) -> PinHasher {
        PinHasher::new(Zeroizing::new(vec![byte; 32]))
    }

    #[test]
    fn drawn_pins_are_six_digits_and_differ() {
        let drawn: HashSet<String> = (0..200).map(|_| Pin::draw().expose().to_owned()).collect();
        assert!(drawn.iter().all(|pin| pin.len() == DIGITS && pin.bytes().all(|b| b.is_ascii_digit())));
        assert!(drawn.len() > 190, "{} of 200", drawn.len());
        let first: HashSet<u8> = drawn.iter().map(|pin| pin.as_bytes()[0]).collect();
        assert!(first.len() > 7, "zeros and nines come first as well: {first:?}");
    }

    #[test]
    fn what_people_paste_is_understood() {
        for text in ["123456", " 123 456 ", "123-456", "1 2 3 4 5 6"] {
            assert_eq!(Pin::parse(text).expect(text).expose(), "123456");
        }
        for text in ["", "12345", "1234567", "12345a", "１２３４５６", &" ".repeat(40)] {
            assert!(Pin::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_hash_fits_its_challenge_its_pin_and_its_key_only() {
        let pin = Pin::parse("123456").expect("a PIN");
        let mac = hasher(1).pin("c1", &pin);
        assert!(!mac.contains("123456"));
        assert!(hasher(1).verify("c1", &pin, Some(&mac)));
        assert!(!hasher(1).verify("c2", &pin, Some(&mac)));
        assert!(!hasher(2).verify("c1", &pin, Some(&mac)));
        assert!(!hasher(1).verify("c1", &Pin::parse("123457").expect("a PIN"), Some(&mac)));
        assert!(!hasher(1).verify("c1", &pin, None));
        assert!(!hasher(1).verify("c1", &pin, Some("not hex")));
        assert_ne!(hasher(1).client("10.0.0.1"), hasher(2).client("10.0.0.1"));
    }
}
