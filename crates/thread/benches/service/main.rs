//! What the service does in a second, and what it needs for it: `./build.sh bench service`.
//!
//! Everything is measured against something of the same machine in the same minute, in turns: what a number is worth
//! depends on the machine, a ratio much less. Tables go to standard output; of a whole run, with a plot, into
//! `docs/PERFORMANCE.md` too.

#![expect(clippy::print_stdout, reason = "its purpose")]
#![expect(clippy::cast_precision_loss, reason = "figures for eyes")]

mod client;
mod disk;
mod figures;
mod fill;
mod growth;
mod messages;
mod plot;
mod report;
mod sessions;
mod sockets;
mod target;

use clap::{Parser, ValueEnum};
use report::Report;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Sign-ins by key, against an empty route
    Sessions,
    /// Durable messages, against the disk's own syncs
    Messages,
    /// Idle sockets: memory of each, and a message to all
    Sockets,
    /// The same calls with more and more contacts and messages
    Growth,
}

#[derive(Parser, Debug)]
struct Flags {
    /// What to measure; all without it
    #[arg(value_enum)]
    only: Vec<Part>,

    /// Seconds of each turn
    #[arg(long, default_value_t = 1.5)]
    seconds: f64,

    /// Turns of each
    #[arg(long, default_value_t = 5)]
    turns: usize,

    /// Idle sockets
    #[arg(long, default_value_t = 10_000)]
    sockets: usize,

    /// Contacts to grow to, from 1,000, in SQLite
    #[arg(long, default_value_t = 1_000_000)]
    contacts: u64,

    /// The same in PostgreSQL
    #[arg(long, default_value_t = 100_000)]
    postgres_contacts: u64,

    /// Another build of thread, to measure sign-ins and messages on SQLite beside: what a change has gained
    #[arg(long, value_name = "PROGRAM")]
    beside: Option<PathBuf>,

    /// Folder of the documentation: a whole run puts its tables and its plot there
    #[arg(long, value_name = "DIR")]
    docs: Option<PathBuf>,

    /// Serves one empty route and nothing else
    #[arg(long, hide = true)]
    empty_route: bool,

    /// What `cargo bench` passes
    #[arg(long, hide = true)]
    bench: bool,
}

impl Flags {
    fn turn(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let flags = Flags::parse();
    if flags.empty_route {
        return target::serve_empty_route().await;
    }
    let mut report = Report::default();
    if flags.wants(Part::Sessions) {
        report.sessions = sessions::measure(&flags).await?;
        println!("\n{}", report.sessions_table());
    }
    if flags.wants(Part::Messages) {
        report.messages = messages::measure(&flags).await?;
        println!("\n{}", report.messages_table());
    }
    if flags.wants(Part::Sockets) {
        report.sockets = Some(sockets::measure(&flags).await?);
        println!("\n{}", report.sockets_table());
    }
    if flags.wants(Part::Growth) {
        report.growth = growth::measure(&flags).await?;
        println!("\n{}", report.growth_table());
    }
    if let Some(docs) = flags.docs.as_deref().filter(|_| flags.only.is_empty()) {
        report.write(docs, &flags)?;
        println!("\nwritten: {}", docs.display());
    }
    Ok(())
}
