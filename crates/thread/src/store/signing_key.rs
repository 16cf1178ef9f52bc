//! The key that session tokens are signed with: made once, sealed in the database.

use super::{Store, StoreError};
use crate::crypto::random_bytes;
use zeroize::Zeroizing;

const NAME: &str = "session_signing_key";

impl Store {
    /// The session signing key; the first call of all makes it.
    ///
    /// # Errors
    /// If the database fails, or was encrypted with another master key.
    pub async fn session_signing_key(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let read = "SELECT value FROM meta WHERE name = $1";
        let stored: Option<(String,)> = sqlx::query_as(read).bind(NAME).fetch_optional(&self.reader).await?;
        if let Some((stored,)) = stored {
            return Ok(self.master_key.open(NAME, &stored)?);
        }
        let sealed = self.master_key.seal(NAME, Zeroizing::new(random_bytes::<32>()).as_slice());
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(NAME)
            .bind(sealed)
            .execute(&mut *tx)
            .await?;
        let (stored,): (String,) = sqlx::query_as(read).bind(NAME).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        Ok(self.master_key.open(NAME, &stored)?)
    }
}
