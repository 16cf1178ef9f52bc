//! `thread backup`, `thread restore`, `thread prune`.

use super::{CliError, Context, master_key, output};
use crate::config::{as_ms, parse_duration};
use crate::store::{KEPT_EVENTS, Store, StoreError};
use clap::Args;
use serde_json::{Value, json};
use std::fmt::Write as _;
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
    Store::check_restorable(&context.database)?;
    let cannot_read = |error| CliError::Io(format!("cannot read {}", args.file.display()), error);
    std::fs::File::open(&args.file).map_err(cannot_read)?;
    let restored = match context.store().await {
        Ok(store) => {
            let apps = store.list_apps().await?.len();
            if apps > 0 && !args.replace {
                return Err(CliError::NotFound(format!(
                    "the database is not empty (apps: {apps}): --replace puts the backup in the place of all that it \
                     holds"
                )));
            }
            store.restore(&args.file).await?
        }
        Err(CliError::Store(StoreError::Absent(_))) => {
            output::note(
                "there was no database here, so nothing tells what was revoked, ended or deleted since the backup: see \
                 docs/OPERATIONS.md, Back up",
            );
            let master_key = master_key::from_environment()?;
            Store::restore_as_new(&context.database, master_key.as_ref(), &args.file).await?
        }
        Err(error) => return Err(error),
    };
    let json = json!({
        "rows": restored.rows,
        "restartNeeded": restored.is_foreign,
        "goneApps": gone(&restored.gone_apps, "name"),
        "goneSecrets": gone(&restored.gone_secrets, "secretId"),
        "goneApiKeys": gone(&restored.gone_api_keys, "id"),
    });
    let mut text = format!("Restored {} rows from {}.", restored.rows, args.file.display());
    for (app_id, name) in &restored.gone_apps {
        let _ = write!(
            text,
            "\nThe app {app_id} ({name}) is gone, with its secrets and keys. Make one: thread app create; its portal needs \
             the new appId"
        );
    }
    for (app_id, id) in &restored.gone_secrets {
        let _ = write!(
            text,
            "\nThe secret {id} of {app_id} is gone: whoever signs with it is refused. Make one: thread secret rotate {app_id}"
        );
    }
    for (app_id, id) in &restored.gone_api_keys {
        let _ =
            write!(text, "\nThe API key {id} of {app_id} is gone. Make one: thread apikey create {app_id}");
    }
    if restored.is_foreign {
        text.push_str("\nThe backup is of another database: restart services that run on this one.");
    }
    context.output.print(&json, &text)
}

fn gone(things: &[(String, String)], name: &str) -> Vec<Value> {
    things.iter().map(|(app_id, id)| json!({"appId": app_id, name: id})).collect()
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
