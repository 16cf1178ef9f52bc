//! A `nats-server` of a test's own.

use crate::process::{Process, clean_command, free_port};
use crate::wait::until;
use crate::{Result, paths};

/// Ends when dropped.
pub(super) struct Nats {
    _process: Process,
    port: u16,
}

impl Nats {
    pub(super) async fn start() -> Result<Self> {
        let port = free_port()?;
        let mut command = clean_command(paths::program("nats-server")?);
        command.args(["--addr", "127.0.0.1", "--port", &port.to_string()]);
        let mut process = Process::start("nats-server", &mut command)?;
        until("NATS is there", async || {
            process.still_runs()?;
            Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok())
        })
        .await?;
        Ok(Self { _process: process, port })
    }

    pub(super) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }
}
