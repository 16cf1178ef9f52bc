//! Acknowledged messages, each durable, against the syncs that the disk does.

use crate::Flags;
use crate::client::{load, request};
use crate::disk::syncs_per_second;
use crate::figures::{each_us, median, millis, percentile};
use crate::target::{App, Database, Logs, Process};
use serde_json::json;
use std::sync::Arc;

/// Who write at a time.
pub const WRITERS: [usize; 3] = [1, 8, 64];

/// One database with so many writers.
pub struct Messages {
    pub database: &'static str,
    pub writers: usize,
    pub per_second: f64,
    /// Of the disk's syncs per second, just before and after.
    pub ratio: f64,
    pub syncs_per_second: f64,
    pub half_ms: f64,
    pub p99_ms: f64,
    /// Of the service, without a database's server, for each.
    pub cpu_us: f64,
}

/// A service with what was measured of it.
struct Candidate<'a> {
    database: &'a Database,
    app: App,
    process: Process,
    /// Tokens and addresses of the writers.
    open: Arc<Vec<(String, String)>>,
    turns: Vec<Turn>,
}

struct Turn {
    per_second: f64,
    syncs: f64,
    half_ms: f64,
    p99_ms: f64,
    cpu_us: f64,
}

pub async fn measure(flags: &Flags) -> anyhow::Result<Vec<Messages>> {
    let mut databases = vec![Database::sqlite()?];
    if let Some(program) = &flags.beside {
        databases.push(Database::sqlite_of(program)?);
    }
    databases.extend(Database::postgres()?);
    let folder = Database::sqlite()?;
    let mut candidates = Vec::new();
    for database in &databases {
        let (app, process) = (database.app()?, database.serve(Logs::Default)?);
        candidates.push(Candidate { database, app, process, open: Arc::default(), turns: Vec::new() });
    }
    let mut measured = Vec::new();
    for writers in WRITERS {
        for candidate in &mut candidates {
            let mut open = Vec::new();
            for index in 0..writers {
                let email = format!("w{writers}-{index}@bench.example");
                open.push(candidate.app.writer(&candidate.process.address, &email).await?);
            }
            candidate.open = Arc::new(open);
        }
        for turn in 0..flags.turns {
            for candidate in &mut candidates {
                // Before and after, since a disk is busy with other things now and then.
                let before = syncs_per_second(folder.file(), flags.turn() / 6)?;
                let mut turn = candidate.turn(flags, writers, turn).await?;
                turn.syncs = f64::midpoint(before, syncs_per_second(folder.file(), flags.turn() / 6)?);
                candidate.turns.push(turn);
            }
        }
        measured.extend(candidates.iter_mut().map(|candidate| candidate.settled(writers)));
    }
    // Those of one database together.
    measured.sort_by_key(|one| databases.iter().position(|database| database.name() == one.database));
    Ok(measured)
}

impl Candidate<'_> {
    async fn turn(&self, flags: &Flags, writers: usize, turn: usize) -> anyhow::Result<Turn> {
        let open = Arc::clone(&self.open);
        let next = move |index: usize, number: usize| {
            let (token, path) = &open[index];
            let body = json!({"clientId": format!("{turn}-{number}"), "body": "What a customer writes, about so long."});
            request("POST", path, Some(token), &body)
        };
        let before = self.process.cpu()?;
        let done = load(&self.process.address, writers, flags.turn(), 201, next).await?;
        Ok(Turn {
            per_second: done.per_second,
            syncs: f64::NAN,
            half_ms: millis(percentile(&done.latencies, 0.5)),
            p99_ms: millis(percentile(&done.latencies, 0.99)),
            cpu_us: each_us(self.process.cpu()?.saturating_sub(before), done.latencies.len()),
        })
    }

    /// What came of all turns, which begin anew then.
    fn settled(&mut self, writers: usize) -> Messages {
        let turns = std::mem::take(&mut self.turns);
        let of = |figure: fn(&Turn) -> f64| median(turns.iter().map(figure).collect());
        Messages {
            database: self.database.name(),
            writers,
            per_second: of(|turn| turn.per_second),
            ratio: of(|turn| turn.per_second / turn.syncs),
            syncs_per_second: of(|turn| turn.syncs),
            half_ms: of(|turn| turn.half_ms),
            p99_ms: of(|turn| turn.p99_ms),
            cpu_us: of(|turn| turn.cpu_us),
        }
    }
}
