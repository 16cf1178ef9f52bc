//! Reading: lists of service requests and of their messages, a page at a time.

use super::model::{
    MessageRow, ServiceRequestRow, message, message_columns, message_sql, service_request,
    service_request_sql,
};
use super::{AgentScope, ContactScope, Store, StoreError, StoredMessage, StoredServiceRequest};
use protocol::ServiceRequestId;
use protocol::wire::Status;
use std::fmt;

/// Most service requests in a list.
pub const MAX_LISTED: i64 = 200;

/// Which part of a list.
#[derive(Clone, Debug)]
pub struct ListPage {
    before: ListCursor,
    limit: i64,
}

/// A place in a list, between two service requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListCursor {
    updated_at: i64,
    id: String,
}

impl ListPage {
    /// From the cursor on, or from the start; `limit` above 200 counts as 200.
    pub fn new(before: Option<ListCursor>, limit: Option<u32>) -> Self {
        let start = || ListCursor { updated_at: i64::MAX, id: String::new() };
        let limit = limit.map_or(MAX_LISTED, |limit| i64::from(limit).clamp(1, MAX_LISTED));
        Self { before: before.unwrap_or_else(start), limit }
    }

    /// The page, of one row more than it has if another page follows.
    fn cut(
        &self,
        rows: Vec<ServiceRequestRow>,
    ) -> Result<(Vec<StoredServiceRequest>, Option<ListCursor>), StoreError> {
        let mut listed = rows.into_iter().map(service_request).collect::<Result<Vec<_>, _>>()?;
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        if listed.len() <= limit {
            return Ok((listed, None));
        }
        listed.truncate(limit);
        let next =
            listed.last().map(|last| ListCursor { updated_at: last.updated_at, id: last.id.0.clone() });
        Ok((listed, next))
    }
}

impl ListCursor {
    /// What its `Display` gave out.
    pub fn parse(text: &str) -> Option<Self> {
        let (updated_at, id) = text.split_once('.')?;
        let is_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_id.then_some(())?;
        Some(Self { updated_at: updated_at.parse().ok()?, id: id.to_owned() })
    }
}

impl fmt::Display for ListCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.updated_at, self.id)
    }
}

/// Most messages in an answer; the rest follows by `after`.
pub const MAX_MESSAGES: i64 = 1_000;

