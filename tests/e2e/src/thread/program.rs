//! The program `thread`: its commands, and its services, on the database of one test.

use super::database::Database;
use crate::process::{Process, clean_command};
use crate::wait::until;
use crate::{Result, paths};
use anyhow::{bail, ensure};
use std::path::PathBuf;

/// The program with its database and folder.
pub(super) struct Program {
    binary: PathBuf,
    /// Of `thread serve`, beside those that every test needs.
    arguments: Vec<String>,
    database: Database,
    folder: tempfile::TempDir,
}

impl Program {
    /// On a SQLite file, with further arguments of `thread serve`.
    pub(super) fn on_sqlite(arguments: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        Self::new(Database::sqlite(folder.path()), folder, arguments)
    }

    /// On a schema of PostgreSQL.
    pub(super) fn on_postgres(arguments: &[&str]) -> Result<Self> {
        Self::new(Database::postgres()?, tempfile::tempdir()?, arguments)
    }

    fn new(database: Database, folder: tempfile::TempDir, arguments: &[&str]) -> Result<Self> {
        let binary = paths::binary("CHATGENIE_THREAD_BIN", "thread")?;
        let arguments = arguments.iter().map(|&text| text.to_owned()).collect();
        Ok(Self { binary, arguments, database, folder })
    }

    pub(super) fn mail_folder(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    /// Starts a service on this port, and waits until it is ready.
    pub(super) async fn serve(&self, port: u16, public_origin: &str) -> Result<Process> {
        let listen = format!("127.0.0.1:{port}");
        let mut command = clean_command(&self.binary);
        self.database.give_to(&mut command);
        command
            .env("THREAD_MAIL", format!("file:{}", self.mail_folder().display()))
            .env("THREAD_ATTACHMENTS", format!("file:{}", self.folder.path().join("attachments").display()))
            // All that it can say, so that a test can look for what it must not say.
            .env("THREAD_LOG", "trace")
            .args(["serve", "--listen", &listen, "--public-url", public_origin])
            .args(&self.arguments);
        let mut process = Process::start("thread", &mut command)?;
        let ready = format!("http://{listen}/readyz");
        until("Thread is ready", async || {
            process.still_runs()?;
            Ok(reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success()))
        })
        .await?;
        Ok(process)
    }

    /// What a command prints.
    pub(super) fn run(&self, args: &[String]) -> Result<String> {
        let mut command = clean_command(&self.binary);
        self.database.give_to(&mut command);
        let output = command.args(args).output()?;
        ensure!(
            output.status.success(),
            "`thread {}` ended with {}:\n{}",
            args.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        match String::from_utf8(output.stdout) {
            Ok(text) => Ok(text),
            Err(_) => bail!("`thread {}` printed no UTF-8", args.join(" ")),
        }
    }
}
