//! v1 connection keys, the article's: `hash_hmac('sha256', email, secret)`.

use crate::Secret;
use crate::mac::{fits, hex_of, hmac};
use protocol::ConnectionKeyShape;

/// Makes the v1 connection key of `email`: lower-case hex, 64 characters (article, step 2).
///
/// The key covers the exact bytes of `email`, so `connectionEmail` in the page must be the same, byte for byte.
pub fn sign_v1(secret: &Secret, email: &str) -> String {
    hex_of(hmac(secret.expose().as_bytes(), &[email.as_bytes()]))
}

/// Whether `connection_key` is the v1 key of exactly this email. Constant time; either hex case.
pub fn verify_v1(secret: &Secret, email: &str, connection_key: &str) -> bool {
    matches!(
        ConnectionKeyShape::parse(connection_key),
        Some(ConnectionKeyShape::V1 { mac_hex }) if is_mac_of(secret, email, mac_hex)
    )
}

pub(crate) fn is_mac_of(secret: &Secret, email: &str, mac_hex: &str) -> bool {
    fits(hmac(secret.expose().as_bytes(), &[email.as_bytes()]), mac_hex)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        secret: String,
        email: String,
        connection_key: String,
    }

    #[derive(serde::Deserialize)]
    struct Vectors {
        v1: Vec<Vector>,
    }

    fn vectors() -> Vec<Vector> {
        let text = include_str!("../../../tests/vectors/connection-keys.json");
        serde_json::from_str::<Vectors>(text).expect("valid vectors").v1
    }

    fn secret(text: &str) -> Secret {
        Secret::from_text(text).expect("valid secret")
    }

    #[test]
    fn every_vector_is_made_and_verified() {
        let vectors = vectors();
        assert!(vectors.len() >= 12);
        for vector in vectors {
            let secret = secret(&vector.secret);
            assert_eq!(sign_v1(&secret, &vector.email), vector.connection_key, "{}", vector.email);
            assert!(verify_v1(&secret, &vector.email, &vector.connection_key));
            assert!(verify_v1(&secret, &vector.email, &vector.connection_key.to_uppercase()));
        }
    }

    #[test]
    fn a_key_of_one_vector_opens_no_other() {
        let vectors = vectors();
        for a in &vectors {
            for b in &vectors {
                let same = a.secret == b.secret && a.email == b.email;
                assert_eq!(verify_v1(&secret(&a.secret), &a.email, &b.connection_key), same);
            }
        }
    }

    #[test]
    fn malformed_keys_are_refused() {
        let secret = secret("key");
        let key = sign_v1(&secret, "a@b.c");
        for bad in [
            "",
            &key[1..],
            &format!("{key}00"),
            &format!(" {key}"),
            &key.replace(|c: char| c.is_ascii_digit(), "g"),
        ] {
            assert!(!verify_v1(&secret, "a@b.c", bad));
        }
    }

    proptest! {
        #[test]
        fn only_the_exact_email_verifies(key in "[!-~]{1,100}", email in "\\PC{0,60}", other in "\\PC{0,60}") {
            let secret = secret(&key);
            let signed = sign_v1(&secret, &email);
            prop_assert!(verify_v1(&secret, &email, &signed));
            prop_assert_eq!(verify_v1(&secret, &other, &signed), email == other);
        }

        #[test]
        fn only_the_exact_secret_verifies(key in "[!-~]{1,60}", other in "[!-~]{1,60}", email in "\\PC{0,60}") {
            let signed = sign_v1(&secret(&key), &email);
            prop_assert_eq!(verify_v1(&secret(&other), &email, &signed), key == other);
        }

        #[test]
        fn no_single_changed_bit_verifies(email in "\\PC{0,60}", bit in 0usize..256) {
            let secret = Secret::generate();
            let mut mac = hex::decode(sign_v1(&secret, &email)).expect("hex");
            mac[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!verify_v1(&secret, &email, &hex::encode(mac)));
        }
    }
}
