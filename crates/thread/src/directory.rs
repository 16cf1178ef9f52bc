//! Apps, secrets, API keys, ended sessions and known contacts, in memory: a sign-in needs no database.
//!
//! The database stays the truth. [`Directory::refresh`] reads what another process changed; a running service calls
//! it several times a second.

use crate::office_hours::OfficeHours;
use crate::store::{ContactScope, Revisions, Store, StoreError, StoredApiKey};
use arc_swap::ArcSwap;
use protocol::wire::{App, AttachmentLimits, Position, SignInMethod, Theme};
use protocol::{AppId, ConnectionKeyShape};
use signing::{GenuineKey, Secret, Subject, verify};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

/// An app with what is needed to sign in to it.
#[derive(Debug)]
pub struct AppEntry {
    /// What everybody may know, but for what depends on the time.
    pub public: App,
    office_hours: Option<OfficeHours>,
    /// Origins of pages that may use it.
    pub origins: Vec<String>,
    requires_v2: bool,
    secrets: Vec<SecretEntry>,
}

#[derive(Debug)]
struct SecretEntry {
    id: String,
    secret: Secret,
    expires_at: Option<i64>,
}

impl AppEntry {
    /// What everybody may know now.
    pub fn shown(&self, now_ms: i64) -> App {
        App { away: self.office_hours.as_ref().map(|hours| !hours.is_open(now_ms)), ..self.public.clone() }
    }

    /// The key, if the app takes it, and the id of the secret that it was made with. Every secret is tried, whichever
    /// fits, so that the time taken does not tell which one did.
    pub fn verify_key(&self, email: &str, key: &str, now_ms: i64) -> Option<(&str, GenuineKey)> {
        let shape = ConnectionKeyShape::parse(key)?;
        if self.requires_v2 && matches!(shape, ConnectionKeyShape::V1 { .. }) {
            return None;
        }
        let subject = Subject { app_id: &self.public.app_id, email };
        let mut found = None;
        for entry in &self.secrets {
            let genuine = verify(&entry.secret, subject, shape, now_ms);
            if let (Ok(genuine), true) = (genuine, entry.expires_at.is_none_or(|until| until > now_ms)) {
                found = Some((entry.id.as_str(), genuine));
            }
        }
        found
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

/// The snapshot and its followers.
#[derive(Debug)]
pub struct Directory {
    snapshot: ArcSwap<Snapshot>,
    /// Session id -> when it would have ended anyway.
    revoked: RwLock<HashMap<String, i64>>,
    /// Hashes of contacts that have a row. A collision costs a read, nothing more.
    known_contacts: RwLock<HashSet<u64>>,
    hasher: RandomState,
    /// What every app lets attach.
    attachments: Option<AttachmentLimits>,
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
            self.snapshot.store(Arc::new(snapshot(store, self.attachments.as_ref()).await?));
        }
        let (revoked_after, contacts_after) = last.map_or((0, 0), |last| (last.revocations, last.contacts));
        if revoked_after != current.revocations {
            let ended = store.revoked_sessions_after(revoked_after).await?;
            let mut revoked = self.revoked.write().unwrap_or_else(PoisonError::into_inner);
            revoked.retain(|_, ends_at| *ends_at > now_ms);
            revoked.extend(ended.into_iter().map(|session| (session.session_id, session.ends_at)));
        }
        if contacts_after != current.contacts {
            for (_, scope) in store.contacts_after(contacts_after).await? {
                self.add_contact(&scope);
            }
        }
        *read = Some(current);
        Ok(())
    }

    /// An app.
    pub fn app(&self, id: &AppId) -> Option<Arc<AppEntry>> {
        self.snapshot.load().apps.get(id).cloned()
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
        self.known_contacts.write().unwrap_or_else(PoisonError::into_inner).insert(hash);
    }

    /// Whether a contact may have a row; if not, there is nothing of theirs to read.
    pub fn may_know_contact(&self, scope: &ContactScope) -> bool {
        let hash = self.hasher.hash_one(scope);
        self.known_contacts.read().unwrap_or_else(PoisonError::into_inner).contains(&hash)
    }
}

async fn snapshot(store: &Store, attachments: Option<&AttachmentLimits>) -> Result<Snapshot, StoreError> {
    let mut snapshot = Snapshot::default();
    let mut secrets: HashMap<AppId, Vec<SecretEntry>> = HashMap::new();
    for stored in store.all_secrets().await?.into_iter().filter(|stored| stored.revoked_at.is_none()) {
        let secret = store.open_secret(&stored)?;
        snapshot.secrets.insert(stored.sha256, stored.id.clone());
        let entry = SecretEntry { id: stored.id, secret, expires_at: stored.expires_at };
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
        let entry = AppEntry {
            // Checked when it was stored; a zone that a later release does not know counts as always open.
            office_hours: app.office_hours.as_deref().and_then(|text| OfficeHours::parse(text).ok()),
            secrets: secrets.remove(&app.id).unwrap_or_default(),
            origins: app.origins,
            requires_v2: app.require_v2,
            public: App {
                app_id: app.id.clone(),
                name: app.name,
                greeting: app.greeting,
                theme: Theme { brand_color: app.brand_color, position },
                sign_in: vec![SignInMethod::MessengerAuth, SignInMethod::Pin],
                away: None,
                away_text: app.away_text,
                office_hours: app.office_hours,
                attachments: attachments.cloned(),
            },
        };
        snapshot.apps.insert(app.id, Arc::new(entry));
    }
    Ok(snapshot)
}
