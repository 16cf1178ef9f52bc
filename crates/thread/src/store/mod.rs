//! The database: plain functions, grouped by idea. "Not found" is `Ok(None)`.
//!
//! Through `sqlx::Any`, with one text of SQL for SQLite and PostgreSQL: `$1` parameters, `TEXT` and `BIGINT`,
//! `ON CONFLICT`, `RETURNING`. What differs is in `engine.rs`; how writes share a commit, in `transaction.rs`.

mod api_keys;
mod apps;
mod attachments;
mod backup;
mod contact_data;
mod contacts;
mod conversations;
mod engine;
mod error;
mod events;
mod lists;
mod message_rows;
mod model;
mod pins;
mod place;
mod reseal;
mod retention;
mod revisions;
mod scope;
mod secrets;
mod sessions;
mod signing_key;
mod subject;
mod transaction;
mod used_keys;
mod webhook_log;
mod webhook_outbox;
mod webhooks;

pub use api_keys::{API_KEY_PREFIX, ApiKeyState, StoredApiKey};
pub use apps::{AppUpdate, NewApp, StoredApp};
pub use attachments::Uploader;
pub use backup::Restored;
pub use contact_data::{ContactExport, DeletedContact, ExportedFile};
pub use contacts::{CONTACTS_PAGE, ContactCounts};
pub use conversations::{Outcome, Written};
pub use error::StoreError;
pub use events::{ContactHead, EventKind, EventScope, Missed, StoredEvent};
pub use lists::{ListCursor, ListPage, MAX_LISTED, MAX_MESSAGES};
pub use model::{StoredMessage, StoredServiceRequest};
pub use pins::{DueMail, MAIL_GIVEN_UP_AFTER_MS, PIN_VALID_MS, PinLimits, PinOutcome, PinRequest};
pub use retention::{KEPT_EVENTS, Pruned};
pub use revisions::{Revisions, Topic};
pub use scope::{AgentScope, ContactScope};
pub use secrets::{Revocation, Rotated, StoredSecret};
pub use sessions::RevokedSession;
pub use webhook_log::{DeliveryState, StoredDelivery, WebhookCounts};
pub use webhook_outbox::{Attempt, ClaimedDelivery, Verdict};
pub use webhooks::StoredWebhook;

use crate::crypto::MasterKey;
use engine::{Engine, with_suffix};
use protocol::AppId;
use secrecy::SecretString;
use sqlx::AnyPool;
use std::path::PathBuf;
use std::time::Duration;
use transaction::{Lanes, Tx};

/// How long a call waits for a connection before it fails as "unavailable".
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// The database and the key that its sealed values are under. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Engine,
    lanes: Lanes,
    writer: AnyPool,
    reader: AnyPool,
    master_key: MasterKey,
}

impl Store {
    /// The key that sealed values are under.
    pub fn master_key(&self) -> &MasterKey {
        &self.master_key
    }

    /// Opens the database, makes SQLite's file if it is not there, and brings the schema up to date.
    ///
    /// # Errors
    /// If the address is of no known database, it cannot be used, or the master key is missing or another.
    pub async fn open(database: &str, master_key: Option<&SecretString>) -> Result<Self, StoreError> {
        Self::open_engine(Engine::parse(database)?, master_key).await
    }

    /// As [`Store::open`], but makes no file: for what is of no use on an empty database.
    ///
    /// # Errors
    /// As [`Store::open`]; [`StoreError::Absent`] if SQLite's file is not there.
    pub async fn open_existing(
        database: &str,
        master_key: Option<&SecretString>,
    ) -> Result<Self, StoreError> {
        let engine = Engine::parse(database)?;
        engine.must_exist()?;
        Self::open_engine(engine, master_key).await
    }

    async fn open_engine(engine: Engine, master_key: Option<&SecretString>) -> Result<Self, StoreError> {
        let master_key = engine.master_key(master_key)?;
        let pools = engine.open().await?;
        let lanes = Lanes::new(&engine, &pools.writer, engine.lanes());
        let store = Self { engine, lanes, writer: pools.writer, reader: pools.reader, master_key };
        // Nothing is ever written under another key: a secret that cannot be opened would stop the service.
        store.session_signing_key().await?;
        Ok(store)
    }

    /// Whether the database answers and takes writes: with a full disk it answers, too.
    ///
    /// # Errors
    /// If it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO meta (name, value) VALUES ('ping', '1') \
             ON CONFLICT (name) DO UPDATE SET value = CASE WHEN meta.value = '1' THEN '2' ELSE '1' END",
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Whether other nodes can serve from the same database: a file has one.
    pub fn is_shared(&self) -> bool {
        self.engine.path().is_none()
    }

    /// Where attachments are if nothing else was said: `FILE.attachments` beside the database, if that is a file.
    pub fn attachments_folder(&self) -> Option<PathBuf> {
        self.folder_beside(".attachments")
    }

    /// A folder named as the database's file, with this ending; `None` if the database is no file.
    pub fn folder_beside(&self, ending: &str) -> Option<PathBuf> {
        self.engine.path().map(|path| with_suffix(path, ending))
    }

    /// Closes all connections once their work is done.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Begins a write that is in order with all others that begin so.
    async fn begin(&self) -> Result<Tx, StoreError> {
        self.lanes.begin("").await
    }

    /// Begins a write that is in order with all others of this app: of its conversations, or the app itself.
    async fn begin_for(&self, app_id: &AppId) -> Result<Tx, StoreError> {
        self.lanes.begin(app_id.as_str()).await
    }
}
