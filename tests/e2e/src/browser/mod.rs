//! A browser with an empty profile.

mod ability;
mod choice;
mod chromium;
mod console;
mod firefox;
mod webkit;

pub use ability::Ability;
pub use choice::{BrowserKind, EngineKind};
pub use console::ConsoleEntry;

use crate::Result;
use crate::process::Process;
use anyhow::{Context as _, bail};
use console::{Console, Recorded, TAKE_RECORDED};
use rustix::process::{Pid, Signal, kill_process};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::ops::Deref;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;
use thirtyfour::{BrowserLogEntry, Capabilities, WebDriver, WebElement};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Browsers that run at once in one test process; each needs most of a core.
static SLOTS: Semaphore = Semaphore::const_new(2);

/// The window's size.
const WIDTH: u32 = 1280;
const HEIGHT: u32 = 900;

/// How long a browser may take to start: long, where many programs share a machine.
const START_TIMEOUT: Duration = Duration::from_secs(90);

/// How long a browser may take to end by itself.
const END_TIMEOUT: Duration = Duration::from_secs(5);

/// A running browser. Dropping it ends browser and driver.
pub struct Browser {
    kind: BrowserKind,
    driver: WebDriver,
    driver_port: u16,
    console: Console,
    // Dropped in this order: driver and browser, then their display, then the profile that they write to.
    _process: Process,
    _display: Option<Process>,
    _profile: TempDir,
    _slot: SemaphorePermit<'static>,
}

/// What the start of one kind gives.
struct Started {
    driver: WebDriver,
    port: u16,
    process: Process,
    display: Option<Process>,
}

impl Browser {
    /// Starts the browser that `E2E_BROWSER` asks for, with its driver from `PATH`.
    ///
    /// # Errors
    /// If either is missing or does not start.
    pub async fn start() -> Result<Self> {
        Self::start_kind(BrowserKind::chosen()?, &[]).await
    }

    /// Starts Chromium, whatever the others run in, with further arguments: for what is asked of Chromium's own
    /// tools, [`Browser::cdp`](WebDriver::cdp). Such tests are in the module `chromium`.
    ///
    /// # Errors
    /// As [`Browser::start`].
    pub async fn start_chromium(arguments: &[&str]) -> Result<Self> {
        Self::start_kind(BrowserKind::Chromium, arguments).await
    }

    async fn start_kind(kind: BrowserKind, arguments: &[&str]) -> Result<Self> {
        let slot = SLOTS.acquire().await?;
        let profile = tempfile::tempdir()?;
        let started = match kind {
            BrowserKind::Chromium => chromium::start(profile.path(), arguments).await,
            BrowserKind::Firefox => firefox::start(profile.path(), arguments).await,
            BrowserKind::Webkit => webkit::start(profile.path(), arguments).await,
        };
        let Started { driver, port, process, display } =
            started.with_context(|| format!("starting {kind:?}"))?;
        // Whole before the next step that may fail: from here on dropping it ends the browser.
        let browser = Self {
            kind,
            driver,
            driver_port: port,
            console: Console::default(),
            _process: process,
            _display: display,
            _profile: profile,
            _slot: slot,
        };
        if kind != BrowserKind::Webkit {
            browser.console.listen(browser.capability("webSocketUrl").and_then(Value::as_str)).await?;
        }
        Ok(browser)
    }

    /// Which browser it is.
    pub fn kind(&self) -> BrowserKind {
        self.kind
    }

    /// Runs a function's body in the current frame; gives what it returns.
    ///
    /// # Errors
    /// If it throws or returns something else.
    pub async fn run<T: DeserializeOwned>(&self, script: &str) -> Result<T> {
        self.run_with(script, &[]).await
    }

    /// The same with `arguments`.
    ///
    /// # Errors
    /// As [`Browser::run`].
    pub async fn run_with<T: DeserializeOwned>(&self, script: &str, arguments: &[Value]) -> Result<T> {
        let returned = self.driver.execute(script, arguments.to_vec()).await?;
        returned.convert().with_context(|| format!("what the page returned to {script:?}"))
    }

