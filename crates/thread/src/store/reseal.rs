//! Everything that is sealed, sealed anew under the present master key.

use super::signing_key::SEALED_NAMES;
use super::{Store, StoreError, secrets, webhooks};

/// A column of sealed values.
struct Sealed {
    select: &'static str,
    update: &'static str,
    /// What a value was sealed for, from its row's id.
    purpose: fn(&str) -> String,
    /// Whether the row with this id has a sealed value.
    holds_one: fn(&str) -> bool,
}

/// Every column that [`crate::crypto::MasterKey::seal`] writes: what is missing here is lost with a former key.
const COLUMNS: [Sealed; 4] = [
    Sealed {
        select: "SELECT name, value FROM meta",
        update: "UPDATE meta SET value = $3 WHERE name = $1 AND value = $2",
        purpose: str::to_owned,
        holds_one: |name| SEALED_NAMES.contains(&name),
    },
    Sealed {
        select: "SELECT id, sealed FROM secrets",
        update: "UPDATE secrets SET sealed = $3 WHERE id = $1 AND sealed = $2",
        purpose: secrets::purpose,
        holds_one: |_| true,
    },
    Sealed {
        select: "SELECT id, sealed FROM webhooks",
        update: "UPDATE webhooks SET sealed = $3 WHERE id = $1 AND sealed = $2",
        purpose: webhooks::purpose,
        holds_one: |_| true,
    },
    Sealed {
        select: "SELECT id, previous_sealed FROM webhooks WHERE previous_sealed IS NOT NULL",
        update: "UPDATE webhooks SET previous_sealed = $3 WHERE id = $1 AND previous_sealed = $2",
        purpose: webhooks::purpose,
        holds_one: |_| true,
    },
];

impl Store {
    /// Seals under the present master key what is sealed under a former one; how many values those were. All or none;
    /// services go on meanwhile, and a second node that does the same finds nothing left.
    ///
    /// # Errors
    /// If the database fails, or a value was sealed with a key that is not at hand.
    pub async fn reseal(&self) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let mut number = 0;
        for column in COLUMNS {
            let rows: Vec<(String, String)> = sqlx::query_as(column.select).fetch_all(&mut *tx).await?;
            for (id, sealed) in rows.into_iter().filter(|(id, _)| (column.holds_one)(id)) {
                let purpose = (column.purpose)(&id);
                if self.master_key.is_present(&purpose, &sealed) {
                    continue;
                }
                let clear = self.master_key.open(&purpose, &sealed)?;
                let done = sqlx::query(column.update)
                    .bind(&id)
                    .bind(&sealed)
                    .bind(self.master_key.seal(&purpose, &clear))
                    .execute(&mut *tx)
                    .await?;
                number += done.rows_affected();
            }
        }
        tx.commit().await?;
        Ok(number)
    }
}
