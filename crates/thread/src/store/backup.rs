//! Copies of a SQLite database, made and taken back while the service runs.

use super::engine::{Engine, with_suffix};
use super::{Store, StoreError};
use crate::crypto::write_private;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// What was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Rows, of all tables.
    pub rows: u64,
    /// The backup is of another database: running services sign sessions with another key until they are started anew.
    pub is_foreign: bool,
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

    /// Puts what a backup holds in the place of all that is in the database, in one transaction. Running services take
    /// it over within a second. Sessions that were ended since the backup stay ended, secrets and API keys that were revoked
    /// stay revoked, v2 keys that were used stay used.
    ///
    /// # Errors
    /// If the file is no whole backup or was encrypted with another master key; then nothing has changed.
    pub async fn restore(&self, file: &Path) -> Result<Restored, StoreError> {
        let Some(path) = self.engine.path() else {
            return Err(StoreError::Unsupported(
                "`thread restore` takes SQLite files: restore PostgreSQL with its own tools, as `pg_restore --clean \
                 --if-exists --no-owner --single-transaction -d ADDRESS thread.dump`, while no node runs"
                    .to_owned(),
            ));
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
        let copied = replace_all(&mut connection).await;
        sqlx::query("DETACH DATABASE backup").execute(&mut *connection).await?;
        Ok(Restored { rows: copied?, is_foreign })
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
        let Some((key,)) = key.filter(|_| found == "ok") else {
            return Err(StoreError::Unsupported(format!("this is not a whole backup: {found}")));
        };
        self.master_key.open("session_signing_key", &key)?;
        Ok(own.is_none_or(|(own,)| own != key))
    }
}

async fn replace_all(connection: &mut AnyConnection) -> Result<u64, StoreError> {
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
    Ok(rows)
}

/// What a copy of before must not undo: what was revoked, and v2 keys that were used. The table `revoked_sessions` hangs on no
/// other, so it needs no place apart.
const SET_ASIDE: [&str; 3] = [
    "CREATE TEMP TABLE kept_secrets AS SELECT id, revoked_at FROM main.secrets WHERE revoked_at IS NOT NULL",
    "CREATE TEMP TABLE kept_api_keys AS SELECT id, revoked_at FROM main.api_keys WHERE revoked_at IS NOT NULL",
    "CREATE TEMP TABLE kept_used_keys AS SELECT * FROM main.used_keys",
];

/// Puts it back, where what it is of is there.
const PUT_BACK: [&str; 6] = [
    "UPDATE main.secrets SET revoked_at = kept.revoked_at FROM temp.kept_secrets kept \
     WHERE kept.id = secrets.id AND secrets.revoked_at IS NULL",
    "UPDATE main.api_keys SET revoked_at = kept.revoked_at FROM temp.kept_api_keys kept \
     WHERE kept.id = api_keys.id AND api_keys.revoked_at IS NULL",
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
