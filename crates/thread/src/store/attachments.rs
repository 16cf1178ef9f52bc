//! Attachments: rows here, bytes in the object store.

use super::model::author_text;
use super::{AgentScope, ContactScope, Store, StoreError, Tx};
use protocol::conversation::Attachment;
use protocol::wire::Author;
use protocol::{AppId, AttachmentId};

/// How long an upload waits for its message.
const WAITS_MS: i64 = 24 * 60 * 60 * 1_000;

/// Whose uploads.
#[derive(Clone, Copy, Debug)]
pub enum Uploader<'a> {
    /// A contact's.
    Contact(&'a ContactScope),
    /// Those of an app's agents, together.
    Agents(&'a AgentScope),
}

impl Uploader<'_> {
    fn app_id(&self) -> &AppId {
        match self {
            Self::Contact(scope) => scope.app_id(),
            Self::Agents(scope) => scope.app_id(),
        }
    }

    fn keys(&self) -> (&str, &'static str, &str) {
        match self {
            Self::Contact(scope) => (scope.app_id().as_str(), author_text(Author::Contact), scope.email()),
            Self::Agents(scope) => (scope.app_id().as_str(), author_text(Author::Agent), ""),
        }
    }

    /// Uploads that may wait for their messages at a time.
    const fn max_waiting(&self) -> i64 {
        match self {
            Self::Contact(_) => 20,
            Self::Agents(_) => 200,
        }
    }
}

#[derive(sqlx::FromRow)]
struct AttachmentRow {
    id: String,
    object: String,
    name: String,
    content_type: String,
    size_bytes: i64,
    width: Option<i64>,
    height: Option<i64>,
}

impl AttachmentRow {
    fn public(self) -> Attachment {
        let pixels = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
        Attachment {
            id: AttachmentId(self.id),
            name: self.name,
            content_type: self.content_type,
            size_bytes: u64::try_from(self.size_bytes).unwrap_or(0),
            width: pixels(self.width),
            height: pixels(self.height),
        }
    }
}

impl Store {
    /// Keeps the row of an upload whose bytes are stored. `None` if the sender has too many that wait for a message,
    /// or the app is gone.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn add_attachment(
        &self,
        uploader: Uploader<'_>,
        attachment: &Attachment,
        object: &str,
        now_ms: i64,
    ) -> Result<Option<()>, StoreError> {
        let (app_id, author, sender) = uploader.keys();
        let mut tx = self.begin_for(uploader.app_id()).await?;
        let (waiting,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM attachments WHERE app_id = $1 AND author = $2 AND sender = $3 AND message_id IS NULL",
        )
        .bind(app_id)
        .bind(author)
        .bind(sender)
        .fetch_one(&mut *tx)
        .await?;
        if waiting >= uploader.max_waiting() {
            return Ok(None);
        }
        let added = sqlx::query(
            "INSERT INTO attachments \
             (id, app_id, author, sender, object, name, content_type, size_bytes, width, height, created_at) \
             SELECT $1, id, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM apps WHERE id = $2",
        )
        .bind(attachment.id.as_str())
        .bind(app_id)
        .bind(author)
        .bind(sender)
        .bind(object)
        .bind(&attachment.name)
        .bind(&attachment.content_type)
        .bind(i64::try_from(attachment.size_bytes).unwrap_or(i64::MAX))
        .bind(attachment.width.map(i64::from))
        .bind(attachment.height.map(i64::from))
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok((added.rows_affected() == 1).then_some(()))
    }

    /// What a contact may fetch, with its object: what stands in the contact's own service requests, and own uploads.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn attachment_of_contact(
        &self,
        scope: &ContactScope,
        id: &AttachmentId,
    ) -> Result<Option<(Attachment, String)>, StoreError> {
        let row: Option<AttachmentRow> = sqlx::query_as(
            "SELECT a.id, a.object, a.name, a.content_type, a.size_bytes, a.width, a.height FROM attachments a \
             LEFT JOIN messages m ON m.id = a.message_id \
             LEFT JOIN service_requests r ON r.id = m.service_request_id \
             LEFT JOIN contacts c ON c.id = r.contact_id \
             WHERE a.id = $1 AND a.app_id = $2 AND ((c.app_id = $2 AND c.email = $3) \
             OR (a.message_id IS NULL AND a.author = 'contact' AND a.sender = $3))",
        )
        .bind(id.as_str())
        .bind(scope.app_id().as_str())
        .bind(scope.email())
        .fetch_optional(&self.reader)
        .await?;
        Ok(row.map(with_object))
    }

    /// What an app's agents may fetch, with its object: what was sent, and their own uploads.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn attachment_of_app(
        &self,
        scope: &AgentScope,
        id: &AttachmentId,
    ) -> Result<Option<(Attachment, String)>, StoreError> {
        let row: Option<AttachmentRow> = sqlx::query_as(
            "SELECT id, object, name, content_type, size_bytes, width, height FROM attachments \
             WHERE id = $1 AND app_id = $2 AND (message_id IS NOT NULL OR author = 'agent')",
        )
        .bind(id.as_str())
        .bind(scope.app_id().as_str())
        .fetch_optional(&self.reader)
        .await?;
        Ok(row.map(with_object))
    }

    /// Takes away the rows of uploads that waited a day for a message: their objects.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn take_stale_attachments(&self, now_ms: i64) -> Result<Vec<String>, StoreError> {
        let mut tx = self.begin().await?;
        let rows: Vec<(String,)> = sqlx::query_as(
            "DELETE FROM attachments WHERE message_id IS NULL AND created_at <= $1 RETURNING object",
        )
        .bind(now_ms - WAITS_MS)
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(|(object,)| object).collect())
    }

    /// Whether an object has a row.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn has_object(&self, object: &str) -> Result<bool, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT id FROM attachments WHERE object = $1")
            .bind(object)
            .fetch_optional(&self.reader)
            .await?;
        Ok(row.is_some())
    }
}

fn with_object(row: AttachmentRow) -> (Attachment, String) {
    let object = row.object.clone();
    (row.public(), object)
}

/// The sender's waiting uploads with these ids, in this order; `None` if one is missing, used or named twice.
pub(super) async fn waiting(
    tx: &mut Tx,
    uploader: Uploader<'_>,
    ids: &[AttachmentId],
) -> Result<Option<Vec<Attachment>>, StoreError> {
    let (app_id, author, sender) = uploader.keys();
    let mut found: Vec<Attachment> = Vec::with_capacity(ids.len());
    for id in ids {
        let row: Option<AttachmentRow> = sqlx::query_as(
            "SELECT id, object, name, content_type, size_bytes, width, height FROM attachments \
             WHERE id = $1 AND app_id = $2 AND author = $3 AND sender = $4 AND message_id IS NULL",
        )
        .bind(id.as_str())
        .bind(app_id)
        .bind(author)
        .bind(sender)
        .fetch_optional(&mut **tx)
        .await?;
        match row {
            Some(row) if found.iter().all(|other| other.id != *id) => found.push(row.public()),
            _ => return Ok(None),
        }
    }
    Ok(Some(found))
}

/// The message carries them from now on.
pub(super) async fn carry(
    tx: &mut Tx,
    message_id: &str,
    attachments: &[Attachment],
) -> Result<(), StoreError> {
    for attachment in attachments {
        sqlx::query("UPDATE attachments SET message_id = $2 WHERE id = $1")
            .bind(attachment.id.as_str())
            .bind(message_id)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}
