//! The `thread` program: Thread's server and its operator's command line. All of it is in the library.

use std::process::ExitCode;
use thread::cli::CliError;

/// A sign-in is many small allocations: this takes less time over each than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = thread::cli::Cli::from_surroundings();
    match thread::cli::run(cli).await {
        // As with `| head`: nothing went wrong.
        Ok(()) | Err(CliError::NobodyReads) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("thread: {error}");
            ExitCode::FAILURE
        }
    }
}
