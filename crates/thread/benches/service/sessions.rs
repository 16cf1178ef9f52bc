//! `POST /v1/sessions` by key, against an empty route.

use crate::client::{Connection, load};
use crate::target::{App, Database, Process};
use crate::{Flags, median, millis, percentile};
use std::sync::Arc;

const CONNECTIONS: usize = 16;
const EMAILS: usize = 2_000;

struct Candidate {
    name: &'static str,
    process: Process,
    requests: Arc<Vec<Vec<u8>>>,
    status: u16,
    per_second: Vec<f64>,
    p99_ms: Vec<f64>,
}

fn requests(app: &App) -> Arc<Vec<Vec<u8>>> {
    Arc::new((0..EMAILS).map(|number| app.sign_in(&format!("user{number}@bench.example"))).collect())
}

pub async fn measure(flags: &Flags) -> anyhow::Result<()> {
    let (sqlite, postgres) = (Database::sqlite()?, Database::postgres()?);
    let app = sqlite.app()?;
    let candidate = |name, process, requests, status| Candidate {
        name,
        process,
        requests,
        status,
        per_second: Vec::new(),
        p99_ms: Vec::new(),
    };
    let mut candidates = vec![
        candidate("empty axum route", Process::empty_route()?, requests(&app), 200),
        candidate("`POST /v1/sessions`, SQLite", sqlite.serve()?, requests(&app), 201),
    ];
    if let Some(postgres) = &postgres {
        let app = postgres.app()?;
        candidates.push(candidate("`POST /v1/sessions`, PostgreSQL", postgres.serve()?, requests(&app), 201));
    }
    for candidate in &candidates {
        Connection::open(&candidate.process.address).await?;
    }
    for _ in 0..flags.turns {
        for candidate in &mut candidates {
            let requests = Arc::clone(&candidate.requests);
            let next = move |index: usize, number: usize| requests[(index * 131 + number) % EMAILS].clone();
            let address = candidate.process.address.clone();
            let turn = load(&address, CONNECTIONS, flags.turn(), candidate.status, next).await?;
            candidate.per_second.push(turn.per_second);
            candidate.p99_ms.push(millis(percentile(&turn.latencies, 0.99)));
        }
    }
    println!(
        "\n| sign-in by key, {CONNECTIONS} connections | requests a second | of the empty route | 99 % within |"
    );
    println!("|---|---|---|---|");
    let empty = candidates[0].per_second.clone();
    for candidate in &candidates {
        let ratio = median(candidate.per_second.iter().zip(&empty).map(|(own, empty)| own / empty).collect());
        println!(
            "| {} | {:.0} | {ratio:.2} | {:.1} ms |",
            candidate.name,
            median(candidate.per_second.clone()),
            median(candidate.p99_ms.clone())
        );
    }
    Ok(())
}