impl Store {
    /// When anything last changed, Unix milliseconds.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn newest_change(&self) -> Result<Option<i64>, StoreError> {
        let (newest,): (Option<i64>,) =
            sqlx::query_as("SELECT MAX(updated_at) FROM service_requests").fetch_one(&self.reader).await?;
        Ok(newest)
    }

    /// Whether the contact has such a service request.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn is_of_contact(
        &self,
        scope: &ContactScope,
        id: &ServiceRequestId,
    ) -> Result<bool, StoreError> {
        let found: Option<(String,)> = sqlx::query_as(
            "SELECT r.id FROM service_requests r JOIN contacts c ON c.id = r.contact_id \
             WHERE r.id = $1 AND c.app_id = $2 AND c.email = $3",
        )
        .bind(id.as_str())
        .bind(scope.app_id().as_str())
        .bind(scope.email())
        .fetch_optional(&self.reader)
        .await?;
        Ok(found.is_some())
    }

    /// Whose service request it is. `None` if the app has no such service request.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn contact_of(
        &self,
        scope: &AgentScope,
        id: &ServiceRequestId,
    ) -> Result<Option<ContactScope>, StoreError> {
        let found: Option<(String,)> = sqlx::query_as(
            "SELECT c.email FROM service_requests r JOIN contacts c ON c.id = r.contact_id \
             WHERE r.id = $1 AND r.app_id = $2",
        )
        .bind(id.as_str())
        .bind(scope.app_id().as_str())
        .fetch_optional(&self.reader)
        .await?;
        Ok(found.map(|(email,)| ContactScope::new(scope.app_id().clone(), email)))
    }

    /// The contact's service requests, newest change first; where the next page begins, if there is one.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_of_contact(
        &self,
        scope: &ContactScope,
        page: &ListPage,
    ) -> Result<(Vec<StoredServiceRequest>, Option<ListCursor>), StoreError> {
        let rows: Vec<ServiceRequestRow> = sqlx::query_as(service_request_sql!(
            "c.app_id = $1 AND c.email = $2 AND (r.updated_at, r.id) < ($3, $4) \
             ORDER BY r.updated_at DESC, r.id DESC LIMIT $5"
        ))
        .bind(scope.app_id().as_str())
        .bind(scope.email())
        .bind(page.before.updated_at)
        .bind(&page.before.id)
        .bind(page.limit + 1)
        .fetch_all(&self.reader)
        .await?;
        page.cut(rows)
    }

    /// The app's service requests, newest change first; all, or those of one status. As
    /// [`Store::list_of_contact`].
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_of_app(
        &self,
        scope: &AgentScope,
        status: Option<Status>,
        page: &ListPage,
    ) -> Result<(Vec<StoredServiceRequest>, Option<ListCursor>), StoreError> {
        // Two texts, so that each has its index.
        let sql = match status {
            Some(_) => service_request_sql!(
                "r.app_id = $1 AND r.status = $2 AND (r.updated_at, r.id) < ($3, $4) \
                 ORDER BY r.updated_at DESC, r.id DESC LIMIT $5"
            ),
            None => service_request_sql!(
                "r.app_id = $1 AND $2 = '' AND (r.updated_at, r.id) < ($3, $4) \
                 ORDER BY r.updated_at DESC, r.id DESC LIMIT $5"
            ),
        };
        let rows: Vec<ServiceRequestRow> = sqlx::query_as(sql)
            .bind(scope.app_id().as_str())
            .bind(status.map_or("", Status::as_str))
            .bind(page.before.updated_at)
            .bind(&page.before.id)
            .bind(page.limit + 1)
            .fetch_all(&self.reader)
            .await?;
        page.cut(rows)
    }

    /// A service request. `None` if the app has no such service request.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn one_of_app(
        &self,
        scope: &AgentScope,
        id: &ServiceRequestId,
    ) -> Result<Option<StoredServiceRequest>, StoreError> {
        let row: Option<ServiceRequestRow> =
            sqlx::query_as(service_request_sql!("r.id = $1 AND r.app_id = $2"))
                .bind(id.as_str())
                .bind(scope.app_id().as_str())
                .fetch_optional(&self.reader)
                .await?;
        row.map(service_request).transpose()
    }

    /// Messages with a `seq` above `after`, [`MAX_MESSAGES`] at the most. `None` if the contact has no such service
    /// request.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn messages_of_contact(
        &self,
        scope: &ContactScope,
        id: &ServiceRequestId,
        after: i64,
    ) -> Result<Option<Vec<StoredMessage>>, StoreError> {
        if self.is_of_contact(scope, id).await? {
            self.messages(id.as_str(), after).await.map(Some)
        } else {
            Ok(None)
        }
    }

    /// As [`Store::messages_of_contact`], for the app's agents.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn messages_of_app(
        &self,
        scope: &AgentScope,
        id: &ServiceRequestId,
        after: i64,
    ) -> Result<Option<Vec<StoredMessage>>, StoreError> {
        let found: Option<(String,)> =
            sqlx::query_as("SELECT id FROM service_requests WHERE id = $1 AND app_id = $2")
                .bind(id.as_str())
                .bind(scope.app_id().as_str())
                .fetch_optional(&self.reader)
                .await?;
        match found {
            Some((id,)) => self.messages(&id, after).await.map(Some),
            None => Ok(None),
        }
    }

    /// Only after the scope was checked.
    async fn messages(&self, checked_id: &str, after: i64) -> Result<Vec<StoredMessage>, StoreError> {
        let rows: Vec<MessageRow> = sqlx::query_as(message_sql!(
            "WHERE m.service_request_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3"
        ))
        .bind(checked_id)
        .bind(after)
        .bind(MAX_MESSAGES)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(message).collect()
    }
}
