//! The command line. Answers go to standard output, everything else to standard error.

// Doc comments here are the help texts of the command line, which show them as they are.
#![allow(rustdoc::bare_urls, rustdoc::invalid_html_tags)]

mod apikey;
mod app;
mod completions;
mod contact;
mod csp;
mod doctor;
mod file;
mod key;
mod master_key;
mod output;
mod secret;
mod serve;
mod upkeep;
mod webhook;

use crate::attachments::AttachmentError;
use crate::clock::Clock;
use crate::config::ServeConfig;
use crate::state::LoadError;
use crate::store::{Store, StoreError};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use output::Output;
use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// In short help, too: it is what `thread` alone prints.
const START_HERE: &str = "\
Start here:
  thread app create --name Shop --origin https://shop.example    shows appId and secret, once
  thread serve --public-url https://thread.example               serves widget.js, panel and API";

/// Thread: the service behind the support messenger
///
/// The secret that `app create` shows belongs on the portal's server, never in a page. There, sign each user's email:
///   connectionKey = hex(HMAC-SHA256(key = secret, message = email))
#[derive(Parser, Debug)]
#[command(name = "thread", version, verbatim_doc_comment, arg_required_else_help = true, after_help = START_HERE)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Of every command")]
struct Global {
    /// Where data is: sqlite:FILE, made by serve, app create and restore, or `postgres://USER:PASSWORD@HOST/NAME`. A master key
    /// encrypts secrets in it, see thread master-key --help; with PostgreSQL it must be given
    #[arg(
        long,
        global = true,
        env = "THREAD_DATABASE",
        hide_env_values = true,
        value_name = "ADDRESS",
        default_value = "sqlite:thread.db"
    )]
    database: String,

    /// Settings as a TOML file: the names of flags of `thread serve`, without dashes before them. A flag or an environment
    /// variable wins over the file
    #[arg(long, global = true, env = "THREAD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    /// Print one JSON object, nothing else, on standard output
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand, Debug)]
#[expect(clippy::doc_markdown, reason = "clap shows it as it stands")]
enum Command {
    /// Run the service
    ///
    /// Flags can stand in a file (--config) or in the environment, as each says. Only in the environment: THREAD_MASTER_KEY and
    /// its like, what secrets are encrypted with (thread master-key --help); THREAD_LOG, what is logged (info, debug, or
    /// by part: info,thread::webhooks=debug).
    Serve(Box<ServeConfig>),
    /// Look at all that the service needs, as it is configured, and say what is wrong
    ///
    /// Takes the flags of `thread serve`. Ends with exit code 1 if something is wrong that keeps it from its work.
    Doctor(Box<ServeConfig>),
    /// Apps: one for each workspace of a service provider
    #[command(subcommand)]
    App(app::AppCommand),
    /// Secrets: what a portal's server signs emails with
    #[command(subcommand)]
    Secret(secret::SecretCommand),
    /// API keys: for agents' tools
    #[command(subcommand)]
    Apikey(apikey::ApiKeyCommand),
    /// Contacts: what is stored of a customer
    #[command(subcommand)]
    Contact(contact::ContactCommand),
    /// Webhooks: an app's events, posted to an address of yours
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// The master key: what secrets are encrypted with
    ///
    /// 32 bytes in base64 (openssl rand -base64 32), from one of these environment variables: `THREAD_MASTER_KEY` holds
    /// it; `THREAD_MASTER_KEY_FILE` names a file that does; `THREAD_MASTER_KEY_COMMAND` is a command that prints it, as
    /// that of a password manager. Without any, a file is made beside the database: keep it apart from its backups.
    #[command(subcommand)]
    MasterKey(master_key::MasterKeyCommand),
    /// Connection keys: what a portal's page carries
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Print completions for a shell
    ///
    /// bash: thread completions bash > /etc/bash_completion.d/thread
    /// zsh:  thread completions zsh > ~/.zsh/completions/_thread (a folder of your fpath)
    /// fish: thread completions fish > ~/.config/fish/completions/thread.fish
    #[command(verbatim_doc_comment)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Content-Security-Policy: what a page has to allow, or what a given policy lacks
    Csp(csp::CspArgs),
    /// Write a copy of a SQLite database, while the service runs
    Backup(upkeep::BackupArgs),
    /// Put a copy in the place of a SQLite database, while the service runs
    Restore(upkeep::RestoreArgs),
    /// Delete what is old
    Prune(upkeep::PruneArgs),
}

