//! An app, with all that a sign-in needs to know of it.

use crate::office_hours::OfficeHours;
use protocol::ConnectionKeyShape;
use protocol::wire::App;
use serde_json::value::{RawValue, to_raw_value};
use signing::{GenuineKey, Lifetime, Secret, Subject, Terms, sign_v1, sign_v2, verify};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// An app with what is needed to sign in to it.
#[derive(Debug)]
pub struct AppEntry {
    /// What everybody may know, but for what depends on the time.
    pub public: App,
    /// The same in JSON: each sign-in answers with it.
    pub(super) json: AppJson,
    pub(super) office_hours: Option<OfficeHours>,
    /// Origins of pages that may use it.
    pub origins: Vec<String>,
    pub(super) requires_v2: bool,
    pub(super) secrets: Vec<SecretEntry>,
}

/// A secret that was not revoked.
#[derive(Debug)]
pub struct SecretEntry {
    /// Its identifier.
    pub id: String,
    pub(super) secret: Secret,
    pub(super) expires_at: Option<i64>,
    pub(super) last_use: Arc<LastUse>,
}

impl SecretEntry {
    /// Notes that it opened a session.
    pub fn used(&self, now_ms: i64) -> Use {
        self.last_use.used.fetch_max(now_ms, Ordering::Relaxed);
        match self.expires_at {
            Some(expires_at) if expires_at - now_ms <= NEAR_ITS_END_MS => {
                let warned_at_ms = self.last_use.warned.load(Ordering::Relaxed);
                let is_due = now_ms - warned_at_ms >= WARN_EVERY_MS;
                // Of several requests at the same moment, one warns.
                let is_mine = is_due
                    && self
                        .last_use
                        .warned
                        .compare_exchange(warned_at_ms, now_ms, Ordering::Relaxed, Ordering::Relaxed)
                        .is_ok();
                Use::NearItsEnd { expires_at, warn: is_mine }
            }
            _ => Use::Usual,
        }
    }
}

/// How a secret was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// With time ahead.
    Usual,
    /// It lapses within [`NEAR_ITS_END_MS`].
    NearItsEnd {
        /// When, Unix milliseconds.
        expires_at: i64,
        /// Whether nobody was told for an hour.
        warn: bool,
    },
}

/// A former secret that is still used so shortly before it lapses is told of: its portal was forgotten.
pub const NEAR_ITS_END_MS: i64 = 6 * 60 * 60 * 1_000;
const WARN_EVERY_MS: i64 = 60 * 60 * 1_000;

/// Outlives the snapshots. Unix milliseconds.
#[derive(Debug)]
pub(super) struct LastUse {
    pub(super) used: AtomicI64,
    pub(super) written: AtomicI64,
    warned: AtomicI64,
}

impl Default for LastUse {
    fn default() -> Self {
        let never = || AtomicI64::new(i64::MIN / 2);
        Self { used: never(), written: never(), warned: never() }
    }
}

/// An [`App`] in JSON, while somebody answers and while nobody does.
#[derive(Debug)]
pub(super) struct AppJson {
    there: Box<RawValue>,
    away: Box<RawValue>,
}

impl AppJson {
    pub(super) fn of(app: &App, has_office_hours: bool) -> Self {
        let with = |away: Option<bool>| {
            to_raw_value(&App { away, ..app.clone() }).expect("what everybody may know serialises")
        };
        Self { there: with(has_office_hours.then_some(false)), away: with(Some(true)) }
    }
}

impl AppEntry {
    /// What everybody may know now, an [`App`] in JSON.
    pub fn shown(&self, now_ms: i64) -> &RawValue {
        let is_away = self.office_hours.as_ref().is_some_and(|hours| !hours.is_open(now_ms));
        if is_away { &self.json.away } else { &self.json.there }
    }

    /// The key, if the app takes it, and the secret that it was made with. Every secret is tried, whichever
    /// fits, so that the time taken does not tell which one did.
    pub fn verify_key(&self, email: &str, key: &str, now_ms: i64) -> Option<(&SecretEntry, GenuineKey)> {
        let shape = ConnectionKeyShape::parse(key)?;
        if self.requires_v2 && matches!(shape, ConnectionKeyShape::V1 { .. }) {
            return None;
        }
        let subject = Subject { app_id: &self.public.app_id, email };
        let mut found = None;
        for entry in &self.secrets {
            let genuine = verify(&entry.secret, subject, shape, now_ms);
            if let (Ok(genuine), true) = (genuine, entry.expires_at.is_none_or(|until| until > now_ms)) {
                found = Some((entry, genuine));
            }
        }
        found
    }

    /// A key for this email, by the newest valid secret: v1, or v2 where the app takes no other. Only a demo's
    /// playground makes keys here; else portals do.
    pub fn make_key(&self, email: &str, now_ms: i64) -> Option<String> {
        let in_force = |entry: &&SecretEntry| entry.expires_at.is_none_or(|until| until > now_ms);
        let newest =
            self.secrets.iter().filter(in_force).max_by_key(|entry| entry.expires_at.unwrap_or(i64::MAX))?;
        if self.requires_v2 {
            let terms = Terms::new(u64::try_from(now_ms / 1000).ok()?, Lifetime::default());
            return Some(sign_v2(&newest.secret, &self.public.app_id, email, &terms));
        }
        Some(sign_v1(&newest.secret, email))
    }

    /// Whether the secret was not revoked. One that a rotation let lapse was not: its sessions run on.
    pub fn has_secret(&self, id: &str) -> bool {
        self.secrets.iter().any(|entry| entry.id == id)
    }
}
