//! v2 connection keys that were used.

use super::{Store, StoreError};
use protocol::{AppId, AttemptId};
use signing::{OneTime, digest_hex};

/// A used key is remembered for so long after its end: a clock that is set back makes none good again.
const REMEMBERED_MS: i64 = 60 * 60 * 1_000;

impl Store {
    /// Takes a key into use, or again by the attempt that did. Of uses at the same moment, on whichever node, one wins:
    /// it is a single statement. `false` if the key is another attempt's, or used up.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn use_key(
        &self,
        app_id: &AppId,
        key: &OneTime,
        attempt: Option<&AttemptId>,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        // Without an attempt, `owner` is null and equals nothing. A deleted app has no row to begin with.
        let used: Option<(String,)> = sqlx::query_as(
            "INSERT INTO used_keys (key_sha256, app_id, owner, used_at, expires_at) \
             SELECT $1, id, $3, $4, $5 FROM apps WHERE id = $2 \
             ON CONFLICT (key_sha256) DO UPDATE SET owner = excluded.owner WHERE used_keys.owner = excluded.owner \
             RETURNING key_sha256",
        )
        .bind(key.digest_hex())
        .bind(app_id.as_str())
        .bind(attempt.map(|attempt| digest_hex(attempt.as_str())))
        .bind(now_ms)
        .bind(i64::try_from(key.expires_s()).unwrap_or(i64::MAX).saturating_mul(1_000))
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(used.is_some())
    }

    /// When the key of this name was used first, Unix milliseconds; `None` if it was not, or long ago.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn key_used_at(&self, key_sha256: &str) -> Result<Option<i64>, StoreError> {
        let row: Option<(i64,)> = sqlx::query_as("SELECT used_at FROM used_keys WHERE key_sha256 = $1")
            .bind(key_sha256)
            .fetch_optional(&self.reader)
            .await?;
        Ok(row.map(|(used_at,)| used_at))
    }

    /// Forgets keys that nobody could use any more; how many there were.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn prune_used_keys(&self, now_ms: i64) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let pruned = sqlx::query("DELETE FROM used_keys WHERE expires_at < $1")
            .bind(now_ms - REMEMBERED_MS)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(pruned.rows_affected())
    }
}
