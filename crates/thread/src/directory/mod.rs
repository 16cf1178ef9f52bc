//! Apps, secrets, API keys, ended sessions and known contacts, in memory: a sign-in needs no database.
//!
//! The database stays the truth. [`Directory::refresh`] reads what another process changed; a running service calls
//! it several times a second.

mod app;
mod known_contacts;

pub use app::{AppEntry, NEAR_ITS_END_MS, SecretEntry, Use};

use crate::office_hours::OfficeHours;
use crate::store::{CONTACTS_PAGE, ContactScope, Revisions, Store, StoreError, StoredApiKey};
use app::{AppJson, LastUse};
use arc_swap::ArcSwap;
use known_contacts::{KnownContacts, MAX_KNOWN_CONTACTS};
use protocol::AppId;
use protocol::wire::{App, AttachmentLimits, Position, SignInMethod, Theme};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use tokio::sync::Mutex;

/// Pages of contacts that one refresh reads at the most: some tenths of a second.
const CONTACTS_PAGES: usize = 3;

#[derive(Debug, Default)]
struct Snapshot {
    apps: HashMap<AppId, Arc<AppEntry>>,
    origins: HashSet<String>,
    /// By SHA-256.
    api_keys: HashMap<String, Arc<StoredApiKey>>,
    /// By SHA-256: secret's id. Revoked ones are not here.
    secrets: HashMap<String, String>,
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
    /// How far it was read. The lock keeps refreshes in order.
    read: Mutex<Progress>,
}

/// How far the database was read.
#[derive(Debug, Default)]
struct Progress {
    /// Up to where each topic was read; `None` before the first time.
    revisions: Option<Revisions>,
    /// The number of the last contact that was read.
    contacts: i64,
}

impl Directory {
    /// Reads everything but the contacts, of which there may be millions: they come with later refreshes.
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
            read: Mutex::default(),
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
        let last = read.revisions;
        if last.is_none_or(|last| last.directory != current.directory) {
            self.snapshot.store(Arc::new(self.read_snapshot(store).await?));
        }
        let revoked_after = last.map_or(0, |last| last.revocations);
        if revoked_after != current.revocations {
            let ended = store.revoked_sessions_after(revoked_after).await?;
            let mut revoked = self.revoked.write().unwrap_or_else(PoisonError::into_inner);
            revoked.retain(|_, ends_at| *ends_at > now_ms);
            revoked.extend(ended.into_iter().map(|session| (session.session_id, session.ends_at)));
        }
        if last.is_some() {
            self.read_contacts(store, &mut read.contacts, current.contacts).await?;
        }
        read.revisions = Some(current);
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

    /// Reads some pages at the most: a change of secrets or sessions must not wait for millions of contacts.
    async fn read_contacts(&self, store: &Store, after: &mut i64, last: i64) -> Result<(), StoreError> {
        for _ in 0..CONTACTS_PAGES {
            if self.known_contacts().is_full || *after >= last {
                self.known_contacts.write().unwrap_or_else(PoisonError::into_inner).is_complete = true;
                break;
            }
            let page = store.contacts_after(*after).await?;
            for (_, scope) in &page {
                self.add_contact(scope);
            }
            // Numbers may have gaps: a short page is the last one.
            let is_last = i64::try_from(page.len()).unwrap_or(i64::MAX) < CONTACTS_PAGE;
            let reached = page.last().map_or(*after, |(number, _)| *number);
            *after = if is_last { reached.max(last) } else { reached };
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
        if self.known_contacts().has(hash) {
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
