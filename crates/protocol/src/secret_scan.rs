//! What looks like a portal's secret.
//!
//! A secret that reached a page is void (article, "Please store this secret securely on the server side").
//! The widget looks for one in every parameter, so that it is refused here and never sent.

use crate::key::is_base64url;

/// First characters of every secret that Thread makes.
pub const SECRET_PREFIX: &str = "cgs_";

/// The prefix and 32 bytes in base64url.
const SECRET_LEN: usize = SECRET_PREFIX.len() + 43;

/// The part of `value` that looks like a secret of Thread's, wherever it stands.
pub fn find_secret(value: &str) -> Option<&str> {
    let bytes = value.as_bytes();
    let start = bytes.windows(SECRET_LEN).position(|window| {
        let (prefix, body) = window.split_at(SECRET_PREFIX.len());
        prefix == SECRET_PREFIX.as_bytes() && body.iter().all(|&b| is_base64url(b))
    })?;
    value.get(start..start + SECRET_LEN)
}

/// Whether a parameter of this name is meant to hold a secret.
pub fn names_a_secret(name: &str) -> bool {
    ["secret", "privatekey", "private_key", "hmackey", "hmac_key"].iter().any(|part| {
        name.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "cgs_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    #[test]
    fn a_secret_is_found_wherever_it_stands() {
        assert_eq!(find_secret(SECRET), Some(SECRET));
        assert_eq!(find_secret(&format!("  {SECRET}\n")), Some(SECRET));
        assert_eq!(find_secret(&format!("foo@bar.com:{SECRET}")), Some(SECRET));
        assert!(find_secret(&format!("cgs_{SECRET}")).is_some());
    }

    #[test]
    fn other_values_are_not_secrets() {
        for value in [
            "",
            "cgs_",
            "cgs_short",
            "foo@bar.com",
            &SECRET[..46],
            "a984b8a6a95175da1e4b06800d4af74547abea69",
        ] {
            assert_eq!(find_secret(value), None, "{value}");
        }
    }

    #[test]
    fn names_that_promise_a_secret_are_recognised() {
        for name in ["secret", "connectionSecret", "SECRET_KEY", "portal_secret", "privateKey", "hmacKey"] {
            assert!(names_a_secret(name), "{name}");
        }
        for name in ["appId", "connectionKey", "connectionEmail", "locale"] {
            assert!(!names_a_secret(name), "{name}");
        }
    }
}
