//! What the service does in a second, and what it needs for it: `./build.sh bench`.
//!
//! Everything is measured against something of the same machine in the same minute, in turns: what a number is worth
//! depends on the machine, a ratio much less. Tables go to standard output, as they stand in `docs/PERFORMANCE.md`.

#![expect(clippy::print_stdout, reason = "its purpose")]
#![expect(clippy::cast_precision_loss, reason = "figures for eyes")]

mod client;
mod disk;
mod growth;
mod messages;
mod sessions;
mod sockets;
mod target;

use clap::Parser;
use std::time::Duration;

#[derive(Parser, Debug)]
struct Flags {
    /// What to measure: sessions, messages, sockets, growth; all without it
    only: Vec<String>,

    /// Seconds of each turn
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,

    /// Turns of each
    #[arg(long, default_value_t = 5)]
    turns: usize,

    /// Idle sockets
    #[arg(long, default_value_t = 10_000)]
    sockets: usize,

    /// Contacts to grow to, from 1,000
    #[arg(long, default_value_t = 100_000)]
    contacts: u64,

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

    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let flags = Flags::parse();
    if flags.empty_route {
        return target::serve_empty_route().await;
    }
    if flags.wants("sessions") {
        sessions::measure(&flags).await?;
    }
    if flags.wants("messages") {
        messages::measure(&flags).await?;
    }
    if flags.wants("sockets") {
        sockets::measure(&flags).await?;
    }
    if flags.wants("growth") {
        growth::measure(&flags).await?;
    }
    Ok(())
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The value that so much of all is below.
fn percentile(sorted: &[Duration], part: f64) -> Duration {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let index = ((sorted.len() as f64 - 1.0).max(0.0) * part) as usize;
    sorted.get(index).copied().unwrap_or_default()
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
