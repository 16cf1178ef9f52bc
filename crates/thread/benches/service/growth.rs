//! The same calls with more and more contacts and messages stored.

use crate::Flags;
use crate::client::{Turn, load, request};
use crate::figures::{millis, percentile};
use crate::fill;
use crate::target::{App, Database, Logs};
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

/// Contacts that ask, spread over all.
const ASKING: usize = 200;
const CONNECTIONS: usize = 4;

/// One size of one database. Milliseconds: half of the calls were answered within so long.
pub struct Growth {
    pub database: &'static str,
    pub contacts: u64,
    pub bytes: Option<u64>,
    pub sign_in_ms: f64,
    pub list_ms: f64,
    pub agents_list_ms: f64,
    pub message_ms: f64,
    /// From the start of the program until it listens.
    pub start_ms: f64,
    pub memory_kib: u64,
}

pub async fn measure(flags: &Flags) -> anyhow::Result<Vec<Growth>> {
    let mut rows = Vec::new();
    grow(flags, &Database::sqlite()?, flags.contacts, &mut rows).await?;
    if let Some(postgres) = Database::postgres()? {
        grow(flags, &postgres, flags.postgres_contacts, &mut rows).await?;
    }
    Ok(rows)
}

async fn grow(flags: &Flags, database: &Database, most: u64, rows: &mut Vec<Growth>) -> anyhow::Result<()> {
    let app = database.app()?;
    let (mut stored, mut contacts) = (0, 1_000);
    while contacts <= most {
        fill::contacts(database, &app, stored, contacts).await?;
        stored = contacts;
        rows.push(row(flags, database, &app, contacts).await?);
        contacts *= 10;
    }
    Ok(())
}

async fn row(flags: &Flags, database: &Database, app: &App, contacts: u64) -> anyhow::Result<Growth> {
    let api_key = database.api_key(app)?;
    let started = Instant::now();
    let process = database.serve(Logs::Default)?;
    let start_ms = millis(started.elapsed());
    let address = &process.address;
    let mut askers = Vec::new();
    for index in 0..ASKING {
        let email = format!("user{}@bench.example", index as u64 * contacts / ASKING as u64);
        let token = app.token(address, &email).await?;
        let path = app.first_request(address, &token).await?;
        askers.push((app.sign_in(&email), token, path));
    }
    let askers = Arc::new(askers);
    let pick = |index: usize, number: usize| (index * 37 + number) % ASKING;
    let turn = flags.turn();
    let sign_in = {
        let askers = Arc::clone(&askers);
        load(address, CONNECTIONS, turn, 201, move |index, number| askers[pick(index, number)].0.clone())
            .await?
    };
    let list = {
        let askers = Arc::clone(&askers);
        let next = move |index, number| {
            request("GET", "/v1/service-requests", Some(&askers[pick(index, number)].1), &json!(null))
        };
        load(address, CONNECTIONS, turn, 200, next).await?
    };
    let agents_list = {
        let list =
            request("GET", "/v1/agent/service-requests?status=open&limit=25", Some(&api_key), &json!(null));
        load(address, CONNECTIONS, turn, 200, move |_, _| list.clone()).await?
    };
    let message = {
        let next = move |index: usize, number: usize| {
            let (_, token, path) = &askers[pick(index, number)];
            let body = json!({"clientId": format!("{index}-{number}-{contacts}"), "body": "What a customer writes."});
            request("POST", path, Some(token), &body)
        };
        load(address, CONNECTIONS, turn, 201, next).await?
    };
    let half = |turn: &Turn| millis(percentile(&turn.latencies, 0.5));
    Ok(Growth {
        database: database.name(),
        contacts,
        bytes: database.bytes()?,
        sign_in_ms: half(&sign_in),
        list_ms: half(&list),
        agents_list_ms: half(&agents_list),
        message_ms: half(&message),
        start_ms,
        memory_kib: process.memory_kib()?,
    })
}
