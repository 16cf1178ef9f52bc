//! Many contacts at once, as the service would have stored them: each with a service request and its message.

use crate::target::{App, Database};
use sqlx::{AnyConnection, Connection as _};

/// Rows of the tables that grow, for contacts of the app `$3` from `$1` up to `$2`, with events after the number `$4`. One
/// text for both databases.
fn inserts() -> [String; 4] {
    let numbers =
        "WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)";
    // As long as a UUID, and like those of version 7 in the order of time.
    let id = |kind: &str| format!("'{kind}-0000-7000-8000-' || (100000000000 + i)");
    let (contact, request, message) = (id("c0000000"), id("d0000000"), id("e0000000"));
    [
        format!(
            "INSERT INTO contacts (id, app_id, email, number, event_seq, created_at) {numbers} \
             SELECT {contact}, $3, 'user' || i || '@bench.example', i + 1, 1, i FROM n WHERE $4 >= 0"
        ),
        format!(
            "INSERT INTO service_requests (id, app_id, contact_id, subject, status, message_seq, seen_seq, created_at, \
             updated_at) {numbers} SELECT {request}, $3, {contact}, 'What a customer writes', 'open', 1, 1, i, i FROM n \
             WHERE $4 >= 0"
        ),
        format!(
            "INSERT INTO messages (id, service_request_id, seq, author, client_scope, client_id_hex, body, created_at) \
             {numbers} SELECT {message}, {request}, 1, 'contact', {contact}, '6669727374', \
             'What a customer writes, about so long.', i FROM n WHERE $3 <> '' AND $4 >= 0"
        ),
        format!(
            "INSERT INTO events (contact_id, seq, service_request_id, app_id, app_seq) {numbers} \
             SELECT {contact}, 1, {request}, $3, $4 + i - $1 + 1 FROM n"
        ),
    ]
}

/// Adds contacts from `from` up to `to`. No service may run on the database.
pub async fn contacts(database: &Database, app: &App, from: u64, to: u64) -> anyhow::Result<()> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&database.address).await?;
    // What is lost with the machine is loaded again.
    let quick: &[&'static str] = if database.is_postgres() {
        &["SET synchronous_commit = off", "SET maintenance_work_mem = '256MB'"]
    } else {
        &[
            "PRAGMA journal_mode = DELETE",
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "PRAGMA foreign_keys = OFF",
            "PRAGMA cache_size = -600000",
            "PRAGMA locking_mode = EXCLUSIVE",
        ]
    };
    for sql in quick {
        sqlx::raw_sql(*sql).execute(&mut connection).await?;
    }
    let (first, end) = (i64::try_from(from)?, i64::try_from(to)?);
    let mut tx = connection.begin().await?;
    let (events,): (i64,) =
        sqlx::query_as("SELECT event_seq FROM apps WHERE id = $1").bind(&app.id).fetch_one(&mut *tx).await?;
    for insert in inserts() {
        let insert =
            sqlx::query(sqlx::AssertSqlSafe(insert)).bind(first).bind(end).bind(&app.id).bind(events);
        insert.execute(&mut *tx).await?;
    }
    sqlx::query("UPDATE revisions SET number = $1 WHERE topic = 'contacts'")
        .bind(end)
        .execute(&mut *tx)
        .await?;
    sqlx::query("UPDATE apps SET event_seq = $1 WHERE id = $2")
        .bind(events + end - first)
        .bind(&app.id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    // As a database that has been in use for a while knows itself.
    sqlx::raw_sql("ANALYZE").execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}
