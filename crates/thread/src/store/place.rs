//! Where a service request stands, inside the transaction that changes it.

use super::{AgentScope, ContactScope, StoreError, Tx};
use protocol::{AppId, ClientId, ServiceRequestId};

/// A row of `service_requests` inside a transaction.
pub(super) struct Place {
    pub(super) service_request_id: String,
    pub(super) contact_id: String,
    pub(super) contact: ContactScope,
    pub(super) status: String,
    pub(super) message_seq: i64,
    pub(super) seen_seq: i64,
    pub(super) agent_seen_seq: i64,
    /// Whether there is a message already with the client id that was asked for.
    pub(super) is_sent_before: bool,
    /// Whether the app has webhooks, which want to be told.
    pub(super) has_webhooks: bool,
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
    sent_before: i64,
    webhooks: i64,
}

/// What [`PlaceRow`] is read by, of the service requests for which this holds. One statement for all that a write wants to
/// know beforehand: each way to the database and back costs more than what it reads.
macro_rules! place_sql {
    ($holds:literal, $client_scope:literal, $client_id_hex:literal) => {
        concat!(
            "SELECT r.id, r.contact_id, c.email, r.status, r.message_seq, r.seen_seq, r.agent_seen_seq, \
             (SELECT COUNT(*) FROM messages m WHERE m.client_scope = ",
            $client_scope,
            " AND m.client_id_hex = ",
            $client_id_hex,
            ") AS sent_before, (SELECT COUNT(*) FROM webhooks w WHERE w.app_id = r.app_id AND w.disabled_at IS NULL) \
             AS webhooks FROM service_requests r JOIN contacts c ON c.id = r.contact_id WHERE ",
            $holds
        )
    };
}

/// The contact's service request with this id, for a message with this client id, if it is for one.
pub(super) async fn place_of_contact(
    tx: &mut Tx,
    scope: &ContactScope,
    id: &ServiceRequestId,
    client_id: Option<&ClientId>,
) -> Result<Option<Place>, StoreError> {
    let row: Option<PlaceRow> =
        sqlx::query_as(place_sql!("r.id = $1 AND c.app_id = $2 AND c.email = $3", "r.contact_id", "$4"))
            .bind(id.as_str())
            .bind(scope.app_id().as_str())
            .bind(scope.email())
            .bind(hex_of(client_id))
            .fetch_optional(&mut **tx)
            .await?;
    Ok(row.map(|row| place(row, scope.app_id())))
}

/// The app's service request with this id, as [`place_of_contact`].
pub(super) async fn place_of_agent(
    tx: &mut Tx,
    scope: &AgentScope,
    id: &ServiceRequestId,
    client_id: Option<&ClientId>,
) -> Result<Option<Place>, StoreError> {
    let row: Option<PlaceRow> = sqlx::query_as(place_sql!("r.id = $1 AND r.app_id = $2", "r.id", "$3"))
        .bind(id.as_str())
        .bind(scope.app_id().as_str())
        .bind(hex_of(client_id))
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.map(|row| place(row, scope.app_id())))
}

/// No message has an empty one.
fn hex_of(client_id: Option<&ClientId>) -> String {
    client_id.map(|id| hex::encode(id.as_str())).unwrap_or_default()
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
        is_sent_before: row.sent_before > 0,
        has_webhooks: row.webhooks > 0,
    }
}
