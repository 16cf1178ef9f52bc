//! What differs between the two databases. Everything else of the store is one text for both.
//!
//! SQLite has one writer, so there is one writing connection, whose transactions begin as `IMMEDIATE` (another
//! process, the command line, may write too), and several readers. A write is durable when its call returns: WAL with
//! `synchronous = FULL`. PostgreSQL has connections that do both; what SQLite gets from its one writer, order, comes
//! there from locks that a transaction holds to its end.

use super::StoreError;
use crate::crypto::{CryptoError, MasterKey, write_private};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, AnyPool, ConnectOptions as _, Connection as _};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Once;

static MIGRATIONS: Migrator = sqlx::migrate!();

const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 20;
const POSTGRES_LANES: usize = 8;

const SQLITE_WRITER: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON";
const SQLITE_READER: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA query_only = ON";
/// While the schema is brought up to date, others that start wait for it.
const SQLITE_MIGRATION: &str =
    "PRAGMA busy_timeout = 60000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
/// A node that hangs must not hold up the others for ever.
const POSTGRES_SESSION: &str = "SET TIME ZONE 'UTC'; SET default_transaction_isolation = 'read committed'; \
     SET lock_timeout = '5s'; SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '30s'";

/// Which database, and where.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Engine {
    /// A file.
    Sqlite(PathBuf),
    /// A server; the address may hold a password.
    Postgres(String),
}

/// The connections of a [`super::Store`].
pub(super) struct Pools {
    pub(super) writer: AnyPool,
    pub(super) reader: AnyPool,
}

impl Engine {
    /// Reads `--database`.
    pub(super) fn parse(database: &str) -> Result<Self, StoreError> {
        if database.starts_with("postgres://") || database.starts_with("postgresql://") {
            return Ok(Self::Postgres(database.to_owned()));
        }
        let path =
            database.strip_prefix("sqlite://").or_else(|| database.strip_prefix("sqlite:")).unwrap_or("");
        if path.is_empty() || path.starts_with(':') || path.contains('?') {
            return Err(StoreError::Unsupported(
                "--database must be sqlite:FILE, for example sqlite:thread.db or sqlite:/var/lib/thread/thread.db, \
                 or postgres://USER:PASSWORD@HOST/NAME"
                    .to_owned(),
            ));
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }

    /// The key that sealed values are under: what was given, else a file beside SQLite's. Makes the file of a new
    /// database.
    pub(super) fn master_key(&self, given: Option<&SecretString>) -> Result<MasterKey, StoreError> {
        if let Some(text) = given {
            return Ok(MasterKey::from_base64(text.expose_secret(), "THREAD_MASTER_KEY")?);
        }
        match self {
            Self::Postgres(_) => Err(StoreError::Crypto(CryptoError::NoMasterKey)),
            Self::Sqlite(path) => {
                // The key comes before the database: whoever finds the database finds its key, even at the same
                // moment.
                let is_new = is_new(path);
                let file = with_suffix(path, ".key");
                Ok(if is_new { MasterKey::from_file_or_new(&file)? } else { MasterKey::from_file(&file)? })
            }
        }
    }

    /// Refuses a file that would only be made now. A server's database is there, or connecting fails.
    pub(super) fn must_exist(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(path) if is_new(path) => {
                Err(StoreError::Absent(std::path::absolute(path).unwrap_or_else(|_| path.clone())))
            }
            _ => Ok(()),
        }
    }

