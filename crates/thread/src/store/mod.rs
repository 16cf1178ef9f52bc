//! The database: plain functions, grouped by idea. "Not found" is `Ok(None)`.
//!
//! Through `sqlx::Any`, with one text of SQL for SQLite (today) and PostgreSQL (later): `$1` parameters, `TEXT`
//! and `BIGINT`, `ON CONFLICT`, `RETURNING`. SQLite has one writer, so there is one writing connection, whose
//! transactions begin as `IMMEDIATE` (another process, the command line, may write too), and several readers.
//! A write is durable when its call returns: WAL with `synchronous = FULL`.

mod api_keys;
mod apps;
mod attachments;
mod contact_data;
mod contacts;
mod conversations;
mod events;
mod model;
mod pins;
mod reseal;
mod revisions;
mod scope;
mod secrets;
mod sessions;
mod signing_key;
mod used_keys;
mod webhook_outbox;
mod webhooks;

pub use api_keys::{API_KEY_PREFIX, StoredApiKey};
pub use apps::{AppUpdate, NewApp, StoredApp};
pub use attachments::Uploader;
pub use contact_data::{ContactExport, DeletedContact, ExportedFile};
pub use conversations::{MAX_MESSAGES, Outcome, Written};
pub use events::{EventKind, EventScope, Missed, StoredEvent};
pub use model::{StoredMessage, StoredServiceRequest};
pub use pins::{DueMail, MAIL_GIVEN_UP_AFTER_MS, PIN_VALID_MS, PinLimits, PinOutcome, PinRequest};
pub use revisions::{Revisions, Topic};
pub use scope::{AgentScope, ContactScope};
pub use secrets::{Revocation, Rotated, StoredSecret};
pub use sessions::RevokedSession;
pub use webhook_outbox::{Attempt, ClaimedDelivery, DeliveryState, StoredDelivery, Verdict, WebhookCounts};
pub use webhooks::StoredWebhook;

use crate::crypto::{CryptoError, MasterKey, write_private};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyPool, Transaction};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

const READERS: u32 = 4;
/// How long a call waits for a connection before it fails as "unavailable".
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

const WRITER_PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON";
const READER_PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA query_only = ON";

/// A fault of the database, or of what stands in it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address names no database that this release can use.
    #[error("{0}")]
    Unsupported(String),
    /// The file cannot be made or opened.
    #[error("cannot open the database {path}: {source}")]
    Open {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("database schema: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A master key problem.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// A stored value that this release cannot read.
    #[error("the database holds an unreadable {0}")]
    Corrupt(&'static str),
}

impl StoreError {
    /// Whether the same call may succeed later: the database is busy, full or away.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => true,
            // SQLite: 5 busy, 6 locked, 10 I/O error, 13 full; extended codes carry them in the low byte.
            Self::Database(sqlx::Error::Database(error)) => error
                .code()
                .and_then(|code| code.parse::<u32>().ok())
                .is_some_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13)),
            _ => false,
        }
    }
}

/// The database and the key that its sealed values are under. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    writer: AnyPool,
    reader: AnyPool,
    master_key: MasterKey,
    path: PathBuf,
}

impl Store {
    /// The key that sealed values are under.
    pub fn master_key(&self) -> &MasterKey {
        &self.master_key
    }

    /// Opens the database, makes it if it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// If the address is not SQLite's, the file cannot be used, or the master key is another.
    pub async fn open(database: &str, master_key: Option<&SecretString>) -> Result<Self, StoreError> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);

        let path = sqlite_path(database)?;
        // The key comes before the database: whoever finds the database finds its key, even at the same moment.
        let is_new = std::fs::metadata(&path).map_or(true, |found| found.len() == 0);
        let master_key = match master_key {
            Some(text) => MasterKey::from_base64(text.expose_secret(), "THREAD_MASTER_KEY")?,
            None if is_new => MasterKey::from_file_or_new(&key_file(&path))?,
            None => MasterKey::from_file(&key_file(&path))?,
        };
        // Made here, so that from its first byte on only its owner can read it.
        match write_private(&path, b"") {
            Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
                return Err(StoreError::Open { path, source });
            }
            _ => {}
        }
        let options: AnyConnectOptions = sqlite_url(&path).parse()?;
        let writer = pool(1, WRITER_PRAGMAS).connect_with(options.clone()).await?;
        sqlx::migrate!().run(&writer).await?;
        let reader = pool(READERS, READER_PRAGMAS).connect_with(options).await?;
        let store = Self { writer, reader, master_key, path };
        // Nothing is ever written under another key: a secret that cannot be opened would stop the service.
        store.session_signing_key().await?;
        Ok(store)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// If it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT number FROM revisions WHERE topic = 'directory'").fetch_one(&self.reader).await?;
        Ok(())
    }

    /// Where attachments are if nothing else was said: `FILE.attachments` beside the database.
    pub fn attachments_folder(&self) -> PathBuf {
        self.folder_beside(".attachments")
    }

    /// A folder named as the database's file, with this ending.
    pub fn folder_beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    }

    /// Closes all connections once their work is done.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(self.writer.begin_with(BEGIN_WRITE).await?)
    }
}

fn pool(connections: u32, pragmas: &'static str) -> AnyPoolOptions {
    AnyPoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT).after_connect(
        move |connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(pragmas).execute(connection).await?;
                Ok(())
            })
        },
    )
}

fn sqlite_path(database: &str) -> Result<PathBuf, StoreError> {
    if database.starts_with("postgres:") || database.starts_with("postgresql:") {
        return Err(StoreError::Unsupported(
            "this release stores in SQLite only: use --database sqlite:FILE, for example sqlite:thread.db"
                .to_owned(),
        ));
    }
    let path = database.strip_prefix("sqlite://").or_else(|| database.strip_prefix("sqlite:")).unwrap_or("");
    if path.is_empty() || path.starts_with(':') || path.contains('?') {
        return Err(StoreError::Unsupported(
            "--database must be sqlite:FILE, for example sqlite:thread.db or sqlite:/var/lib/thread/thread.db"
                .to_owned(),
        ));
    }
    Ok(PathBuf::from(path))
}

fn key_file(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

fn sqlite_url(path: &Path) -> String {
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite:{path}?mode=rw")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_databases_are_understood_or_explained() {
        assert_eq!(sqlite_path("sqlite:thread.db").expect("valid"), PathBuf::from("thread.db"));
        assert_eq!(sqlite_path("sqlite:///var/x.db").expect("valid"), PathBuf::from("/var/x.db"));
        let told = sqlite_path("postgres://localhost/thread").expect_err("not yet").to_string();
        assert!(told.contains("SQLite only"), "{told}");
        for bad in ["", "thread.db", "sqlite:", "sqlite::memory:", "mysql://x"] {
            assert!(sqlite_path(bad).is_err(), "{bad}");
        }
    }
}
