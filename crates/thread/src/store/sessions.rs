//! Ended sessions. A live one has no row: its token is signed.

use super::revisions::{Topic, bump};
use super::{Store, StoreError};

/// A session that was ended before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedSession {
    /// The session.
    pub session_id: String,
    /// From the topic [`Topic::Revocations`].
    pub number: i64,
    /// When it would have ended anyway, Unix milliseconds: the row is of no use after.
    pub ends_at: i64,
}

impl Store {
    /// Ends a session for good. Ending it again changes nothing.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn revoke_session(
        &self,
        session_id: &str,
        ends_at: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let number = bump(&mut tx, Topic::Revocations).await?;
        sqlx::query(
            "INSERT INTO revoked_sessions (session_id, number, ends_at) VALUES ($1, $2, $3) \
             ON CONFLICT (session_id) DO NOTHING",
        )
        .bind(session_id)
        .bind(number)
        .bind(ends_at)
        .execute(&mut *tx)
        .await?;
        sqlx::query("DELETE FROM revoked_sessions WHERE ends_at <= $1")
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sessions ended after the number `after`, in that order.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn revoked_sessions_after(&self, after: i64) -> Result<Vec<RevokedSession>, StoreError> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT session_id, number, ends_at FROM revoked_sessions WHERE number > $1 ORDER BY number",
        )
        .bind(after)
        .fetch_all(&self.reader)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(session_id, number, ends_at)| RevokedSession { session_id, number, ends_at })
            .collect())
    }
}