    /// The element that a function's body returns, if it returns one.
    pub(crate) async fn element(&self, script: &str, arguments: &[Value]) -> Result<Option<WebElement>> {
        let returned = self.driver.execute(script, arguments.to_vec()).await?;
        Ok(if returned.json().is_null() { None } else { Some(returned.element()?) })
    }

    /// `DELETE /session/{id}`; the driver answers once the browser has ended.
    fn end_session(&self) -> std::io::Result<()> {
        let mut driver = TcpStream::connect(("127.0.0.1", self.driver_port))?;
        driver.set_read_timeout(Some(END_TIMEOUT))?;
        let id = self.driver.session_id();
        write!(driver, "DELETE /session/{id} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut answer = [0; 12];
        driver.read_exact(&mut answer)?;
        if &answer == b"HTTP/1.1 200" { Ok(()) } else { Err(std::io::ErrorKind::Other.into()) }
    }

    fn capability(&self, name: &str) -> Option<&Value> {
        self.driver.capabilities().get(name)
    }

    /// The console's lines since the last call: what the page and its frames wrote, exceptions that nobody
    /// caught, and what the browser itself has to say of the page (policies, failed requests).
    ///
    /// # Errors
    /// If the driver does not tell.
    pub async fn console(&self) -> Result<Vec<ConsoleEntry>> {
        let mut entries = self.console.take();
        if self.kind == BrowserKind::Webkit {
            let recorded: Vec<Recorded> = self.run(TAKE_RECORDED).await?;
            entries.extend(recorded.into_iter().map(ConsoleEntry::from));
        }
        if self.kind == BrowserKind::Chromium {
            for BrowserLogEntry { level, message: text, source, .. } in self.driver.browser_log().await? {
                // What scripts wrote came by the other way already.
                let by_script =
                    source.is_some_and(|source| source == "console-api" || source == "javascript");
                if !by_script {
                    entries.push(ConsoleEntry {
                        is_error: level == "SEVERE",
                        is_warning: level == "WARNING",
                        text,
                    });
                }
            }
        }
        if EngineKind::chosen()? == EngineKind::Plain {
            // The question whether WebAssembly is allowed is answered by the browser on the console too.
            entries.retain(|entry| !entry.text.contains("WebAssembly"));
        }
        Ok(entries)
    }

    /// The console's errors since the last call.
    ///
    /// # Errors
    /// If the driver does not tell.
    pub async fn console_errors(&self) -> Result<Vec<String>> {
        let entries = self.console().await?;
        Ok(entries.into_iter().filter(|entry| entry.is_error).map(|entry| entry.text).collect())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Not by thirtyfour's own end of a session: it waits for an answer on the very runtime that runs this.
        let _ = self.driver.clone().leak();
        if self.end_session().is_err() {
            // Whatever is wrong with the driver, the browser must not stay.
            let pid =
                ["goog:processID", "moz:processID"].iter().find_map(|name| self.capability(name)?.as_i64());
            if let Some(pid) = pid.and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw) {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }
}

impl Deref for Browser {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        &self.driver
    }
}

/// Whatever driver and browser write beside the profile goes there, too.
fn in_profile<'a>(command: &'a mut Command, profile: &Path) -> &'a mut Command {
    command.env("HOME", profile).env("TMPDIR", profile).env("XDG_RUNTIME_DIR", profile)
}

/// Has a driver start its browser.
async fn connect(port: u16, capabilities: Value, process: &Process) -> Result<WebDriver> {
    let Value::Object(capabilities) = capabilities else { bail!("capabilities are an object") };
    let started = WebDriver::new(format!("http://127.0.0.1:{port}"), Capabilities::from(capabilities));
    let output = || process.output();
    timeout(START_TIMEOUT, started).await.with_context(output)?.with_context(output)
}
