//! `POST /v1/sessions` by key, against an empty route.

use crate::Flags;
use crate::client::load;
use crate::figures::{each_us, median, millis, percentile};
use crate::target::{App, Database, Logs, Process};
use std::sync::Arc;

pub const CONNECTIONS: usize = 16;
const EMAILS: usize = 2_000;

/// What became of one candidate.
pub struct Sessions {
    pub name: &'static str,
    pub per_second: f64,
    /// Of the empty route's requests per second, in the same turn.
    pub ratio: f64,
    pub p99_ms: f64,
    /// Of the server, for each.
    pub cpu_us: f64,
}

struct Candidate {
    name: &'static str,
    process: Process,
    requests: Arc<Vec<Vec<u8>>>,
    status: u16,
    per_second: Vec<f64>,
    p99_ms: Vec<f64>,
    cpu_us: Vec<f64>,
}

fn requests(app: &App) -> Arc<Vec<Vec<u8>>> {
    Arc::new((0..EMAILS).map(|number| app.sign_in(&format!("user{number}@bench.example"))).collect())
}

pub async fn measure(flags: &Flags) -> anyhow::Result<Vec<Sessions>> {
    let (sqlite, postgres) = (Database::sqlite()?, Database::postgres()?);
    let app = sqlite.app()?;
    let candidate = |name, process, requests, status| Candidate {
        name,
        process,
        requests,
        status,
        per_second: Vec::new(),
        p99_ms: Vec::new(),
        cpu_us: Vec::new(),
    };
    let mut candidates = vec![
        candidate("empty axum route", Process::empty_route()?, requests(&app), 200),
        candidate("`POST /v1/sessions`, SQLite", sqlite.serve(Logs::Default)?, requests(&app), 201),
        candidate("the same, logging warnings alone", sqlite.serve(Logs::Warnings)?, requests(&app), 201),
    ];
    let other = flags.beside.as_deref().map(Database::sqlite_of).transpose()?;
    if let Some(other) = &other {
        let (app, name) = (other.app()?, "`POST /v1/sessions`, SQLite, the other build");
        candidates.push(candidate(name, other.serve(Logs::Default)?, requests(&app), 201));
    }
    if let Some(postgres) = &postgres {
        let app = postgres.app()?;
        let process = postgres.serve(Logs::Default)?;
        candidates.push(candidate("`POST /v1/sessions`, PostgreSQL", process, requests(&app), 201));
    }
    for _ in 0..flags.turns {
        for candidate in &mut candidates {
            let requests = Arc::clone(&candidate.requests);
            let next = move |index: usize, number: usize| requests[(index * 131 + number) % EMAILS].clone();
            let before = candidate.process.cpu()?;
            let turn =
                load(&candidate.process.address, CONNECTIONS, flags.turn(), candidate.status, next).await?;
            candidate.per_second.push(turn.per_second);
            candidate.p99_ms.push(millis(percentile(&turn.latencies, 0.99)));
            candidate
                .cpu_us
                .push(each_us(candidate.process.cpu()?.saturating_sub(before), turn.latencies.len()));
        }
    }
    let empty = candidates[0].per_second.clone();
    let measured = candidates.into_iter().map(|candidate| Sessions {
        name: candidate.name,
        ratio: median(candidate.per_second.iter().zip(&empty).map(|(own, empty)| own / empty).collect()),
        per_second: median(candidate.per_second),
        p99_ms: median(candidate.p99_ms),
        cpu_us: median(candidate.cpu_us),
    });
    Ok(measured.collect())
}
