//! Starts WebKit, in GTK's small browser. It has no headless mode, so it gets a display of its own.

use super::{HEIGHT, Started, WIDTH, connect, in_profile};
use crate::process::{Process, clean_command, free_port};
use crate::wait::{until, until_some};
use crate::{Result, paths};
use serde_json::json;
use std::net::TcpStream;
use std::path::Path;

pub(super) async fn start(profile: &Path, arguments: &[&str]) -> Result<Started> {
    let mut command = clean_command(paths::program("Xvfb")?);
    command.args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]);
    let mut display = Process::start("Xvfb", &mut command)?;
    // Amid complaints of displays that are taken.
    let number = until_some("Xvfb names its display", async || {
        let output = display.output();
        let number = output.lines().find(|line| line.parse::<u16>().is_ok());
        if number.is_none() {
            display.still_runs()?;
        }
        Ok(number.map(str::to_owned))
    })
    .await?;

    let port = free_port()?;
    let mut command = clean_command(paths::program("WebKitWebDriver")?);
    command
        .arg(format!("--port={port}"))
        .env("DISPLAY", format!(":{number}"))
        // Neither a graphics card nor a desktop is there.
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("GTK_A11Y", "none")
        .env("NO_AT_BRIDGE", "1");
    let mut process = Process::start("WebKitWebDriver", in_profile(&mut command, profile))?;
    until("WebKitWebDriver listens", async || {
        process.still_runs()?;
        Ok(TcpStream::connect(("127.0.0.1", port)).is_ok())
    })
    .await?;

    let mut all = vec!["--automation"];
    all.extend(arguments);
    let capabilities = json!({ "webkitgtk:browserOptions": { "args": all } });
    let driver = connect(port, capabilities, &process).await?;
    driver.set_window_rect(0, 0, WIDTH, HEIGHT).await?;
    Ok(Started { driver, port, process, display: Some(display) })
}
