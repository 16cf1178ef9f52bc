//! What Thread must not log: every secret, key, token and PIN that a test used. Looked for in all that its processes wrote,
//! at the most talkative level, once the test is over.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// A shorter text is found everywhere, by chance.
const MIN_LENGTH: usize = 16;

/// What was issued and typed, and what was logged.
#[derive(Default)]
pub(crate) struct LogWatch(Mutex<Watched>);

#[derive(Default)]
struct Watched {
    /// Secrets, keys and tokens.
    credentials: BTreeSet<String>,
    pins: BTreeSet<String>,
    log: String,
}

impl LogWatch {
    /// A secret or an API key that was made.
    pub(crate) fn issued(&self, credential: &str) {
        self.with(|watched| {
            // Its prefix says what it is; the rest is what must not be seen.
            let body = credential.split_once('_').map_or(credential, |(_, body)| body);
            watched.credentials.insert(body.to_owned());
        });
    }

    /// A PIN that was mailed.
    pub(crate) fn mailed(&self, pin: &str) {
        self.with(|watched| {
            watched.pins.insert(pin.to_owned());
        });
    }

    /// All that a process wrote that has ended.
    pub(crate) fn ended(&self, log: &str) {
        self.with(|watched| watched.log.push_str(log));
    }

    /// What stands in a log and must not, among it what came over the wire, with the line that has it.
    pub(crate) fn findings(&self, wire: &str) -> Vec<String> {
        self.with(|watched| {
            watched.credentials.extend(bearers(wire));
            for member in ["connectionKey", "token"] {
                watched.credentials.extend(members(wire, member).filter(|value| value.len() >= MIN_LENGTH));
            }
            watched.pins.extend(members(wire, "pin").filter(|pin| pin.len() == 6));
            let mut findings = Vec::new();
            for line in watched.log.lines() {
                let has_credential = watched.credentials.iter().any(|value| line.contains(value.as_str()));
                if has_credential || words(line).any(|word| watched.pins.contains(word)) {
                    findings.push(line.to_owned());
                }
            }
            findings
        })
    }

    fn with<T>(&self, look: impl FnOnce(&mut Watched) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tokens and API keys of `Authorization` headers.
fn bearers(wire: &str) -> impl Iterator<Item = String> {
    wire.lines().filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let token = value.strip_prefix("Bearer ").filter(|token| token.len() >= MIN_LENGTH)?;
        name.eq_ignore_ascii_case("authorization").then(|| token.to_owned())
    })
}

/// Texts that are this member of a JSON object.
fn members(wire: &str, name: &str) -> impl Iterator<Item = String> {
    let start = format!("\"{name}\":\"");
    let ends = wire.split(&start).skip(1).map(str::to_owned).collect::<Vec<_>>();
    ends.into_iter().filter_map(|rest| rest.split('"').next().map(str::to_owned))
}

/// Words of letters and digits, but for how long something took: six digits there are no PIN.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace()
        .filter(|part| !part.starts_with("latency_us="))
        .flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIRE: &str = "POST /v1/sessions HTTP/1.1\r\n\r\n{\"connectionKey\":\"0123456789abcdef0123\",\"pin\":\"204060\"}\n\
                        GET /v1/live HTTP/1.1\r\nauthorization: Bearer cgt_abcdefghijklmnop.q\r\n";

    fn findings(log: &str) -> usize {
        let watch = LogWatch::default();
        watch.issued("cgs_the-secret-of-an-app");
        watch.mailed("112233");
        watch.ended(log);
        watch.findings(WIRE).len()
    }

    #[test]
    fn whatever_was_used_is_found_in_a_log() {
        for line in [
            "key=0123456789abcdef0123",
            "Bearer cgt_abcdefghijklmnop.q",
            "the-secret-of-an-app",
            "PIN 112233 is sent",
            "pin=\"204060\"",
        ] {
            assert_eq!(findings(line), 1, "{line}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_none() {
        for line in [
            "latency_us=112233",
            "id=0112233",
            "12:04:05.112233Z",
            "0123456789",
            "status=201 latency_us=204060",
        ] {
            assert_eq!(findings(line), 0, "{line}");
        }
    }
}
