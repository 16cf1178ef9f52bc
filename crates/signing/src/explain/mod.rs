//! What is wrong with a connection key: for operators, with the secrets at hand. Never for whoever sent the key.
//!
//! Each way in which portals get it wrong is tried: the key is taken apart in every plausible notation, and compared
//! with what every plausible misunderstanding would have made. The fewest mistakes that lead to the very key are the
//! answer; a guess is never presented as more.

mod encoding;
mod input;
mod mistake;
mod recipe;
mod search;

pub use mistake::Mistake;

use crate::verify::{check_time, one_time_digest};
use crate::{Refused, Secret, Subject, verify};
use protocol::key::V2_PREFIX;
use protocol::secret_scan::find_secret;
use protocol::{AppId, ConnectionKeyShape, Email};

/// A key, and all that is known about how it should have been made.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The app that the page names.
    pub app_id: &'a AppId,
    /// The email that the page carries, byte for byte.
    pub email: &'a str,
    /// The key that the page carries.
    pub key: &'a str,
    /// Whether the app takes v2 keys alone.
    pub requires_v2: bool,
    /// Unix milliseconds.
    pub now_ms: i64,
    /// Secrets that it may have been made with; the app's own in force come first.
    pub candidates: &'a [Candidate<'a>],
    /// Apps that a v2 key may be bound to by mistake.
    pub other_apps: &'a [AppId],
    /// For a v2 key that was used before: when, Unix milliseconds.
    pub used_at_ms: Option<i64>,
}

/// A secret that the key may have been made with.
#[derive(Clone, Copy)]
pub struct Candidate<'a> {
    /// The secret.
    pub secret: &'a Secret,
    /// Its identifier.
    pub id: &'a str,
    /// Whether it should have been used.
    pub standing: Standing<'a>,
}

/// Where a secret stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// The app's, in force.
    InForce,
    /// The app's, until a rotation let it lapse.
    Lapsed,
    /// The app's, until it was revoked.
    Revoked,
    /// Another app's.
    OfOtherApp(&'a AppId),
}

/// What was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Explanation {
    /// Thread accepts it.
    Valid {
        /// The secret that it was made with.
        secret_id: String,
    },
    /// It was made with these mistakes, one after the other, and no others.
    Mistakes(Vec<Mistake>),
    /// No known way leads to it; what its look suggests.
    Unexplained(Vec<Mistake>),
}

impl Explanation {
    /// The mistakes, certain or suggested.
    pub fn mistakes(&self) -> &[Mistake] {
        match self {
            Self::Valid { .. } => &[],
            Self::Mistakes(mistakes) | Self::Unexplained(mistakes) => mistakes,
        }
    }
}

/// What a v2 key is remembered by once it was used, for [`Case::used_at_ms`]; `None` for what is no v2 key.
pub fn one_time_name(key: &str) -> Option<String> {
    match ConnectionKeyShape::parse(key.trim()) {
        Some(ConnectionKeyShape::V2 { mac_hex, .. }) => Some(one_time_digest(mac_hex)),
        _ => None,
    }
}

/// Finds out why Thread refuses a key, or that it does not.
pub fn explain(case: &Case<'_>) -> Explanation {
    if let Some(mistake) = not_a_key(case) {
        return Explanation::Mistakes(vec![mistake]);
    }
    if let Some(secret_id) = accepted_with(case) {
        return Explanation::Valid { secret_id };
    }
    match search::fewest_mistakes(case) {
        Some(mistakes) => Explanation::Mistakes(mistakes),
        None => Explanation::Unexplained(look(case.key)),
    }
}

/// The secret with which Thread takes this key today.
fn accepted_with(case: &Case<'_>) -> Option<String> {
    let shape = ConnectionKeyShape::parse(case.key)?;
    let is_v1 = matches!(shape, ConnectionKeyShape::V1 { .. });
    if case.used_at_ms.is_some() || (is_v1 && case.requires_v2) || Email::parse(case.email).is_err() {
        return None;
    }
    let subject = Subject { app_id: case.app_id, email: case.email };
    let in_force = case.candidates.iter().filter(|one| one.standing == Standing::InForce);
    in_force
        .filter(|one| verify(one.secret, subject, shape, case.now_ms).is_ok())
        .map(|one| one.id.to_owned())
        .next()
}

