//! `thread master-key …`, and where the master key comes from.

use super::{CliError, Context};
use clap::Subcommand;
use secrecy::SecretString;
use serde_json::json;
use std::process::{Command, Stdio};
use zeroize::Zeroizing;

/// There are no flags for these: what stands on a command line is seen by every user of the machine.
const KEY: &str = "THREAD_MASTER_KEY";
const FILE: &str = "THREAD_MASTER_KEY_FILE";
const COMMAND: &str = "THREAD_MASTER_KEY_COMMAND";
const PREVIOUS: &str = "THREAD_MASTER_KEY_PREVIOUS";

#[derive(Subcommand, Debug)]
pub(super) enum MasterKeyCommand {
    /// Encrypt everything anew under another master key
    ///
    /// Where the key is a file beside the database, a new one takes its place; a running service follows by itself.
    ///
    /// Where it comes from the environment, put the new key there and the former one into `THREAD_MASTER_KEY_PREVIOUS`,
    /// and restart: `thread serve` does the rest, as does this command. With several nodes, first give every node the new
    /// key as `THREAD_MASTER_KEY_PREVIOUS`, so that each can read what the others write; then swap the two on each. When
    /// all are swapped, take the former key away.
    Rotate,
}

pub(super) async fn run(context: &Context, command: &MasterKeyCommand) -> Result<(), CliError> {
    let MasterKeyCommand::Rotate = command;
    let store = context.store().await?;
    let is_file = store.master_key().add_to_file()?;
    if !is_file && !store.master_key().has_former() {
        return Err(CliError::Usage(format!(
            "the master key comes from the environment: put the new one there and the former one into {PREVIOUS}, then \
             run this again, or restart `thread serve`"
        )));
    }
    let number = store.reseal().await?;
    if is_file {
        store.master_key().drop_former_from_file()?;
    }
    let next = if is_file {
        "The key file beside the database holds the new key alone: back it up, apart from the database."
            .to_owned()
    } else {
        format!("When every node runs with the new key, take {PREVIOUS} away.")
    };
    context.output.print(
        &json!({"resealed": number}),
        &format!("Encrypted {number} values anew under the present master key.\n{next}"),
    )
}

/// The present key and former ones, as `Store::open` takes them; `None` if the file beside the database is to be used.
pub(super) fn from_environment() -> Result<Option<SecretString>, CliError> {
    let set =
        |name: &str| std::env::var(name).ok().filter(|text| !text.trim().is_empty()).map(Zeroizing::new);
    let present = match (set(KEY), set(FILE), set(COMMAND)) {
        (None, None, None) => {
            return match set(PREVIOUS) {
                None => Ok(None),
                Some(_) => Err(CliError::Usage(format!(
                    "{PREVIOUS} is set without a present master key: set {KEY}, {FILE} or {COMMAND} as well"
                ))),
            };
        }
        (Some(key), None, None) => key,
        (None, Some(path), None) => std::fs::read_to_string(path.as_str())
            .map(Zeroizing::new)
            .map_err(|error| CliError::Io(format!("cannot read {FILE} {}", *path), error))?,
        (None, None, Some(command)) => printed_by(&command)?,
        _ => {
            return Err(CliError::Usage(format!(
                "more than one of {KEY}, {FILE} and {COMMAND} is set: keep one"
            )));
        }
    };
    let former = set(PREVIOUS).unwrap_or_default();
    Ok(Some(SecretString::from([present.as_str(), ",", former.as_str()].concat())))
}

fn printed_by(command: &str) -> Result<Zeroizing<String>, CliError> {
    let failed = |error| CliError::Io(format!("{COMMAND} cannot be run"), error);
    let output = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(failed)?;
    if !output.status.success() {
        return Err(CliError::Usage(format!("{COMMAND} failed: {}", output.status)));
    }
    String::from_utf8(output.stdout)
        .map(Zeroizing::new)
        .map_err(|_| CliError::Usage(format!("{COMMAND} printed something that is not text")))
}
