//! `thread backup`, `thread restore`, `thread prune`.

use super::{CliError, Context};
use crate::config::{as_ms, parse_duration};
use crate::store::KEPT_EVENTS;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Args, Debug)]
pub(super) struct BackupArgs {
    /// Where to write it; must not be there yet
    file: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct RestoreArgs {
    /// What `thread backup` wrote
    file: PathBuf,

    /// Replace what the database holds now
    #[arg(long)]
    replace: bool,
}

#[derive(Args, Debug)]
pub(super) struct PruneArgs {
    /// Delete service requests that have been closed and unchanged for so long, like 365d, and contacts left without any
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    closed_for: Duration,

    /// How many of the newest events of each app to keep: a socket that comes back after more fetches its lists anew
    #[arg(long, value_name = "N", default_value_t = KEPT_EVENTS, value_parser = clap::value_parser!(u32).range(200..))]
    keep_events: u32,
}

pub(super) async fn backup(context: &Context, args: BackupArgs) -> Result<(), CliError> {
    let store = context.store().await?;
    store.backup(&args.file).await?;
    let file = args.file.display().to_string();
    let bytes = std::fs::metadata(&args.file).map_or(0, |found| found.len());
    context.output.print(
        &json!({"file": file, "bytes": bytes}),
        &format!(
            "Wrote {file} ({bytes} bytes).\n\nIt cannot be read without the master key (THREAD_MASTER_KEY, or the .key \
             file beside the database): keep that as well, elsewhere.\nAttachments are not in it: copy their folder \
             after this, as it is."
        ),
    )
}

pub(super) async fn restore(context: &Context, args: RestoreArgs) -> Result<(), CliError> {
    let cannot_read = |error| CliError::Io(format!("cannot read {}", args.file.display()), error);
    // Before a database is made for nothing; one that is no file says so itself.
    if context.database.starts_with("sqlite:") {
        std::fs::File::open(&args.file).map_err(cannot_read)?;
    }
    let store = context.store_or_new().await?;
    let apps = store.list_apps().await?.len();
    if apps > 0 && !args.replace {
        return Err(CliError::NotFound(format!(
            "the database is not empty (apps: {apps}): --replace puts the backup in the place of all that it holds"
        )));
    }
    let restored = store.restore(&args.file).await?;
    let note = if restored.is_foreign {
        "\nThe backup is of another database: restart services that run on this one."
    } else {
        ""
    };
    context.output.print(
        &json!({"rows": restored.rows, "restartNeeded": restored.is_foreign}),
        &format!(
            "Restored {} rows from {}.\nWhat was made since the backup is gone, secrets and API keys too: `thread doctor` \
             names apps that have no secret in force.{note}",
            restored.rows,
            args.file.display()
        ),
    )
}

pub(super) async fn prune(context: &Context, args: PruneArgs) -> Result<(), CliError> {
    let store = context.store().await?;
    let before_ms = context.clock.now_ms().saturating_sub(as_ms(args.closed_for));
    let pruned = store.prune(before_ms, args.keep_events).await?;
    context.output.print(
        &json!({
            "serviceRequests": pruned.service_requests, "contacts": pruned.contacts, "events": pruned.events,
        }),
        &format!(
            "Deleted: service requests {}, contacts {}, events {}.",
            pruned.service_requests, pruned.contacts, pruned.events
        ),
    )
}