/// What cannot have come from any signing at all.
fn not_a_key(case: &Case<'_>) -> Option<Mistake> {
    let key = case.key.trim();
    if key.is_empty() || matches!(key, "undefined" | "null" | "None" | "nil" | "false") {
        Some(Mistake::NoKey)
    } else if case.candidates.iter().any(|one| one.secret.expose() == key) || find_secret(key).is_some() {
        Some(Mistake::SecretAsKey)
    } else if key.eq_ignore_ascii_case("YOUR_CONNECTION_KEY")
        || key.bytes().all(|b| b.eq_ignore_ascii_case(&b'x'))
    {
        Some(Mistake::Placeholder)
    } else if key == case.email.trim() {
        Some(Mistake::EmailAsKey)
    } else if let Err(error) = Email::parse(case.email) {
        Some(Mistake::NotAnEmail(error.found()))
    } else {
        None
    }
}

/// What is wrong with a v2 key's time, with the clock at `now_ms`.
fn time_mistake(expires_s: u64, now_ms: i64) -> Option<Mistake> {
    let now = now_ms.div_euclid(1_000);
    let expires = i64::try_from(expires_s).unwrap_or(i64::MAX);
    match check_time(expires_s, now_ms) {
        Err(Refused::Expired) => Some(Mistake::Expired { seconds_ago: now.saturating_sub(expires) }),
        Err(Refused::LivesTooLong) => {
            Some(Mistake::LivesTooLong { seconds_left: expires.saturating_sub(now) })
        }
        Ok(()) | Err(Refused::NotGenuine) => None,
    }
}

/// What the look of an unexplained key suggests.
fn look(key: &str) -> Vec<Mistake> {
    let key = key.trim();
    if let Some(rest) = key.strip_prefix(V2_PREFIX)
        && ConnectionKeyShape::parse(key).is_none()
    {
        return vec![malformed_v2(rest)];
    }
    let is_hex = key.bytes().all(|b| b.is_ascii_hexdigit());
    let algorithm = match (is_hex, key.len()) {
        (true, 32) => Some("MD5"),
        (true, 40) => Some("SHA-1"),
        (true, 56) => Some("SHA-224"),
        (true, 96) => Some("SHA-384"),
        (true, 128) => Some("SHA-512"),
        _ => None,
    };
    let is_jwt = key.starts_with("eyJ") && key.matches('.').count() == 2;
    match algorithm {
        _ if is_jwt => vec![Mistake::Jwt],
        Some(algorithm) => vec![Mistake::OtherHash(algorithm)],
        None if is_hex && key.len() == 64 => vec![Mistake::UnknownSecretOrEmail],
        None if ConnectionKeyShape::parse(key).is_some() => vec![Mistake::UnknownSecretOrEmail],
        None => vec![Mistake::NotAKey { characters: key.chars().count() }],
    }
}

/// The part of a v2 key that has not its form.
fn malformed_v2(rest: &str) -> Mistake {
    let parts: Vec<&str> = rest.split('.').collect();
    let [expires, nonce, _] = parts.as_slice() else {
        return Mistake::MalformedV2(
            "it must have four parts: v2, expires, nonce and mac, with a dot between them",
        );
    };
    let is_number = !expires.is_empty() && expires.bytes().all(|b| b.is_ascii_digit());
    if is_number && expires.len() == 13 {
        Mistake::Milliseconds
    } else if !is_number || expires.len() > 12 || (expires.starts_with('0') && expires.len() > 1) {
        Mistake::MalformedV2("`expires` must be Unix seconds: digits alone, without zeros in front")
    } else if crate::Nonce::parse(nonce).is_err() {
        Mistake::MalformedV2("the nonce must have 16 to 64 characters of A-Z, a-z, 0-9, - and _")
    } else {
        Mistake::MalformedV2("the mac must be 64 hexadecimal digits")
    }
}

#[cfg(test)]
mod tests;
