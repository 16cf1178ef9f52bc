//! Counters that tell a running service what another process changed.

use super::{Store, StoreError, Tx};

/// What can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Apps, origins, secrets and API keys.
    Directory,
    /// Ended sessions.
    Revocations,
    /// Contacts with a row.
    Contacts,
}

impl Topic {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Revocations => "revocations",
            Self::Contacts => "contacts",
        }
    }
}

/// Where the counters stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revisions {
    /// Of [`Topic::Directory`].
    pub directory: i64,
    /// Of [`Topic::Revocations`].
    pub revocations: i64,
    /// Of [`Topic::Contacts`].
    pub contacts: i64,
}

impl Store {
    /// Reads all counters at once.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn revisions(&self) -> Result<Revisions, StoreError> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT topic, number FROM revisions").fetch_all(&self.reader).await?;
        let of = |topic: Topic| {
            rows.iter().find(|(name, _)| name == topic.as_str()).map_or(0, |(_, number)| *number)
        };
        Ok(Revisions {
            directory: of(Topic::Directory),
            revocations: of(Topic::Revocations),
            contacts: of(Topic::Contacts),
        })
    }
}

/// Counts a change of `topic`, in the transaction that makes it; the new number.
pub(super) async fn bump(tx: &mut Tx, topic: Topic) -> Result<i64, StoreError> {
    let (number,) =
        sqlx::query_as("UPDATE revisions SET number = number + 1 WHERE topic = $1 RETURNING number")
            .bind(topic.as_str())
            .fetch_one(&mut **tx)
            .await?;
    Ok(number)
}
