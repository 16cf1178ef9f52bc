//! A browser with an empty profile.

use crate::console::{Console, ConsoleEntry};
use crate::process::{Process, clean_command};
use crate::{Result, paths};
use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::ops::Deref;
use std::time::Duration;
use tempfile::TempDir;
use thirtyfour::{
    BrowserLogEntry, CapabilitiesHelper as _, ChromiumLikeCapabilities as _, DesiredCapabilities,
    LoggingPrefsLogLevel, WebDriver, WebElement,
};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Browsers that run at once in one test process; each needs most of a core.
static SLOTS: Semaphore = Semaphore::const_new(2);

/// Chromium's arguments. None of them changes what a page can see or do.
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
    "--window-size=1280,900",
];

/// How long a browser may take to end by itself.
const END_TIMEOUT: Duration = Duration::from_secs(5);

/// A running browser. Dropping it ends browser and driver.
pub struct Browser {
    driver: WebDriver,
    driver_port: u16,
    console: Console,
    // Dropped in this order: driver and browser, then the profile that they write to.
    _process: Process,
    _profile: TempDir,
    _slot: SemaphorePermit<'static>,
}

impl Browser {
    /// Starts Chromium with its driver from `PATH`.
    ///
    /// # Errors
    /// If either is missing or does not start.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// The same with further arguments.
    ///
    /// # Errors
    /// As [`Browser::start`].
    pub async fn start_with(arguments: &[&str]) -> Result<Self> {
        let slot = SLOTS.acquire().await?;
        let profile = tempfile::tempdir()?;
        let mut command = clean_command(paths::program("chromedriver")?);
        // Whatever driver and browser write beside the profile goes there, too.
        command.env("HOME", profile.path()).env("TMPDIR", profile.path());
        let mut process = Process::start("chromedriver", command.arg("--port=0"))?;
        let port = process.line_after("started successfully on port ").await?;
        let port: u16 = port.trim_end_matches('.').parse().context("chromedriver names its port")?;

        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_binary(&paths::program("chromium")?.to_string_lossy())?;
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        capabilities.set("webSocketUrl", true)?;
        for argument in ARGUMENTS.iter().chain(arguments) {
            capabilities.add_arg(argument)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities)
            .await
            .with_context(|| format!("starting Chromium:\n{}", process.output()))?;
        // Whole before the next step that may fail: from here on dropping it ends the browser.
        let browser = Self {
            driver,
            driver_port: port,
            console: Console::default(),
            _process: process,
            _profile: profile,
            _slot: slot,
        };
        browser.console.listen(browser.capability("webSocketUrl").and_then(Value::as_str)).await?;
        Ok(browser)
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
        for BrowserLogEntry { level, message: text, source, .. } in self.driver.browser_log().await? {
            // What scripts wrote came by the other way already.
            let by_script = source.is_some_and(|source| source == "console-api" || source == "javascript");
            if !by_script {
                entries.push(ConsoleEntry {
                    is_error: level == "SEVERE",
                    is_warning: level == "WARNING",
                    text,
                });
            }
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
            let pid = self.capability("goog:processID").and_then(Value::as_i64);
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
