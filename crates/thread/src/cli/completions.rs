//! `thread completions …`.

use super::{Cli, CliError};
use clap::CommandFactory as _;
use clap_complete::Shell;
use std::io::{self, Write as _};

/// Prints a shell's completions.
pub(super) fn run(shell: Shell) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "thread", &mut script);
    io::stdout()
        .lock()
        .write_all(&script)
        .map_err(|error| CliError::Io("cannot write to standard output".to_owned(), error))
}