/// Why a command failed: one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The service cannot start.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// There is no such thing.
    #[error("{0}")]
    NotFound(String),
    /// The answer, which was printed, is no: scripts see it by the exit code.
    #[error("{0}")]
    Negative(&'static str),
    /// The master key.
    #[error(transparent)]
    Crypto(#[from] crate::crypto::CryptoError),
    /// What was asked for cannot be done.
    #[error("{0}")]
    Usage(String),
    /// What was given on standard input is no secret.
    #[error("standard input: {0}")]
    Secret(#[from] signing::SecretError),
    /// `thread doctor` found something.
    #[error("{0} of the above must be mended")]
    Unhealthy(usize),
    /// The attachments.
    #[error(transparent)]
    Attachments(#[from] AttachmentError),
    /// The port is another program's, or another Thread's.
    #[error("cannot listen on {0}: another program does; choose another address with {1}")]
    Taken(SocketAddr, &'static str),
    /// Whoever reads standard output has heard enough.
    #[error("nobody reads standard output")]
    NobodyReads,
    /// Reading, writing or listening failed.
    #[error("{0}: {1}")]
    Io(String, io::Error),
}

impl Cli {
    /// Reads the command line, the environment, and the file that one of them names. Ends the program with an
    /// explanation if that cannot be done.
    pub fn from_surroundings() -> Self {
        let arguments: Vec<OsString> = std::env::args_os().collect();
        let mut command = Self::command();
        let mut settings = file::Settings::default();
        if let Some(path) = file::named_in(&arguments, file::environment()) {
            match file::read(&path, &command) {
                Ok(found) => settings = found,
                Err(error) => command.error(ErrorKind::Io, error).exit(),
            }
            command = settings.apply_to(command);
        }
        match command.try_get_matches_from(arguments).and_then(|matches| Self::from_arg_matches(&matches)) {
            Ok(cli) => cli,
            Err(error) => {
                let place = settings.place_of(&error);
                let _ = error.print();
                if let Some(place) = place {
                    eprintln!("{place}");
                }
                std::process::exit(error.exit_code())
            }
        }
    }
}

/// Runs one command.
///
/// # Errors
/// A [`CliError`], for standard error.
pub async fn run(cli: Cli) -> Result<(), CliError> {
    let output = Output::new(cli.global.json);
    let context = Context { database: cli.global.database, output, clock: Clock::system() };
    match cli.command {
        Command::Serve(config) => serve::run(&context, *config).await,
        Command::Doctor(config) => doctor::run(&context, *config).await,
        Command::App(command) => app::run(&context, command).await,
        Command::Secret(command) => secret::run(&context, command).await,
        Command::Apikey(command) => apikey::run(&context, command).await,
        Command::MasterKey(command) => master_key::run(&context, &command).await,
        Command::Key(command) => key::run(&context, command).await,
        Command::Contact(command) => contact::run(&context, command).await,
        Command::Webhook(command) => webhook::run(&context, command).await,
        Command::Backup(args) => upkeep::backup(&context, args).await,
        Command::Restore(args) => upkeep::restore(&context, args).await,
        Command::Prune(args) => upkeep::prune(&context, args).await,
        Command::Completions { shell } => completions::run(shell),
        Command::Csp(args) => csp::run(&context, args).await,
    }
}

/// What every command needs.
struct Context {
    database: String,
    output: Output,
    clock: Clock,
}

impl Context {
    /// The database, which must be there: a new one in whatever folder this is would only look like an answer.
    async fn store(&self) -> Result<Store, CliError> {
        Ok(Store::open_existing(&self.database, master_key::from_environment()?.as_ref()).await?)
    }

    /// The database, made if it is not there.
    async fn store_or_new(&self) -> Result<Store, CliError> {
        Ok(Store::open(&self.database, master_key::from_environment()?.as_ref()).await?)
    }
}

fn no_app(id: &protocol::AppId) -> CliError {
    CliError::NotFound(format!("there is no app {id}: see `thread app list`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
