//! Copies of a SQLite database, made and taken back while the service runs.

use super::engine::{Engine, with_suffix};
use super::{Store, StoreError};
use crate::crypto::{CryptoError, write_private};
use secrecy::SecretString;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// PostgreSQL has its own.
const ELSEWHERE: &str = "`thread restore` takes SQLite files: restore PostgreSQL with its own tools, as `pg_restore --clean \
                         --if-exists --no-owner --single-transaction -d ADDRESS thread.dump`, while no node runs";

/// What was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Rows, of all tables.
    pub rows: u64,
    /// The backup is of another database: running services sign sessions with another key until they are started anew.
    pub is_foreign: bool,
    /// Apps that are not in the backup: identifier and name.
    pub gone_apps: Vec<(String, String)>,
    /// Secrets that were in force, of apps that are still there: app and secret.
    pub gone_secrets: Vec<(String, String)>,
    /// API keys likewise: app and key.
    pub gone_api_keys: Vec<(String, String)>,
}

impl Store {
    /// Writes a whole copy of the database, as it is at this moment, into a new file that only its owner can read.
    /// Nobody waits for it.
    ///
    /// # Errors
    /// If the file is there already or cannot be written, or the database is not SQLite.
    pub async fn backup(&self, file: &Path) -> Result<(), StoreError> {
        if self.engine.path().is_none() {
            return Err(StoreError::Unsupported(
                "`thread backup` copies SQLite files: back up PostgreSQL with its own tools, as \
                 `pg_dump --format=custom --file=thread.dump …`, which need not stop the service"
                    .to_owned(),
            ));
        }
        let failed = |source| StoreError::Open { path: file.to_owned(), source };
        if file.exists() {
            return Err(failed(io::Error::from(io::ErrorKind::AlreadyExists)));
        }
        // Whole or not there: the name is given when all of it is on the disk.
        let draft = Draft::new(file).map_err(failed)?;
        let mut connection = self.writer.acquire().await?;
        sqlx::query("VACUUM INTO $1")
            .bind(draft.0.to_string_lossy().into_owned())
            .execute(&mut *connection)
            .await?;
        drop(connection);
        File::open(&draft.0).and_then(|copy| copy.sync_all()).map_err(failed)?;
        fs::hard_link(&draft.0, file).map_err(failed)?;
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        }
        Ok(())
    }

    /// As [`Store::restore`], into a database that is not there yet. If it is refused, nothing is left of it.
    ///
    /// # Errors
    /// As [`Store::open`] and [`Store::restore`].
    pub async fn restore_as_new(
        database: &str,
        master_key: Option<&SecretString>,
        file: &Path,
    ) -> Result<Restored, StoreError> {
        let engine = Engine::parse(database)?;
        let path = engine.path().ok_or_else(|| StoreError::Unsupported(ELSEWHERE.to_owned()))?.to_owned();
        let made: Vec<PathBuf> = ["", "-wal", "-shm", ".key"]
            .map(|suffix| with_suffix(&path, suffix))
            .into_iter()
            .filter(|file| !file.exists())
            .collect();
        let restored = async {
            let store = Self::open_engine(engine, master_key).await?;
            let restored = store.restore(file).await;
            store.close().await;
            restored
        }
        .await;
        if restored.is_err() {
            for file in made {
                let _ = fs::remove_file(file);
            }
        }
        restored
    }

    /// Whether [`Store::restore`] is for this database at all.
    ///
    /// # Errors
    /// If not, with what is.
    pub fn check_restorable(database: &str) -> Result<(), StoreError> {
        match Engine::parse(database)?.path() {
            Some(_) => Ok(()),
            None => Err(StoreError::Unsupported(ELSEWHERE.to_owned())),
        }
    }

    /// Puts what a backup holds in the place of all that is in the database, in one transaction. Running services take
    /// it over within a second. Sessions that were ended since the backup stay ended, secrets and API keys that were revoked
    /// stay revoked, secrets that a rotation lets lapse do so, v2 keys that were used stay used.
    ///
    /// # Errors
    /// If the file is no whole backup or was encrypted with another master key; then nothing has changed.
    pub async fn restore(&self, file: &Path) -> Result<Restored, StoreError> {
        let Some(path) = self.engine.path() else {
            return Err(StoreError::Unsupported(ELSEWHERE.to_owned()));
        };
        let failed = |source| StoreError::Open { path: file.to_owned(), source };
        // A copy, brought up to this release's schema; the backup itself is not touched.
        let draft = Draft::new(&with_suffix(path, ".restore")).map_err(failed)?;
        fs::copy(file, &draft.0).map_err(failed)?;
        let is_foreign = self.check(&draft).await?;
        let mut connection = self.writer.acquire().await?;
        sqlx::query("ATTACH DATABASE $1 AS backup")
            .bind(draft.0.to_string_lossy().into_owned())
            .execute(&mut *connection)
            .await?;
        let copied = replace_all(&mut connection, is_foreign).await;
        sqlx::query("DETACH DATABASE backup").execute(&mut *connection).await?;
        copied
    }

    /// Whether a copy is whole, opens with this master key, and is of another database.
    async fn check(&self, draft: &Draft) -> Result<bool, StoreError> {
        let copy = Engine::Sqlite(draft.0.clone());
        let no_backup = |error: StoreError| match error {
            StoreError::Database(_) | StoreError::Migrate(_) => {
                StoreError::Unsupported(format!("this is not a backup that this release can read: {error}"))
            }
            other => other,
        };
        let pools = copy.open().await.map_err(no_backup)?;
        let (found,): (String,) = sqlx::query_as("PRAGMA quick_check(1)").fetch_one(&pools.reader).await?;
        let keys = "SELECT value FROM meta WHERE name = 'session_signing_key'";
        let key: Option<(String,)> = sqlx::query_as(keys).fetch_optional(&pools.reader).await?;
        let own: Option<(String,)> = sqlx::query_as(keys).fetch_optional(&self.reader).await?;
        pools.reader.close().await;
        pools.writer.close().await;
        if found != "ok" {
            return Err(StoreError::Unsupported(format!("this is not a whole backup: {found}")));
        }
        let Some((key,)) = key else {
            return Err(StoreError::Unsupported(
                "this is a database, but not a backup of Thread's".to_owned(),
            ));
        };
        let opened = self.master_key.open("session_signing_key", &key).map_err(|error| match error {
            CryptoError::WrongKey => StoreError::Unsupported(
                "the backup was encrypted with another master key than this database's. Into a place without a database: put the \
                 key that was kept with it into THREAD_MASTER_KEY, or the .key file there. Into this one: give it as \
                 THREAD_MASTER_KEY_PREVIOUS beside the present THREAD_MASTER_KEY, then run `thread master-key rotate` with both"
                    .to_owned(),
            ),
            other => other.into(),
        })?;
        // Sealed anew, the same key looks different.
        let own = own.and_then(|(own,)| self.master_key.open("session_signing_key", &own).ok());
        Ok(own.is_some_and(|own| own != opened))
    }
}

