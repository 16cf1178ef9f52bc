//! Acknowledged messages, each durable, against the syncs that the disk does.

use crate::Flags;
use crate::client::{load, request};
use crate::disk::syncs_per_second;
use crate::figures::{median, millis, percentile};
use crate::target::{Database, Logs};
use serde_json::json;
use std::sync::Arc;

/// Who write at a time.
pub const WRITERS: [usize; 3] = [1, 8, 64];

/// One database with so many writers.
pub struct Messages {
    pub database: &'static str,
    pub writers: usize,
    pub per_second: f64,
    /// Of the disk's syncs per second, just before.
    pub ratio: f64,
    pub syncs_per_second: f64,
    pub half_ms: f64,
    pub p99_ms: f64,
}

pub async fn measure(flags: &Flags) -> anyhow::Result<Vec<Messages>> {
    let mut databases = vec![Database::sqlite()?];
    if let Some(program) = &flags.beside {
        databases.push(Database::sqlite_of(program)?);
    }
    databases.extend(Database::postgres()?);
    let folder = Database::sqlite()?;
    let mut measured = Vec::new();
    for database in &databases {
        let app = database.app()?;
        let process = database.serve(Logs::Default)?;
        for writers in WRITERS {
            let mut open = Vec::new();
            for index in 0..writers {
                open.push(app.writer(&process.address, &format!("w{writers}-{index}@bench.example")).await?);
            }
            let open = Arc::new(open);
            let (mut rates, mut ratios, mut syncs) = (Vec::new(), Vec::new(), Vec::new());
            let (mut halves, mut most) = (Vec::new(), Vec::new());
            for turn in 0..flags.turns {
                let disk = syncs_per_second(folder.file(), flags.turn() / 3)?;
                let open = Arc::clone(&open);
                let next = move |index: usize, number: usize| {
                    let (token, path) = &open[index];
                    let body = json!({
                        "clientId": format!("{turn}-{number}"), "body": "What a customer writes, about so long.",
                    });
                    request("POST", path, Some(token), &body)
                };
                let done = load(&process.address, writers, flags.turn(), 201, next).await?;
                syncs.push(disk);
                rates.push(done.per_second);
                ratios.push(done.per_second / disk);
                halves.push(millis(percentile(&done.latencies, 0.5)));
                most.push(millis(percentile(&done.latencies, 0.99)));
            }
            measured.push(Messages {
                database: database.name(),
                writers,
                per_second: median(rates),
                ratio: median(ratios),
                syncs_per_second: median(syncs),
                half_ms: median(halves),
                p99_ms: median(most),
            });
        }
    }
    Ok(measured)
}
