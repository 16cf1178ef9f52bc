//! The example portal: the release binary, at an app of its own.

use crate::process::{Process, clean_command};
use crate::thread::is_address_in_use;
use crate::{App, EngineKind, Result, Thread, WireTap, paths};
use anyhow::ensure;

/// A user of the portal's demo.
pub struct PortalUser {
    /// The address that the portal signs.
    pub email: &'static str,
    /// As the login page shows it.
    pub password: &'static str,
}

/// The first user.
pub const ANN: PortalUser = PortalUser { email: "ann@example.com", password: "demo-lantern-42" };
/// The second user.
pub const BEN: PortalUser = PortalUser { email: "ben@example.com", password: "demo-harvest-17" };

/// A running portal. It is reached as `localhost`, Thread as `127.0.0.1`: two sites, so that the messenger's
/// frame is a third party's.
pub struct Portal {
    process: Process,
    tap: WireTap,
    /// The portal's app at Thread.
    pub app: App,
}

impl Portal {
    /// Creates an app at `thread` and starts a portal with its secret.
    ///
    /// # Errors
    /// If it does not start; its output is in the message.
    pub async fn start(thread: &Thread) -> Result<Self> {
        let first = Self::try_start(thread).await;
        match first {
            Err(error) if is_address_in_use(&error) => Self::try_start(thread).await,
            result => result,
        }
    }

    async fn try_start(thread: &Thread) -> Result<Self> {
        let tap = match EngineKind::chosen()? {
            EngineKind::Wasm => WireTap::start().await?,
            EngineKind::Plain => WireTap::start_with(forbid_wasm).await?,
        };
        let app = thread.create_app("Northwind IT", &format!("http://localhost:{}", tap.port())).await?;
        let port = tap.upstream_port();
        let mut command = clean_command(paths::binary("CHATGENIE_PORTAL_BIN", "portal")?);
        command
            .env("PORTAL_LISTEN", format!("127.0.0.1:{port}"))
            .env("PORTAL_THREAD_URL", thread.origin())
            .env("PORTAL_APP_ID", &app.app_id)
            .env("PORTAL_SECRET", &app.secret);
        let mut process = Process::start("portal", &mut command)?;
        let address = process.line_after("listening on http://").await?;
        ensure!(address == format!("127.0.0.1:{port}"), "the portal listens on {address}");
        Ok(Self { process, tap, app })
    }

    /// Address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.tap.port())
    }

    /// What the portal wrote so far.
    pub fn log(&self) -> String {
        self.process.output()
    }

    /// Stops the portal as an operator does.
    ///
    /// # Errors
    /// If it does not end well.
    pub async fn stop(mut self) -> Result {
        let status = self.process.terminate().await?;
        ensure!(status.success(), "the portal ended with {status}:\n{}", self.log());
        Ok(())
    }
}

/// Takes the permission to run WebAssembly out of the policy of the portal's pages.
fn forbid_wasm(answer: &mut [u8]) {
    const PERMISSION: &[u8] = b"'wasm-unsafe-eval'";
    if let Some(at) = answer.windows(PERMISSION.len()).position(|window| window == PERMISSION) {
        answer[at..at + PERMISSION.len()].fill(b' ');
    }
}
