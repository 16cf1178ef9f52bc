//! Where a service request stands, inside the transaction that changes it.

use super::{AgentScope, ContactScope, StoreError, Tx};
use protocol::{AppId, ServiceRequestId};

/// A row of `service_requests` inside a transaction.
pub(super) struct Place {
    pub(super) service_request_id: String,
    pub(super) contact_id: String,
    pub(super) contact: ContactScope,
    pub(super) status: String,
    pub(super) message_seq: i64,
    pub(super) seen_seq: i64,
    pub(super) agent_seen_seq: i64,
}

#[derive(sqlx::FromRow)]
struct PlaceRow {
    id: String,
    contact_id: String,
    email: String,
    status: String,
    message_seq: i64,
    seen_seq: i64,
    agent_seen_seq: i64,
}

/// What [`PlaceRow`] is read by, of the service requests for which this holds.
macro_rules! place_sql {
    ($holds:literal) => {
        concat!(
            "SELECT r.id, r.contact_id, c.email, r.status, r.message_seq, r.seen_seq, r.agent_seen_seq \
             FROM service_requests r JOIN contacts c ON c.id = r.contact_id WHERE ",
            $holds
        )
    };
}

/// The contact's service request with this id.
pub(super) async fn place_of_contact(
    tx: &mut Tx,
    scope: &ContactScope,
    id: &ServiceRequestId,
) -> Result<Option<Place>, StoreError> {
    let row: Option<PlaceRow> = sqlx::query_as(place_sql!("r.id = $1 AND c.app_id = $2 AND c.email = $3"))
        .bind(id.as_str())
        .bind(scope.app_id().as_str())
        .bind(scope.email())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.map(|row| place(row, scope.app_id())))
}

/// The app's service request with this id.
pub(super) async fn place_of_agent(
    tx: &mut Tx,
    scope: &AgentScope,
    id: &ServiceRequestId,
) -> Result<Option<Place>, StoreError> {
    let row: Option<PlaceRow> = sqlx::query_as(place_sql!("r.id = $1 AND r.app_id = $2"))
        .bind(id.as_str())
        .bind(scope.app_id().as_str())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.map(|row| place(row, scope.app_id())))
}

fn place(row: PlaceRow, app_id: &AppId) -> Place {
    Place {
        service_request_id: row.id,
        contact_id: row.contact_id,
        contact: ContactScope::new(app_id.clone(), row.email),
        status: row.status,
        message_seq: row.message_seq,
        seen_seq: row.seen_seq,
        agent_seen_seq: row.agent_seen_seq,
    }
}
