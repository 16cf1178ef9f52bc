//! Apps, secrets, API keys, ended sessions and known contacts, in memory: a sign-in needs no database.
//!
//! The database stays the truth. [`Directory::refresh`] reads what another process changed; a running service calls
//! it several times a second.

use crate::office_hours::OfficeHours;
use crate::store::{CONTACTS_PAGE, ContactScope, Revisions, Store, StoreError, StoredApiKey};
use arc_swap::ArcSwap;
use protocol::wire::{App, AttachmentLimits, Position, SignInMethod, Theme};
use protocol::{AppId, ConnectionKeyShape};
use serde_json::value::{RawValue, to_raw_value};
use signing::{GenuineKey, Lifetime, Secret, Subject, Terms, sign_v1, sign_v2, verify};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use tokio::sync::Mutex;

/// An app with what is needed to sign in to it.
#[derive(Debug)]
pub struct AppEntry {
    /// What everybody may know, but for what depends on the time.
    pub public: App,
    /// The same in JSON: each sign-in answers with it.
    json: AppJson,
    office_hours: Option<OfficeHours>,
    /// Origins of pages that may use it.
    pub origins: Vec<String>,
    requires_v2: bool,
    secrets: Vec<SecretEntry>,
}

/// A secret that was not revoked.
#[derive(Debug)]
pub struct SecretEntry {
    /// Its identifier.
    pub id: String,
    secret: Secret,
    expires_at: Option<i64>,
    last_use: Arc<LastUse>,
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
struct LastUse {
    used: AtomicI64,
    written: AtomicI64,
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
struct AppJson {
    there: Box<RawValue>,
    away: Box<RawValue>,
}

impl AppJson {
    fn of(app: &App, has_office_hours: bool) -> Self {
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

#[derive(Debug, Default)]
struct Snapshot {
    apps: HashMap<AppId, Arc<AppEntry>>,
    origins: HashSet<String>,
    /// By SHA-256.
    api_keys: HashMap<String, Arc<StoredApiKey>>,
    /// By SHA-256: secret's id. Revoked ones are not here.
    secrets: HashMap<String, String>,
}

/// Contacts whose hashes are kept: some 80 MB at the most. With more, each sign-in asks the database.
const MAX_KNOWN_CONTACTS: usize = 4_000_000;

/// Hashes of contacts that have a row. A collision costs a read, nothing more.
#[derive(Debug, Default)]
struct KnownContacts {
    hashes: HashSet<u64>,
    /// There are too many to know: any may have a row.
    is_full: bool,
}

impl KnownContacts {
    fn may_have(&self, hash: u64) -> bool {
        self.is_full || self.hashes.contains(&hash)
    }

    fn add(&mut self, hash: u64, most: usize) {
        if self.hashes.len() >= most {
            *self = Self { hashes: HashSet::new(), is_full: true };
        } else if !self.is_full {
            self.hashes.insert(hash);
        }
    }
}

/// The snapshot and its followers.
#[derive(Debug)]
pub struct Directory {
    snapshot: ArcSwap<Snapshot>,
    /// Session id -> when it would have ended anyway.
    revoked: RwLock<HashMap<String, i64>>,
    known_contacts: RwLock<KnownContacts>,
    hasher: RandomState,
    /// What every app lets attach.
    attachments: Option<AttachmentLimits>,
    /// By secret's id.
    last_uses: std::sync::Mutex<HashMap<String, Arc<LastUse>>>,
    /// Up to where each topic was read; `None` before the first time. The lock keeps refreshes in order.
    read: Mutex<Option<Revisions>>,
}

impl Directory {
    /// Reads everything.
    ///
    /// # Errors
    /// If the database fails or was encrypted with another master key.
    pub async fn load(
        store: &Store,
        attachments: Option<AttachmentLimits>,
        now_ms: i64,
    ) -> Result<Self, StoreError> {
        let directory = Self {
            snapshot: ArcSwap::default(),
            revoked: RwLock::default(),
            known_contacts: RwLock::default(),
            hasher: RandomState::new(),
            attachments,
            last_uses: std::sync::Mutex::default(),
            read: Mutex::new(None),
        };
        directory.refresh(store, now_ms).await?;
        Ok(directory)
    }

    /// Reads what changed since the last time.
    ///
    /// # Errors
    /// If the database fails; what was known stays.
    pub async fn refresh(&self, store: &Store, now_ms: i64) -> Result<(), StoreError> {
        let mut read = self.read.lock().await;
        // Counters first: a change that comes while reading is read again next time, never missed.
        let current = store.revisions().await?;
        let last = *read;
        if last.is_none_or(|last| last.directory != current.directory) {
            self.snapshot.store(Arc::new(self.read_snapshot(store).await?));
        }
        let (revoked_after, contacts_after) = last.map_or((0, 0), |last| (last.revocations, last.contacts));
        if revoked_after != current.revocations {
            let ended = store.revoked_sessions_after(revoked_after).await?;
            let mut revoked = self.revoked.write().unwrap_or_else(PoisonError::into_inner);
            revoked.retain(|_, ends_at| *ends_at > now_ms);
            revoked.extend(ended.into_iter().map(|session| (session.session_id, session.ends_at)));
        }
        if contacts_after != current.contacts {
            self.read_contacts(store, contacts_after).await?;
        }
        *read = Some(current);
        Ok(())
    }

    /// Last uses of secrets that were not taken before: id and Unix milliseconds.
    pub fn take_last_uses(&self) -> Vec<(String, i64)> {
        let last_uses = self.last_uses.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = last_uses.iter().filter_map(|(id, last_use)| {
            let at_ms = last_use.used.load(Ordering::Relaxed);
            let is_fresh = last_use.written.swap(at_ms, Ordering::Relaxed) != at_ms;
            is_fresh.then(|| (id.clone(), at_ms))
        });
        fresh.collect()
    }

    /// The one of this secret, whichever snapshot it is in.
    fn last_use(&self, secret_id: &str) -> Arc<LastUse> {
        let mut last_uses = self.last_uses.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(last_uses.entry(secret_id.to_owned()).or_default())
    }

    async fn read_contacts(&self, store: &Store, mut after: i64) -> Result<(), StoreError> {
        while !self.known_contacts().is_full {
            let page = store.contacts_after(after).await?;
            for (number, scope) in &page {
                self.add_contact(scope);
                after = *number;
            }
            if i64::try_from(page.len()).unwrap_or(i64::MAX) < CONTACTS_PAGE {
                break;
            }
        }
        Ok(())
    }

    /// An app.
    pub fn app(&self, id: &AppId) -> Option<Arc<AppEntry>> {
        self.snapshot.load().apps.get(id).cloned()
    }

    /// What everybody may know of every app, by name.
    pub fn apps(&self) -> Vec<App> {
        let mut apps: Vec<App> = self.snapshot.load().apps.values().map(|app| app.public.clone()).collect();
        apps.sort_by(|a, b| a.name.cmp(&b.name));
        apps
    }

    /// Whether any app accepts this origin.
    pub fn knows_origin(&self, origin: &str) -> bool {
        self.snapshot.load().origins.contains(origin)
    }

    /// The API key in force with this digest.
    pub fn api_key(&self, sha256: &str) -> Option<Arc<StoredApiKey>> {
        self.snapshot.load().api_keys.get(sha256).cloned()
    }

    /// Id of the secret with this digest, of whichever app: a leaked secret is void wherever it turned up.
    pub fn secret_by_digest(&self, sha256: &str) -> Option<String> {
        self.snapshot.load().secrets.get(sha256).cloned()
    }

    /// Remembers at once that a session ended.
    pub fn add_revoked(&self, session_id: &str, ends_at: i64) {
        self.revoked.write().unwrap_or_else(PoisonError::into_inner).insert(session_id.to_owned(), ends_at);
    }

    /// Whether a session was ended.
    pub fn is_revoked(&self, session_id: &str) -> bool {
        self.revoked.read().unwrap_or_else(PoisonError::into_inner).contains_key(session_id)
    }

    /// Remembers that a contact has a row.
    pub fn add_contact(&self, scope: &ContactScope) {
        let hash = self.hasher.hash_one(scope);
        if self.known_contacts().may_have(hash) {
            return;
        }
        self.known_contacts.write().unwrap_or_else(PoisonError::into_inner).add(hash, MAX_KNOWN_CONTACTS);
    }

    /// Whether a contact may have a row; if not, there is nothing of theirs to read.
    pub fn may_know_contact(&self, scope: &ContactScope) -> bool {
        let hash = self.hasher.hash_one(scope);
        self.known_contacts().may_have(hash)
    }

    fn known_contacts(&self) -> RwLockReadGuard<'_, KnownContacts> {
        self.known_contacts.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Directory {
    async fn read_snapshot(&self, store: &Store) -> Result<Snapshot, StoreError> {
        let attachments = self.attachments.as_ref();
        let mut snapshot = Snapshot::default();
        let mut secrets: HashMap<AppId, Vec<SecretEntry>> = HashMap::new();
        for stored in store.all_secrets().await?.into_iter().filter(|stored| stored.revoked_at.is_none()) {
            let secret = store.open_secret(&stored)?;
            snapshot.secrets.insert(stored.sha256, stored.id.clone());
            let last_use = self.last_use(&stored.id);
            let entry = SecretEntry { id: stored.id, secret, expires_at: stored.expires_at, last_use };
            secrets.entry(stored.app_id).or_default().push(entry);
        }
        for key in store.api_keys().await? {
            snapshot.api_keys.insert(key.sha256.clone(), Arc::new(key));
        }
        for app in store.list_apps().await? {
            snapshot.origins.extend(app.origins.iter().cloned());
            let position = match app.position.as_deref() {
                Some("left") => Some(Position::Left),
                Some("right") => Some(Position::Right),
                _ => None,
            };
            let public = App {
                app_id: app.id.clone(),
                name: app.name,
                greeting: app.greeting,
                theme: Theme { brand_color: app.brand_color, position },
                sign_in: vec![SignInMethod::MessengerAuth, SignInMethod::Pin],
                away: None,
                away_text: app.away_text,
                office_hours: app.office_hours.clone(),
                attachments: attachments.cloned(),
            };
            // Checked when they were stored; a zone that a later release does not know counts as always open.
            let office_hours = app.office_hours.as_deref().and_then(|text| OfficeHours::parse(text).ok());
            let entry = AppEntry {
                json: AppJson::of(&public, office_hours.is_some()),
                office_hours,
                secrets: secrets.remove(&app.id).unwrap_or_default(),
                origins: app.origins,
                requires_v2: app.require_v2,
                public,
            };
            snapshot.apps.insert(app.id, Arc::new(entry));
        }
        Ok(snapshot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_contacts_to_know_are_all_looked_up() {
        let mut known = KnownContacts::default();
        for hash in 0..3 {
            known.add(hash, 3);
        }
        assert!(known.may_have(2) && !known.may_have(3));
        known.add(3, 3);
        assert!(known.may_have(3) && known.may_have(4));
        known.add(5, 3);
        assert!(known.hashes.is_empty(), "their memory is given back");
    }
}
