//! Starts Chromium.

use super::{HEIGHT, Started, WIDTH, connect, in_profile};
use crate::process::{Process, clean_command};
use crate::{Result, paths};
use anyhow::Context as _;
use serde_json::json;
use std::path::Path;

/// None of them changes what a page can see or do.
const ARGUMENTS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

pub(super) async fn start(profile: &Path, arguments: &[&str]) -> Result<Started> {
    let mut command = clean_command(paths::program("chromedriver")?);
    let mut process = Process::start("chromedriver", in_profile(&mut command, profile).arg("--port=0"))?;
    let port = process.line_after("started successfully on port ").await?;
    let port: u16 = port.trim_end_matches('.').parse().context("chromedriver names its port")?;

    let mut all: Vec<String> =
        ARGUMENTS.iter().chain(arguments).map(|&argument| argument.to_owned()).collect();
    all.push(format!("--window-size={WIDTH},{HEIGHT}"));
    all.push(format!("--user-data-dir={}", profile.display()));
    let capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "binary": paths::program("chromium")?, "args": all },
        "goog:loggingPrefs": { "browser": "ALL" },
        "webSocketUrl": true,
    });
    let driver = connect(port, capabilities, &process).await?;
    Ok(Started { driver, port, process, display: None })
}
