//! Connection keys: what a portal's server hands to the messenger.

use anyhow::{Context as _, Result};
use signing::{Lifetime, Secret, Terms};
use std::time::{SystemTime, UNIX_EPOCH};

/// The article's key is [`signing::sign_v1`]; this one lives for five minutes, signs in once, and at one app alone.
#[expect(clippy::disallowed_methods, reason = "time as a parameter would be more than this example needs")]
pub fn short_lived(secret: &Secret, app_id: &str, email: &str) -> Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    let terms = Terms::new(now.as_secs(), Lifetime::default());
    Ok(signing::sign_v2(secret, &app_id.into(), email, &terms))
}

/// Takes one line end off, which editors and `echo` leave behind: with it, every key would be wrong.
///
/// [`Secret`] refuses other white space.
pub fn clean_secret(text: &str) -> Result<Secret> {
    let text = text.strip_suffix('\n').map_or(text, |rest| rest.strip_suffix('\r').unwrap_or(rest));
    Secret::from_text(text).context("CHATGENIE_SECRET")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use signing::{Nonce, sign_v1, sign_v2};

    /// Keys that other implementations made.
    fn vectors(version: &str) -> Vec<Value> {
        let all: Value = serde_json::from_str(include_str!("../../../tests/vectors/connection-keys.json"))
            .expect("the vectors are JSON");
        let vectors = all[version].as_array().expect("a list").clone();
        assert!(!vectors.is_empty());
        vectors
    }

    fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
        vector[field].as_str().expect("a text")
    }

    #[test]
    fn keys_are_those_of_other_implementations() {
        for vector in vectors("v1") {
            let secret = Secret::from_text(text(&vector, "secret")).expect("a secret");
            assert_eq!(sign_v1(&secret, text(&vector, "email")), text(&vector, "connectionKey"));
        }
    }

    #[test]
    fn short_lived_keys_are_those_of_other_implementations() {
        for vector in vectors("v2") {
            let secret = Secret::from_text(text(&vector, "secret")).expect("a secret");
            let expires = vector["expires"].as_u64().expect("seconds");
            let nonce = Nonce::parse(text(&vector, "nonce")).expect("a nonce");
            let terms = Terms::from_parts(expires, nonce);
            let key = sign_v2(&secret, &text(&vector, "appId").into(), text(&vector, "email"), &terms);
            assert_eq!(key, text(&vector, "connectionKey"));
        }
    }

    #[test]
    fn no_two_short_lived_keys_are_alike() {
        let secret = Secret::from_text("key").expect("a secret");
        let [one, other] = [(); 2].map(|()| short_lived(&secret, "app", "a@b.c").expect("a key"));
        assert!(one.starts_with("v2.") && one != other, "{one} {other}");
    }

    #[test]
    fn one_line_end_is_no_part_of_the_secret() {
        for text in ["key", "key\n", "key\r\n"] {
            assert_eq!(clean_secret(text).expect("a secret").expose(), "key");
        }
        for text in ["", "\n", "key\n\n", " key", "key "] {
            assert!(clean_secret(text).is_err(), "{text:?}");
        }
    }
}