async fn replace_all(connection: &mut AnyConnection, is_foreign: bool) -> Result<Restored, StoreError> {
    let mut tx = sqlx::Connection::begin_with(connection, "BEGIN IMMEDIATE").await?;
    sqlx::query("PRAGMA defer_foreign_keys = ON").execute(&mut *tx).await?;
    let tables: Vec<(String,)> = sqlx::query_as(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
         AND name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut *tx)
    .await?;
    // Cursors that were given out must not fit events that come after: all numbers go on above the highest.
    let (counted,): (i64,) = sqlx::query_as(
        "SELECT MAX(COALESCE((SELECT MAX(event_seq) FROM main.contacts), 0), \
         COALESCE((SELECT MAX(event_seq) FROM main.apps), 0), COALESCE((SELECT MAX(number) FROM main.revisions), 0)) + 1",
    )
    .fetch_one(&mut *tx)
    .await?;
    // An ended session stays ended.
    let kept = |table: &str| matches!(table, "revoked_sessions" | "revisions");
    let gone_apps = sqlx::query_as(GONE_APPS).fetch_all(&mut *tx).await?;
    let gone_secrets = sqlx::query_as(GONE_SECRETS).fetch_all(&mut *tx).await?;
    let gone_api_keys = sqlx::query_as(GONE_API_KEYS).fetch_all(&mut *tx).await?;
    for sql in SET_ASIDE {
        sqlx::query(sql).execute(&mut *tx).await?;
    }
    for (table,) in tables.iter().filter(|(table,)| !kept(table)) {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM main.\"{table}\""))).execute(&mut *tx).await?;
    }
    let mut rows = 0;
    for (table,) in &tables {
        let columns: Vec<(String,)> =
            sqlx::query_as("SELECT name FROM pragma_table_info($1)").bind(table).fetch_all(&mut *tx).await?;
        let columns: Vec<String> = columns.into_iter().map(|(name,)| format!("\"{name}\"")).collect();
        let columns = columns.join(", ");
        let sql = format!(
            "INSERT INTO main.\"{table}\" ({columns}) SELECT {columns} FROM backup.\"{table}\" WHERE true \
             ON CONFLICT DO NOTHING"
        );
        rows += sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await?.rows_affected();
    }
    for sql in PUT_BACK {
        sqlx::query(sql).execute(&mut *tx).await?;
    }
    for sql in [
        "UPDATE contacts SET event_seq = event_seq + $1, number = number + $1",
        "UPDATE apps SET event_seq = event_seq + $1",
        "UPDATE revisions SET number = $1 + \
         (SELECT MAX(COALESCE(MAX(number), 0), COALESCE((SELECT MAX(number) FROM backup.contacts), 0)) FROM backup.revisions)",
    ] {
        sqlx::query(sql).bind(counted).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(Restored { rows, is_foreign, gone_apps, gone_secrets, gone_api_keys })
}

