//! Where a Thread of a test keeps its data.

use crate::process::clean_command;
use crate::{Result, paths};
use anyhow::{Context as _, ensure};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A database of a test's own.
pub(super) struct Database {
    address: String,
    /// A master key: PostgreSQL has no file beside it that could hold one.
    master_key: Option<&'static str>,
}

impl Database {
    /// A SQLite file in this folder.
    pub(super) fn sqlite(folder: &Path) -> Self {
        Self { address: format!("sqlite:{}", folder.join("thread.db").display()), master_key: None }
    }

    /// A new schema of the PostgreSQL that `THREAD_TEST_POSTGRES` names.
    ///
    /// # Errors
    /// If it names none, or that one cannot be used.
    pub(super) fn postgres() -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("THREAD_TEST_POSTGRES")
            .context("THREAD_TEST_POSTGRES has no address of a PostgreSQL: ./build.sh test sets it")?;
        let schema = format!("e2e_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let made = clean_command(paths::program("psql")?)
            .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"])
            .args([
                "--command",
                &format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}"),
                &server,
            ])
            .output()?;
        ensure!(made.status.success(), "psql: {}", String::from_utf8_lossy(&made.stderr));
        Ok(Self {
            address: format!("{server}&options=-csearch_path%3D{schema}"),
            master_key: Some("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
        })
    }

    /// Tells a command of `thread` to use it.
    pub(super) fn give_to(&self, command: &mut Command) {
        command.env("THREAD_DATABASE", &self.address);
        if let Some(key) = self.master_key {
            command.env("THREAD_MASTER_KEY", key);
        }
    }
}
