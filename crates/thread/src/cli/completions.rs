//! `thread completions …`.

use super::{Cli, CliError, output};
use clap::CommandFactory as _;
use clap_complete::Shell;

/// Prints a shell's completions.
pub(super) fn run(shell: Shell) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "thread", &mut script);
    output::whole(&script)
}