const GONE_APPS: &str =
    "SELECT id, name FROM main.apps WHERE id NOT IN (SELECT id FROM backup.apps) ORDER BY name";
const GONE_SECRETS: &str = "SELECT app_id, id FROM main.secrets WHERE revoked_at IS NULL AND expires_at IS NULL \
     AND app_id IN (SELECT id FROM backup.apps) AND id NOT IN (SELECT id FROM backup.secrets) ORDER BY created_at";
const GONE_API_KEYS: &str = "SELECT app_id, id FROM main.api_keys WHERE revoked_at IS NULL \
     AND app_id IN (SELECT id FROM backup.apps) AND id NOT IN (SELECT id FROM backup.api_keys) ORDER BY created_at";

/// What a copy of before must not undo: what was revoked or is to lapse, and v2 keys that were used. (`revoked_sessions` hangs
/// on no other table, so it needs no place apart.)
const SET_ASIDE: [&str; 3] = [
    "CREATE TEMP TABLE kept_secrets AS SELECT * FROM main.secrets WHERE revoked_at IS NOT NULL OR expires_at IS NOT NULL",
    "CREATE TEMP TABLE kept_api_keys AS SELECT * FROM main.api_keys WHERE revoked_at IS NOT NULL",
    "CREATE TEMP TABLE kept_used_keys AS SELECT * FROM main.used_keys",
];

/// Puts it back, where what it is of is there; also what this copy does not have, so that the next one cannot undo it.
const PUT_BACK: [&str; 8] = [
    "UPDATE main.secrets SET revoked_at = COALESCE(secrets.revoked_at, kept.revoked_at), \
     expires_at = COALESCE(kept.expires_at, secrets.expires_at) FROM temp.kept_secrets kept WHERE kept.id = secrets.id",
    "UPDATE main.api_keys SET revoked_at = kept.revoked_at FROM temp.kept_api_keys kept \
     WHERE kept.id = api_keys.id AND api_keys.revoked_at IS NULL",
    "INSERT INTO main.secrets SELECT * FROM temp.kept_secrets WHERE app_id IN (SELECT id FROM main.apps) \
     ON CONFLICT DO NOTHING",
    "INSERT INTO main.api_keys SELECT * FROM temp.kept_api_keys WHERE app_id IN (SELECT id FROM main.apps) \
     ON CONFLICT DO NOTHING",
    "INSERT INTO main.used_keys SELECT * FROM temp.kept_used_keys WHERE app_id IN (SELECT id FROM main.apps) \
     ON CONFLICT DO NOTHING",
    "DROP TABLE temp.kept_secrets",
    "DROP TABLE temp.kept_api_keys",
    "DROP TABLE temp.kept_used_keys",
];

/// A file that is taken away when it is no longer needed, with what SQLite keeps beside it.
struct Draft(PathBuf);

impl Draft {
    /// A new empty file beside `file` that only its owner can read.
    fn new(file: &Path) -> io::Result<Self> {
        let random = hex::encode(crate::crypto::random_bytes::<6>());
        let draft = Self(with_suffix(file, &format!(".{random}.part")));
        write_private(&draft.0, b"")?;
        Ok(draft)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            // One that is not there needs no taking away.
            let _ = fs::remove_file(with_suffix(&self.0, suffix));
        }
    }
}
