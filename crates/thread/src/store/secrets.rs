//! Portal authentication secrets: sealed, found again by digest.

use super::revisions::{Topic, bump};
use super::{Store, StoreError, Tx, webhook_outbox};
use crate::crypto::random_id;
use protocol::AppId;
use protocol::webhook::{SecretData, WebhookEvent};
use signing::Secret;

/// A secret as it is stored.
#[derive(Clone, Debug)]
pub struct StoredSecret {
    /// Its identifier.
    pub id: String,
    /// Whose it is.
    pub app_id: AppId,
    /// SHA-256 in hex.
    pub sha256: String,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Set by a rotation: not valid from then on. Unix milliseconds.
    pub expires_at: Option<i64>,
    /// Not valid since then. Unix milliseconds.
    pub revoked_at: Option<i64>,
    /// When a key that was made with it last opened a session, Unix milliseconds; some seconds behind.
    pub last_used_at: Option<i64>,
    sealed: String,
}

/// What a rotation did.
#[derive(Clone, Debug)]
pub struct Rotated {
    /// The new secret.
    pub secret_id: String,
    /// When the one before it lapses, Unix milliseconds; `None` if none was valid.
    pub previous_expires_at: Option<i64>,
}

/// Why a secret is made void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// The operator said so.
    Ordered,
    /// It was seen where it must not be.
    Leaked,
}

type Row = (String, String, String, String, i64, Option<i64>, Option<i64>, Option<i64>);

const COLUMNS_ORDERED: &str = "SELECT id, app_id, sealed, sha256, created_at, expires_at, revoked_at, last_used_at \
     FROM secrets ORDER BY created_at, id";
const COLUMNS_OF_APP: &str = "SELECT id, app_id, sealed, sha256, created_at, expires_at, revoked_at, last_used_at \
     FROM secrets WHERE app_id = $1 ORDER BY created_at, id";

impl Store {
    /// Every secret of every app, oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn all_secrets(&self) -> Result<Vec<StoredSecret>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(COLUMNS_ORDERED).fetch_all(&self.reader).await?;
        Ok(rows.into_iter().map(from_row).collect())
    }

    /// The secrets of one app, oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn secrets_of(&self, app_id: &AppId) -> Result<Vec<StoredSecret>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as(COLUMNS_OF_APP).bind(app_id.as_str()).fetch_all(&self.reader).await?;
        Ok(rows.into_iter().map(from_row).collect())
    }

    /// Opens a stored secret.
    ///
    /// # Errors
    /// If it was sealed with another master key.
    pub fn open_secret(&self, stored: &StoredSecret) -> Result<Secret, StoreError> {
        let clear = self.master_key.open(&purpose(&stored.id), &stored.sealed)?;
        let text = std::str::from_utf8(&clear).map_err(|_| StoreError::Corrupt("secret"))?;
        Secret::from_text(text).map_err(|_| StoreError::Corrupt("secret"))
    }

    /// Adds a secret; the newest one before it lapses after `overlap_ms`, older ones now, so that at most two are
    /// valid at once. `None` if there is no such app.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn rotate_secret(
        &self,
        app_id: &AppId,
        secret: &Secret,
        overlap_ms: i64,
        now_ms: i64,
    ) -> Result<Option<Rotated>, StoreError> {
        let mut tx = self.begin().await?;
        let app: Option<(String,)> = sqlx::query_as("SELECT id FROM apps WHERE id = $1")
            .bind(app_id.as_str())
            .fetch_optional(&mut *tx)
            .await?;
        if app.is_none() {
            return Ok(None);
        }
        let valid: Vec<(String, Option<i64>)> = sqlx::query_as(
            "SELECT id, expires_at FROM secrets WHERE app_id = $1 AND revoked_at IS NULL \
             AND (expires_at IS NULL OR expires_at > $2) \
             ORDER BY CASE WHEN expires_at IS NULL THEN 0 ELSE 1 END, created_at DESC, id DESC",
        )
        .bind(app_id.as_str())
        .bind(now_ms)
        .fetch_all(&mut *tx)
        .await?;
        let mut previous_expires_at = None;
        for (index, (id, expires_at)) in valid.into_iter().enumerate() {
            let wanted = if index == 0 { now_ms.saturating_add(overlap_ms) } else { now_ms };
            let until = expires_at.map_or(wanted, |already| already.min(wanted));
            sqlx::query("UPDATE secrets SET expires_at = $2 WHERE id = $1")
                .bind(id)
                .bind(until)
                .execute(&mut *tx)
                .await?;
            previous_expires_at = previous_expires_at.or(Some(until));
        }
        let secret_id = self.insert_secret(&mut tx, app_id, secret, now_ms).await?;
        bump(&mut tx, Topic::Directory).await?;
        tx.commit().await?;
        Ok(Some(Rotated { secret_id, previous_expires_at }))
    }

    /// Makes a secret void at once; whose it was. `None` if there is none, or it is void already.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn revoke_secret(
        &self,
        id: &str,
        why: Revocation,
        now_ms: i64,
    ) -> Result<Option<AppId>, StoreError> {
        let mut tx = self.begin().await?;
        let revoked: Option<(String,)> = sqlx::query_as(
            "UPDATE secrets SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING app_id",
        )
        .bind(id)
        .bind(now_ms)
        .fetch_optional(&mut *tx)
        .await?;
        let Some((app_id,)) = revoked else { return Ok(None) };
        let app_id = AppId(app_id);
        bump(&mut tx, Topic::Directory).await?;
        let data = SecretData { secret_id: id.to_owned() };
        let event = match why {
            Revocation::Ordered => WebhookEvent::SecretRevoked(data),
            Revocation::Leaked => WebhookEvent::SecretLeaked(data),
        };
        webhook_outbox::tell(&mut tx, &app_id, event, now_ms).await?;
        tx.commit().await?;
        Ok(Some(app_id))
    }

    /// Notes when secrets were last used: id and Unix milliseconds.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn write_last_uses(&self, uses: &[(String, i64)]) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for (id, at_ms) in uses {
            // Another node may know of a later one.
            sqlx::query(
                "UPDATE secrets SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
            )
            .bind(id)
            .bind(at_ms)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn insert_secret(
        &self,
        tx: &mut Tx,
        app_id: &AppId,
        secret: &Secret,
        now_ms: i64,
    ) -> Result<String, StoreError> {
        let id = random_id("sec_");
        let sealed = self.master_key.seal(&purpose(&id), secret.expose().as_bytes());
        sqlx::query(
            "INSERT INTO secrets (id, app_id, sealed, sha256, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&id)
        .bind(app_id.as_str())
        .bind(sealed)
        .bind(secret.digest_hex())
        .bind(now_ms)
        .execute(&mut **tx)
        .await?;
        Ok(id)
    }
}

/// Binds the sealed text to its row.
pub(super) fn purpose(id: &str) -> String {
    ["secret:", id].concat()
}

fn from_row(row: Row) -> StoredSecret {
    let (id, app_id, sealed, sha256, created_at, expires_at, revoked_at, last_used_at) = row;
    StoredSecret {
        id,
        app_id: AppId(app_id),
        sha256,
        created_at,
        expires_at,
        revoked_at,
        last_used_at,
        sealed,
    }
}
