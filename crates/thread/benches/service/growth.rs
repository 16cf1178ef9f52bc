//! The same calls with more and more contacts and messages stored.

use crate::client::{load, request};
use crate::target::{App, Database};
use crate::{Flags, millis, percentile};
use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};
use std::sync::Arc;

/// Contacts that ask, spread over all.
const ASKING: u64 = 200;

pub async fn measure(flags: &Flags) -> anyhow::Result<()> {
    println!(
        "\n| contacts, each with a service request and ten messages (SQLite) | file | sign-in of a known contact \
         | its list | a message, durable | start |"
    );
    println!("|---|---|---|---|---|---|");
    let database = Database::sqlite()?;
    let app = database.app()?;
    let mut contacts = 1_000;
    let mut stored = 0;
    while contacts <= flags.contacts {
        fill(&database, &app, stored, contacts).await?;
        stored = contacts;
        row(flags, &database, &app, contacts).await?;
        contacts *= 10;
    }
    Ok(())
}

/// Adds contacts up to `to`, as the service would have stored them.
async fn fill(database: &Database, app: &App, from: u64, to: u64) -> anyhow::Result<()> {
    let mut connection = SqliteConnection::connect(&database.address).await?;
    sqlx::raw_sql("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; PRAGMA foreign_keys = OFF")
        .execute(&mut connection)
        .await?;
    let mut tx = connection.begin().await?;
    let numbers = "WITH RECURSIVE n (i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)";
    let contact = "'contact-' || i || '-' || (i * 7919 % 1000003)";
    let request = "'request-' || i || '-' || (i * 7919 % 1000003)";
    for insert in [
        format!(
            "INSERT INTO contacts (id, app_id, email, number, event_seq, created_at) {numbers} \
             SELECT {contact}, $3, 'user' || i || '@bench.example', i + 1, 0, i FROM n"
        ),
        format!(
            "INSERT INTO service_requests \
             (id, app_id, contact_id, subject, status, message_seq, seen_seq, created_at, updated_at) {numbers} \
             SELECT {request}, $3, {contact}, 'Subject', 'open', 10, 5, i, i FROM n"
        ),
        format!(
            "INSERT INTO messages \
             (id, service_request_id, seq, author, client_scope, client_id_hex, body, created_at) {numbers}, \
             k (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM k WHERE k < 10) \
             SELECT 'message-' || i || '-' || k, {request}, k, CASE k % 2 WHEN 0 THEN 'agent' ELSE 'contact' END, \
             {contact}, hex(k), 'What a customer writes, about so long.', i FROM n, k WHERE $3 <> ''"
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(insert))
            .bind(i64::try_from(from)?)
            .bind(i64::try_from(to)?)
            .bind(&app.id)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    sqlx::query("UPDATE revisions SET number = $1 WHERE topic = 'contacts'")
        .bind(i64::try_from(to)?)
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

async fn row(flags: &Flags, database: &Database, app: &App, contacts: u64) -> anyhow::Result<()> {
    let started = std::time::Instant::now();
    let process = database.serve()?;
    let start = started.elapsed();
    let mut writers = Vec::new();
    for index in 0..ASKING {
        let email = format!("user{}@bench.example", index * contacts / ASKING);
        writers.push((app.sign_in(&email), app.writer(&process.address, &email).await?));
    }
    let writers = Arc::new(writers);
    let pick =
        move |index: usize, number: usize| (index * 37 + number) % usize::try_from(ASKING).unwrap_or(1);
    let address = &process.address;
    let sign_in = {
        let writers = Arc::clone(&writers);
        load(address, 4, flags.turn(), 201, move |index, number| writers[pick(index, number)].0.clone())
            .await?
    };
    let list = {
        let writers = Arc::clone(&writers);
        let next = move |index, number| {
            let (_, (token, _)) = &writers[pick(index, number)];
            request("GET", "/v1/service-requests", Some(token), &json!(null))
        };
        load(address, 4, flags.turn(), 200, next).await?
    };
    let message = {
        let next = move |index: usize, number: usize| {
            let (_, (token, path)) = &writers[pick(index, number)];
            let body = json!({"clientId": format!("{index}-{number}-{contacts}"), "body": "What a customer writes."});
            request("POST", path, Some(token), &body)
        };
        load(address, 4, flags.turn(), 201, next).await?
    };
    let bytes = std::fs::metadata(database.file().join("thread.db"))?.len();
    let half = |turn: &crate::client::Turn| millis(percentile(&turn.latencies, 0.5));
    println!(
        "| {contacts} | {:.0} MB | {:.2} ms | {:.2} ms | {:.2} ms | {:.0} ms |",
        bytes as f64 / 1e6,
        half(&sign_in),
        half(&list),
        half(&message),
        millis(start)
    );
    Ok(())
}
