//! Acknowledged messages, each durable, against the syncs that the disk does.

use crate::client::{load, request};
use crate::disk::syncs_per_second;
use crate::target::Database;
use crate::{Flags, median, millis, percentile};
use serde_json::json;
use std::sync::Arc;

const WRITERS: [usize; 3] = [1, 8, 64];

pub async fn measure(flags: &Flags) -> anyhow::Result<()> {
    println!(
        "\n| acknowledged messages, each durable | a second | of the disk's syncs | half within | 99 % within |"
    );
    println!("|---|---|---|---|---|");
    let mut databases = vec![("SQLite", Database::sqlite()?)];
    databases.extend(Database::postgres()?.map(|database| ("PostgreSQL", database)));
    for (name, database) in &databases {
        let app = database.app()?;
        let process = database.serve()?;
        for writers in WRITERS {
            let mut open = Vec::new();
            for index in 0..writers {
                open.push(app.writer(&process.address, &format!("w{writers}-{index}@bench.example")).await?);
            }
            let open = Arc::new(open);
            let (mut rates, mut ratios, mut halves, mut most) =
                (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            let mut syncs = Vec::new();
            for turn in 0..flags.turns {
                let folder = databases[0].1.file();
                let disk = syncs_per_second(folder, flags.turn() / 2)?;
                let open = Arc::clone(&open);
                let next = move |index: usize, number: usize| {
                    let (token, path) = &open[index];
                    let body = json!({"clientId": format!("{turn}-{number}"), "body": "What a customer writes, about so long."});
                    request("POST", path, Some(token), &body)
                };
                let done = load(&process.address, writers, flags.turn(), 201, next).await?;
                syncs.push(disk);
                rates.push(done.per_second);
                ratios.push(done.per_second / disk);
                halves.push(millis(percentile(&done.latencies, 0.5)));
                most.push(millis(percentile(&done.latencies, 0.99)));
            }
            println!(
                "| {name}, {writers} at a time | {:.0} | {:.2} ({:.0} a second) | {:.1} ms | {:.1} ms |",
                median(rates),
                median(ratios),
                median(syncs),
                median(halves),
                median(most)
            );
        }
    }
    Ok(())
}
