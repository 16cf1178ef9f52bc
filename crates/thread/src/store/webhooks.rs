//! Webhooks as the operator sees them. What is to be sent is in `webhook_outbox`.

use super::{Store, StoreError};
use crate::crypto::random_id;
use crate::webhooks::WebhookSecret;
use protocol::AppId;
use protocol::webhook::WebhookEventType;

/// A webhook as it is stored.
#[derive(Clone, Debug)]
pub struct StoredWebhook {
    /// Its identifier.
    pub id: String,
    /// Whose events it brings.
    pub app_id: AppId,
    /// Where they go.
    pub url: String,
    /// Which of them; empty for all.
    pub events: Vec<WebhookEventType>,
    /// Unix milliseconds.
    pub created_at: i64,
    /// The secret before the rotation signs too until then. Unix milliseconds.
    pub previous_until: Option<i64>,
    /// Since then nothing is sent. Unix milliseconds.
    pub disabled_at: Option<i64>,
    sealed: String,
    previous_sealed: Option<String>,
}

impl StoredWebhook {
    /// Whether events of this type are brought.
    pub fn wants(&self, event_type: WebhookEventType) -> bool {
        self.events.is_empty() || self.events.contains(&event_type)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    app_id: String,
    url: String,
    events: String,
    created_at: i64,
    previous_until: Option<i64>,
    disabled_at: Option<i64>,
    sealed: String,
    previous_sealed: Option<String>,
}

/// `SELECT` of webhooks; what follows `FROM webhooks` is the argument.
macro_rules! webhook_sql {
    ($tail:literal) => {
        concat!(
            "SELECT id, app_id, url, events, created_at, previous_until, disabled_at, sealed, previous_sealed \
             FROM webhooks ",
            $tail
        )
    };
}

impl Store {
    /// Makes a webhook; its identifier. `None` if there is no such app.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn create_webhook(
        &self,
        app_id: &AppId,
        url: &str,
        events: &[WebhookEventType],
        secret: &WebhookSecret,
        now_ms: i64,
    ) -> Result<Option<String>, StoreError> {
        let id = random_id("whk_");
        let mut tx = self.begin().await?;
        let made = sqlx::query(
            "INSERT INTO webhooks (id, app_id, url, events, sealed, seq, created_at) \
             SELECT $1, id, $3, $4, $5, 0, $6 FROM apps WHERE id = $2",
        )
        .bind(&id)
        .bind(app_id.as_str())
        .bind(url)
        .bind(events_text(events))
        .bind(self.master_key.seal(&purpose(&id), secret.bytes()))
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok((made.rows_affected() == 1).then_some(id))
    }

    /// All webhooks, or an app's, oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn webhooks(&self, app_id: Option<&AppId>) -> Result<Vec<StoredWebhook>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as(webhook_sql!("WHERE $1 = '' OR app_id = $1 ORDER BY created_at, id"))
                .bind(app_id.map_or("", AppId::as_str))
                .fetch_all(&self.reader)
                .await?;
        rows.into_iter().map(from_row).collect()
    }

    /// One webhook.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn find_webhook(&self, id: &str) -> Result<Option<StoredWebhook>, StoreError> {
        let row: Option<Row> =
            sqlx::query_as(webhook_sql!("WHERE id = $1")).bind(id).fetch_optional(&self.reader).await?;
        row.map(from_row).transpose()
    }

    /// Deletes a webhook, with its log and what waits. `None` if there is none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_webhook(&self, id: &str) -> Result<Option<()>, StoreError> {
        let mut tx = self.begin().await?;
        let deleted = sqlx::query("DELETE FROM webhooks WHERE id = $1").bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok((deleted.rows_affected() == 1).then_some(()))
    }

    /// Sends again what a disabled webhook is to send. `None` if there is none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn enable_webhook(&self, id: &str) -> Result<Option<()>, StoreError> {
        let mut tx = self.begin().await?;
        let enabled = sqlx::query("UPDATE webhooks SET disabled_at = NULL WHERE id = $1")
            .bind(id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok((enabled.rows_affected() == 1).then_some(()))
    }

    /// Signs with another secret from now on, and with the one before it too until `previous_until`. `None` if there
    /// is no such webhook.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn rotate_webhook_secret(
        &self,
        id: &str,
        secret: &WebhookSecret,
        previous_until: i64,
    ) -> Result<Option<()>, StoreError> {
        let mut tx = self.begin().await?;
        let rotated = sqlx::query(
            "UPDATE webhooks SET previous_sealed = sealed, previous_until = $2, sealed = $3 WHERE id = $1",
        )
        .bind(id)
        .bind(previous_until)
        .bind(self.master_key.seal(&purpose(id), secret.bytes()))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok((rotated.rows_affected() == 1).then_some(()))
    }

    /// The secrets to sign with, newest first.
    ///
    /// # Errors
    /// If they were sealed with another master key.
    pub fn open_webhook_secrets(
        &self,
        webhook: &StoredWebhook,
        now_ms: i64,
    ) -> Result<Vec<WebhookSecret>, StoreError> {
        let overlaps = webhook.previous_until.is_some_and(|until| until > now_ms);
        let previous = webhook.previous_sealed.as_ref().filter(|_| overlaps);
        std::iter::once(&webhook.sealed)
            .chain(previous)
            .map(|sealed| {
                let bytes = self.master_key.open(&purpose(&webhook.id), sealed)?;
                Ok(WebhookSecret::from_bytes(bytes))
            })
            .collect()
    }
}

/// Binds the sealed text to its row.
pub(super) fn purpose(id: &str) -> String {
    ["webhook:", id].concat()
}

fn events_text(events: &[WebhookEventType]) -> String {
    events.iter().map(|event| event.as_str()).collect::<Vec<_>>().join(",")
}

pub(super) fn parse_events(text: &str) -> Result<Vec<WebhookEventType>, StoreError> {
    text.split(',')
        .filter(|name| !name.is_empty())
        .map(|name| WebhookEventType::parse(name).ok_or(StoreError::Corrupt("type of a webhook's events")))
        .collect()
}

fn from_row(row: Row) -> Result<StoredWebhook, StoreError> {
    Ok(StoredWebhook {
        events: parse_events(&row.events)?,
        id: row.id,
        app_id: AppId(row.app_id),
        url: row.url,
        created_at: row.created_at,
        previous_until: row.previous_until,
        disabled_at: row.disabled_at,
        sealed: row.sealed,
        previous_sealed: row.previous_sealed,
    })
}
