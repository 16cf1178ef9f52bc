//! Keys that are made once and sealed in the database.

use super::{Store, StoreError};
use crate::crypto::random_bytes;
use zeroize::Zeroizing;

const SESSIONS: &str = "session_signing_key";
const PINS: &str = "pin_key";
/// All of them.
pub(super) const SEALED_NAMES: [&str; 2] = [SESSIONS, PINS];

impl Store {
    /// What session tokens are signed with.
    ///
    /// # Errors
    /// If the database fails, or was encrypted with another master key.
    pub async fn session_signing_key(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        self.sealed_key(SESSIONS).await
    }

    /// What PINs and clients' addresses are hashed with: without it, a copy of the database tells neither.
    ///
    /// # Errors
    /// If the database fails, or was encrypted with another master key.
    pub async fn pin_key(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        self.sealed_key(PINS).await
    }

    /// The key of this name; the first call of all makes it.
    async fn sealed_key(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let read = "SELECT value FROM meta WHERE name = $1";
        let stored: Option<(String,)> = sqlx::query_as(read).bind(name).fetch_optional(&self.reader).await?;
        if let Some((stored,)) = stored {
            return Ok(self.master_key.open(name, &stored)?);
        }
        let sealed = self.master_key.seal(name, Zeroizing::new(random_bytes::<32>()).as_slice());
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(sealed)
            .execute(&mut *tx)
            .await?;
        let (stored,): (String,) = sqlx::query_as(read).bind(name).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        Ok(self.master_key.open(name, &stored)?)
    }
}
