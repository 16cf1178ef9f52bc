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

/// An API key as its owner sees it, in force or not.
#[derive(Clone, Debug)]
pub struct ApiKeyState {
    /// Its identifier.
    pub id: String,
    /// Who answers with it, as customers see it.
    pub name: Option<String>,
    /// When it was made, Unix milliseconds.
    pub created_at: i64,
    /// When it was made void, if it was.
    pub revoked_at: Option<i64>,
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

    /// All API keys of an app, the oldest first; void ones, too.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn api_keys_of(&self, app_id: &AppId) -> Result<Vec<ApiKeyState>, StoreError> {
        let rows: Vec<(String, Option<String>, i64, Option<i64>)> = sqlx::query_as(
            "SELECT id, name, created_at, revoked_at FROM api_keys WHERE app_id = $1 ORDER BY created_at, id",
        )
        .bind(app_id.as_str())
        .fetch_all(&self.reader)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(id, name, created_at, revoked_at)| ApiKeyState { id, name, created_at, revoked_at })
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
