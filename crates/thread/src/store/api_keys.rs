//! API keys of agents' tools: stored as SHA-256, since 256 random bits need no slow hash.

use super::revisions::{Topic, bump};
use super::{Store, StoreError};
use crate::crypto::{random_credential, random_id};
use protocol::AppId;
use secrecy::SecretString;
use signing::digest_hex;

/// First characters of every API key.
pub const API_KEY_PREFIX: &str = "cgk_";

/// An API key that is in force.
#[derive(Clone, Debug)]
pub struct StoredApiKey {
    /// Its identifier.
    pub id: String,
    /// The app whose service requests it opens.
    pub app_id: AppId,
    /// SHA-256 in hex.
    pub sha256: String,
    /// Who answers with it, as customers see it.
    pub name: Option<String>,
}

impl Store {
    /// Makes an API key: its identifier, and the key, which is shown once. `None` if there is no such app.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn create_api_key(
        &self,
        app_id: &AppId,
        name: Option<&str>,
        now_ms: i64,
    ) -> Result<Option<(String, SecretString)>, StoreError> {
        let (id, key) = (random_id("key_"), random_credential(API_KEY_PREFIX));
        let mut tx = self.begin().await?;
        let app: Option<(String,)> = sqlx::query_as("SELECT id FROM apps WHERE id = $1")
            .bind(app_id.as_str())
            .fetch_optional(&mut *tx)
            .await?;
        if app.is_none() {
            return Ok(None);
        }
        sqlx::query(
            "INSERT INTO api_keys (id, app_id, sha256, created_at, name) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&id)
        .bind(app_id.as_str())
        .bind(digest_hex(&key))
        .bind(now_ms)
        .bind(name)
        .execute(&mut *tx)
        .await?;
        bump(&mut tx, Topic::Directory).await?;
        tx.commit().await?;
        Ok(Some((id, key.into())))
    }

    /// All API keys in force.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn api_keys(&self) -> Result<Vec<StoredApiKey>, StoreError> {
        let rows: Vec<(String, String, String, Option<String>)> =
            sqlx::query_as("SELECT id, app_id, sha256, name FROM api_keys WHERE revoked_at IS NULL")
                .fetch_all(&self.reader)
                .await?;
        Ok(rows
            .into_iter()
            .map(|(id, app_id, sha256, name)| StoredApiKey { id, app_id: AppId(app_id), sha256, name })
            .collect())
    }

    /// Makes an API key void; `None` if there is none, or it is void already.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn revoke_api_key(&self, id: &str, now_ms: i64) -> Result<Option<()>, StoreError> {
        let mut tx = self.begin().await?;
        let revoked = sqlx::query("UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
            .bind(id)
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        if revoked.rows_affected() == 0 {
            return Ok(None);
        }
        bump(&mut tx, Topic::Directory).await?;
        tx.commit().await?;
        Ok(Some(()))
    }
}
