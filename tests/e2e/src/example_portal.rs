//! The example portals of `examples/`, each in another language.

use crate::process::{Process, clean_command, free_port};
use crate::thread::is_address_in_use;
use crate::wait::until;
use crate::{App, PortalUser, Result, Thread, paths};
use anyhow::{Context as _, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use std::process::Command;

/// The users of every example, with addresses that are hard to carry unchanged.
pub const EXAMPLE_USERS: &[PortalUser] = &[
    PortalUser { email: "ann@example.com", password: "demo-lantern-42" },
    PortalUser { email: "ann+test@example.com", password: "demo-harvest-17" },
    PortalUser { email: "o'neil@example.com", password: "demo-copper-58" },
    PortalUser { email: "zoë@example.com", password: "demo-meadow-23" },
];

/// A running example portal, at an app of its own.
pub struct ExamplePortal {
    process: Process,
    port: u16,
    /// The portal's app at Thread.
    pub app: App,
}

/// What the messenger gets from a page, after the page's scripts ran.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageOfPortal {
    /// The page's text says that this is the signed-in user.
    pub shown_email: String,
    /// What `initialize` was called with.
    pub parameters: Value,
    /// Keys that the page gave when asked twice.
    pub keys: [String; 2],
    /// Where the page loads the widget from.
    pub widget: String,
}

impl ExamplePortal {
    /// Starts the portal of `examples/<language>`, as `scripts/portals.sh` has built it.
    ///
    /// # Errors
    /// If it does not start; its output is in the message.
    pub async fn start(thread: &Thread, language: &str) -> Result<Self> {
        match Self::try_start(thread, language).await {
            Err(error) if is_address_in_use(&error) => Self::try_start(thread, language).await,
            result => result,
        }
    }

    async fn try_start(thread: &Thread, language: &str) -> Result<Self> {
        let port = free_port()?;
        let app = thread.create_app("Northwind IT", &format!("http://localhost:{port}")).await?;
        let mut command = clean_command(paths::workspace().join("scripts/portals.sh"));
        if let Some(target) = std::env::var_os("CARGO_TARGET_DIR") {
            command.env("CARGO_TARGET_DIR", target);
        }
        command
            .args(["start", language])
            .env("PORT", port.to_string())
            .env("THREAD_URL", thread.origin())
            .env("CHATGENIE_APP_ID", &app.app_id)
            // As it comes from a file: with its line end.
            .env("CHATGENIE_SECRET", format!("{}\n", app.secret));
        let mut process = Process::start("example portal", &mut command)?;
        let login_page = format!("http://127.0.0.1:{port}/");
        until(&format!("the portal in {language} answers"), async || {
            process.still_runs()?;
            Ok(reqwest::get(&login_page).await.is_ok_and(|answer| answer.status().is_success()))
        })
        .await?;
        Ok(Self { process, port, app })
    }

    /// Address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    /// What the portal wrote so far.
    pub fn log(&self) -> String {
        self.process.output()
    }

    /// Signs in as each of `users` and reads the page at `path` as a browser does: its scripts are run.
    ///
    /// # Errors
    /// If the portal does not behave as a portal: lets in by a wrong password, or gives keys to nobody.
    pub async fn pages(&self, path: &str, users: &[PortalUser]) -> Result<Vec<PageOfPortal>> {
        let users: Vec<_> =
            users.iter().map(|user| json!({"email": user.email, "password": user.password})).collect();
        let input =
            json!({"portal": format!("http://127.0.0.1:{}", self.port), "path": path, "users": users});
        let mut command = Command::new(paths::program("node")?);
        command.arg(paths::workspace().join("tests/e2e/src/portal_client.mjs")).arg(input.to_string());
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        ensure!(
            output.status.success(),
            "{}\nThe portal wrote:\n{}",
            String::from_utf8_lossy(&output.stderr),
            self.log()
        );
        serde_json::from_slice(&output.stdout).context("what the pages gave")
    }
}
