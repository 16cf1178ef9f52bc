//! Starts Firefox.

use super::{HEIGHT, Started, WIDTH, connect, in_profile};
use crate::process::{Process, clean_command};
use crate::{Result, paths};
use anyhow::Context as _;
use serde_json::json;
use std::path::Path;

pub(super) async fn start(profile: &Path, arguments: &[&str]) -> Result<Started> {
    let mut command = clean_command(paths::program("geckodriver")?);
    // Without a port of its own for BiDi, two at once would want the same.
    command.args(["--port=0", "--websocket-port=0"]);
    command.env("MOZ_HEADLESS_WIDTH", WIDTH.to_string()).env("MOZ_HEADLESS_HEIGHT", HEIGHT.to_string());
    let mut process = Process::start("geckodriver", in_profile(&mut command, profile))?;
    let address = process.line_after("Listening on ").await?;
    let port = address
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .context("geckodriver names its port")?;

    let mut all = vec!["-headless"];
    all.extend(arguments);
    let binary = paths::find_program("firefox-esr").map_or_else(|| paths::program("firefox"), Ok)?;
    let capabilities = json!({
        "browserName": "firefox",
        "moz:firefoxOptions": { "binary": binary, "args": all },
        "webSocketUrl": true,
    });
    let driver = connect(port, capabilities, &process).await?;
    Ok(Started { driver, port, process, display: None })
}
