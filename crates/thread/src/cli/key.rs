//! `thread key …`.

use super::{CliError, Context};
use clap::Subcommand;
use serde_json::json;
use signing::{Secret, sign_v1};
use std::io::{self, Read as _};
use zeroize::Zeroizing;

#[derive(Subcommand, Debug)]
pub(super) enum KeyCommand {
    /// Make the connection key of an email; the secret comes on standard input
    ///
    /// To compare with what your portal's server makes: thread key sign --email ann@x.com < secret.txt
    Sign {
        /// The email, byte for byte as the page will carry it
        #[arg(long)]
        email: String,
    },
}

pub(super) fn run(context: &Context, command: &KeyCommand) -> Result<(), CliError> {
    let KeyCommand::Sign { email } = command;
    let mut text = Zeroizing::new(String::new());
    io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|error| CliError::Io("cannot read the secret from standard input".to_owned(), error))?;
    // Files and `echo` end in one line end; it is not part of the secret.
    let text = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    let key = sign_v1(&Secret::from_text(text)?, email);
    context.output.print(&json!({"connectionKey": key}), &key)
}
