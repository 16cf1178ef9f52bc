//! A child process that does not outlive its owner.

use crate::wait::{until, until_some};
use crate::{Result, paths};
use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, spawn};

/// A child process. Dropping it kills it and waits for its end.
///
/// It stays in the test's process group, so that Ctrl-C and a runner's timeout end it, too.
pub(crate) struct Process {
    name: &'static str,
    child: Child,
    output: Output,
    readers: Vec<JoinHandle<()>>,
}

/// All lines that a process wrote so far, of both streams.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<String>>);

impl Output {
    fn collect(&self, stream: impl Read + Send + 'static) -> JoinHandle<()> {
        let this = self.clone();
        spawn(move || {
            for line in BufReader::new(stream).lines().map_while(std::io::Result::ok) {
                let mut text = this.0.lock().unwrap_or_else(PoisonError::into_inner);
                text.push_str(&line);
                text.push('\n');
            }
        })
    }

    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Process {
    pub(crate) fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {name}"))?;
        let output = Output::default();
        let readers = vec![
            output.collect(child.stdout.take().context("a piped stream")?),
            output.collect(child.stderr.take().context("a piped stream")?),
        ];
        Ok(Self { name, child, output, readers })
    }

    /// What the process wrote so far, of both streams.
    pub(crate) fn output(&self) -> String {
        self.output.text()
    }

    /// What follows `marker` in the process's output, up to the end of that line; waits for it.
    pub(crate) async fn line_after(&mut self, marker: &str) -> Result<String> {
        let what = format!("{} says {marker:?}", self.name);
        until_some(&what, async || {
            let text = self.output();
            let rest = text.split_once(marker).and_then(|(_, rest)| rest.split_once('\n'));
            if rest.is_none() {
                self.still_runs()?;
            }
            Ok(rest.map(|(line, _)| line.to_owned()))
        })
        .await
    }

    /// An error, with the process's output, once it has ended.
    pub(crate) fn still_runs(&mut self) -> Result {
        if let Some(status) = self.child.try_wait()? {
            bail!("{} ended with {status}:\n{}", self.name, self.output());
        }
        Ok(())
    }

    /// Asks the process to end, as an operator does, and waits until it has.
    pub(crate) async fn terminate(&mut self) -> Result<ExitStatus> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let mut status = None;
        until(&format!("{} ends after SIGTERM", self.name), async || {
            status = self.child.try_wait()?;
            Ok(status.is_some())
        })
        .await?;
        status.context("the process has ended")
    }

    /// Kills the process, if it still runs; all that it wrote.
    pub(crate) fn end(mut self) -> String {
        self.kill();
        for reader in std::mem::take(&mut self.readers) {
            let _ = reader.join();
        }
        self.output()
    }

    fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A command that inherits nothing but what every program needs, so that no setting of the developer's leaks in.
pub(crate) fn clean_command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().current_dir(paths::workspace());
    for name in ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// A port of 127.0.0.1 that was free a moment ago. Whoever uses it tries another if it was taken since.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