    /// Connects, after bringing the schema up to date.
    pub(super) async fn open(&self) -> Result<Pools, StoreError> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        let options = self.options()?;
        match self {
            Self::Sqlite(path) => {
                // Made here, so that from its first byte on only its owner can read it.
                match write_private(path, b"") {
                    Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
                        return Err(StoreError::Open { path: path.clone(), source });
                    }
                    _ => {}
                }
                self.migrate(&options).await?;
                let writer = pool(1, SQLITE_WRITER).connect_with(options.clone()).await?;
                let reader = pool(SQLITE_READERS, SQLITE_READER).connect_with(options).await?;
                Ok(Pools { writer, reader })
            }
            Self::Postgres(_) => {
                self.migrate(&options).await?;
                let both = pool(POSTGRES_CONNECTIONS, POSTGRES_SESSION).connect_with(options).await?;
                warn_if_not_durable(&both).await?;
                Ok(Pools { writer: both.clone(), reader: both })
            }
        }
    }

    /// How many queues of writes there are.
    pub(super) const fn lanes(&self) -> usize {
        match self {
            Self::Sqlite(_) => 1,
            Self::Postgres(_) => POSTGRES_LANES,
        }
    }

    /// Whether writes of different scopes hold different locks, so that they cannot share a commit.
    pub(super) const fn has_locks(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Begins a transaction that writes, and its first savepoint. It holds up every other one of the same scope, of any node,
    /// until its end: SQLite has one writer anyway.
    pub(super) async fn begin_write(
        &self,
        connection: &mut AnyConnection,
        scope: &str,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => {
                sqlx::raw_sql("BEGIN IMMEDIATE; SAVEPOINT one_write").execute(connection).await?;
            }
            Self::Postgres(_) => {
                sqlx::raw_sql("BEGIN").execute(&mut *connection).await?;
                // Before the savepoint: a lock that comes after it is given up when that is rolled back to.
                sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                    .bind(scope)
                    .execute(&mut *connection)
                    .await?;
                sqlx::raw_sql("SAVEPOINT one_write").execute(connection).await?;
            }
        }
        Ok(())
    }

    /// The file, if it is one.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    fn options(&self) -> Result<AnyConnectOptions, StoreError> {
        match self {
            Self::Sqlite(path) => {
                let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
                Ok(format!("sqlite:{path}?mode=rw").parse()?)
            }
            // Not what the parser says: that may repeat a password.
            Self::Postgres(address) => address.parse().map_err(|_| {
                StoreError::Unsupported(
                    "--database cannot be read: it must be postgres://USER:PASSWORD@HOST/NAME, with %-escapes for \
                     special characters in the password"
                        .to_owned(),
                )
            }),
        }
    }

    /// Brings the schema up to date. Several that start at once wait for each other: on PostgreSQL by sqlx's lock, on
    /// SQLite by one transaction around all of it.
    async fn migrate(&self, options: &AnyConnectOptions) -> Result<(), StoreError> {
        let mut connection = options.connect().await?;
        match self {
            Self::Postgres(_) => MIGRATIONS.run(&mut connection).await?,
            Self::Sqlite(_) => {
                sqlx::raw_sql(SQLITE_MIGRATION).execute(&mut connection).await?;
                let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
                MIGRATIONS.run_direct(None, &mut *tx, false).await?;
                tx.commit().await?;
            }
        }
        connection.close().await?;
        Ok(())
    }
}

/// Without the password.
impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "Sqlite({})", path.display()),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

fn pool(connections: u32, session: &'static str) -> AnyPoolOptions {
    AnyPoolOptions::new().max_connections(connections).acquire_timeout(super::ACQUIRE_TIMEOUT).after_connect(
        move |connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(session).execute(connection).await?;
                Ok(())
            })
        },
    )
}

/// What the service acknowledges should survive; the server may be configured otherwise.
async fn warn_if_not_durable(pool: &AnyPool) -> Result<(), StoreError> {
    let (fsync, synchronous): (String, String) =
        sqlx::query_as("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            .fetch_one(pool)
            .await?;
    if fsync == "off" || synchronous == "off" {
        tracing::warn!(
            fsync,
            synchronous_commit = synchronous,
            "PostgreSQL is configured to lose acknowledged messages when its machine fails"
        );
    }
    Ok(())
}

/// Whether the file is not there, or nothing has been written to it.
fn is_new(path: &Path) -> bool {
    std::fs::metadata(path)
        .map_or_else(|error| error.kind() == io::ErrorKind::NotFound, |found| found.len() == 0)
}

/// `FILE.suffix`, beside the file.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_databases_are_understood_or_explained() {
        let sqlite = |path: &str| Engine::Sqlite(PathBuf::from(path));
        assert_eq!(Engine::parse("sqlite:thread.db").expect("valid"), sqlite("thread.db"));
        assert_eq!(Engine::parse("sqlite:///var/x.db").expect("valid"), sqlite("/var/x.db"));
        let postgres = "postgres://me@localhost/thread";
        assert_eq!(Engine::parse(postgres).expect("valid"), Engine::Postgres(postgres.to_owned()));
        for bad in ["", "thread.db", "sqlite:", "sqlite::memory:", "mysql://x", "postgres:x"] {
            assert!(Engine::parse(bad).is_err(), "{bad}");
        }
        let told =
            Engine::Postgres("postgres://me:hunter2@:x/".to_owned()).options().expect_err("unreadable");
        assert!(!told.to_string().contains("hunter2"));
    }

    #[test]
    fn postgres_without_a_master_key_is_refused() {
        let told = Engine::Postgres(String::new()).master_key(None).expect_err("refused").to_string();
        assert!(told.contains("THREAD_MASTER_KEY") && told.contains("openssl rand"), "{told}");
    }
}
