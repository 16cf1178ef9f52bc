//! All that is stored of a contact, to hand over or to take away.

use super::model::{
    MessageRow, ServiceRequestRow, message, message_columns, message_sql, service_request,
    service_request_sql,
};
use super::{Store, StoreError};
use crate::clock::rfc3339;
use protocol::AppId;
use protocol::conversation::ServiceRequest;
use protocol::wire::Author;
use serde_json::{Value, json};

/// All that is stored of a contact, as the contact sees it.
#[derive(Clone, Debug)]
pub struct ContactExport {
    /// Oldest first, each with all its messages.
    pub service_requests: Vec<ServiceRequest>,
    /// Uploads that no message carries yet.
    pub uploads: Vec<Value>,
    /// All files.
    pub files: Vec<ExportedFile>,
}

/// A file.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ExportedFile {
    /// Its attachment.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where its bytes are.
    pub object: String,
    created_at: i64,
    message_id: Option<String>,
}

/// What was deleted.
#[derive(Clone, Debug)]
pub struct DeletedContact {
    /// How many.
    pub service_requests: u64,
    /// Bytes of attachments that nothing refers to any more.
    pub objects: Vec<String>,
}

/// The files of a contact's conversations, whoever sent them, and uploads that wait.
const FILES: &str = "SELECT a.id, a.name, a.object, a.created_at, a.message_id FROM attachments a \
     LEFT JOIN messages m ON m.id = a.message_id \
     LEFT JOIN service_requests r ON r.id = m.service_request_id \
     LEFT JOIN contacts c ON c.id = r.contact_id \
     WHERE a.app_id = $1 AND (c.email = $2 OR (a.message_id IS NULL AND a.author = 'contact' AND a.sender = $2)) \
     ORDER BY a.created_at, a.id";

impl Store {
    /// All that is stored of a contact; `None` if nothing is.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn export_contact(
        &self,
        app_id: &AppId,
        email: &str,
    ) -> Result<Option<ContactExport>, StoreError> {
        let requests: Vec<ServiceRequestRow> = sqlx::query_as(service_request_sql!(
            "c.app_id = $1 AND c.email = $2 ORDER BY r.created_at, r.id"
        ))
        .bind(app_id.as_str())
        .bind(email)
        .fetch_all(&self.reader)
        .await?;
        let mut service_requests = Vec::with_capacity(requests.len());
        for row in requests {
            let mut request = service_request(row)?.to_wire(Author::Contact);
            let messages: Vec<MessageRow> =
                sqlx::query_as(message_sql!("WHERE m.service_request_id = $1 ORDER BY m.seq"))
                    .bind(request.id.as_str())
                    .fetch_all(&self.reader)
                    .await?;
            request.messages = messages
                .into_iter()
                .map(|row| message(row).map(|one| one.to_wire(Author::Contact)))
                .collect::<Result<_, _>>()?;
            service_requests.push(request);
        }
        let files: Vec<ExportedFile> =
            sqlx::query_as(FILES).bind(app_id.as_str()).bind(email).fetch_all(&self.reader).await?;
        let uploads: Vec<Value> = files
            .iter()
            .filter(|file| file.message_id.is_none())
            .map(|file| json!({"id": file.id, "name": file.name, "createdAt": rfc3339(file.created_at)}))
            .collect();
        if service_requests.is_empty() && files.is_empty() && !self.knows_address(app_id, email).await? {
            return Ok(None);
        }
        Ok(Some(ContactExport { service_requests, uploads, files }))
    }

    /// Deletes all that is stored of a contact; `None` if nothing was.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_contact(
        &self,
        app_id: &AppId,
        email: &str,
    ) -> Result<Option<DeletedContact>, StoreError> {
        let knew = self.knows_address(app_id, email).await?;
        let mut tx = self.begin_for(app_id).await?;
        let files: Vec<ExportedFile> =
            sqlx::query_as(FILES).bind(app_id.as_str()).bind(email).fetch_all(&mut *tx).await?;
        let (service_requests,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM service_requests r JOIN contacts c ON c.id = r.contact_id \
             WHERE c.app_id = $1 AND c.email = $2",
        )
        .bind(app_id.as_str())
        .bind(email)
        .fetch_one(&mut *tx)
        .await?;
        // What hangs on the contact goes with it: service requests, messages, events, attachments, webhooks' deliveries.
        for sql in [
            "DELETE FROM contacts WHERE app_id = $1 AND email = $2",
            "DELETE FROM attachments WHERE app_id = $1 AND message_id IS NULL AND author = 'contact' AND sender = $2",
            "DELETE FROM pin_challenges WHERE app_id = $1 AND email = $2",
            "DELETE FROM pin_failures WHERE app_id = $1 AND email = $2",
        ] {
            sqlx::query(sql).bind(app_id.as_str()).bind(email).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        if !knew && files.is_empty() {
            return Ok(None);
        }
        let objects = files.into_iter().map(|file| file.object).collect();
        Ok(Some(DeletedContact { service_requests: u64::try_from(service_requests).unwrap_or(0), objects }))
    }

    /// Whether the address stands anywhere but at uploads.
    async fn knows_address(&self, app_id: &AppId, email: &str) -> Result<bool, StoreError> {
        let (number,): (i64,) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM contacts WHERE app_id = $1 AND email = $2) \
             + (SELECT COUNT(*) FROM pin_challenges WHERE app_id = $1 AND email = $2) \
             + (SELECT COUNT(*) FROM pin_failures WHERE app_id = $1 AND email = $2)",
        )
        .bind(app_id.as_str())
        .bind(email)
        .fetch_one(&self.reader)
        .await?;
        Ok(number > 0)
    }
}
