//! The log, on standard error.
//!
//! On a busy node a write to the system for each line would cost a request more than checking its key does. So lines of one
//! moment are written together: at once after a silence, else [`GATHER`] later. Warnings and errors never wait.

use crate::config::LogFormat;
use std::env;
use std::io::{self, BufWriter, Stderr, Write};
use std::panic;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::AbortHandle;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// How long a line may wait for others.
const GATHER: Duration = Duration::from_millis(100);
/// So many bytes do not wait for more.
const GATHERED_BYTES: usize = 32 * 1_024;

/// Writes what still waits when it is dropped.
#[must_use]
#[derive(Debug)]
pub struct Logging(AbortHandle);

impl Drop for Logging {
    fn drop(&mut self) {
        self.0.abort();
        gathered().write_out();
    }
}

/// Sends logs to standard error. `THREAD_LOG` sets what is logged, as `info` or `thread=debug`. Called in a runtime.
pub fn start(format: LogFormat) -> Logging {
    let asked = env::var("THREAD_LOG").ok().and_then(|text| text.parse().ok());
    let asked = asked.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let lines = fmt::layer().with_writer(Lines);
    let registry = tracing_subscriber::registry().with(asked).with(caps());
    let started = match format {
        LogFormat::Human => registry.with(lines.with_ansi(false)).try_init(),
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init(),
    };
    // Only a second start in one process, as in a test, can fail; the first goes on.
    let _ = started;
    // The text of a panic could hold anything: only its place is logged.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%place, "panicked");
    }));
    let writing = tokio::spawn(async {
        let mut ticks = tokio::time::interval(GATHER);
        loop {
            ticks.tick().await;
            gathered().write_out();
        }
    });
    Logging(writing.abort_handle())
}

/// Some libraries trace what goes over the wire, tokens included: no setting brings that into a log. What NATS and the database
/// come to, the service says itself.
fn caps() -> Targets {
    Targets::new()
        .with_default(LevelFilter::TRACE)
        .with_targets(["sqlx", "async_nats"].map(|name| (name, LevelFilter::WARN)))
        .with_targets(
            ["tungstenite", "tokio_tungstenite", "hyper", "lettre"].map(|name| (name, LevelFilter::INFO)),
        )
}

/// Lines that wait, and when some were written last.
struct Gathered<W: Write> {
    waiting: BufWriter<W>,
    written: Option<Instant>,
}

static GATHERED: LazyLock<Mutex<Gathered<Stderr>>> = LazyLock::new(|| Mutex::new(Gathered::to(io::stderr())));

fn gathered() -> MutexGuard<'static, Gathered<Stderr>> {
    GATHERED.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<W: Write> Gathered<W> {
    fn to(target: W) -> Self {
        Self { waiting: BufWriter::with_capacity(GATHERED_BYTES, target), written: None }
    }

    fn add(&mut self, line: &[u8], is_urgent: bool) {
        // Nobody could be told that the log cannot be written.
        let _ = self.waiting.write_all(line);
        if is_urgent || self.written.is_none_or(|written| written.elapsed() >= GATHER) {
            self.write_out();
        }
    }

    fn write_out(&mut self) {
        if !self.waiting.buffer().is_empty() {
            let _ = self.waiting.flush();
            self.written = Some(Instant::now());
        }
    }
}

/// Makes the writer of each line.
struct Lines;

/// The writer of one line.
struct Line {
    is_urgent: bool,
}

impl MakeWriter<'_> for Lines {
    type Writer = Line;

    fn make_writer(&self) -> Line {
        Line { is_urgent: true }
    }

    fn make_writer_for(&self, about: &Metadata<'_>) -> Line {
        Line { is_urgent: *about.level() <= Level::WARN }
    }
}

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        gathered().add(line, self.is_urgent);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_moment_are_written_together_and_warnings_at_once() {
        let mut gathered = Gathered::to(Vec::new());
        gathered.add(b"first\n", false);
        assert_eq!(gathered.waiting.get_ref(), b"first\n", "after a silence");
        // Not so long ago, however slow the machine is.
        gathered.written = Some(Instant::now() + GATHER);
        gathered.add(b"second\n", false);
        assert_eq!(gathered.waiting.get_ref(), b"first\n");
        gathered.add(b"warning\n", true);
        assert_eq!(gathered.waiting.get_ref(), b"first\nsecond\nwarning\n", "in order");
        gathered.written = Some(Instant::now() + GATHER);
        gathered.add(&vec![b'x'; GATHERED_BYTES], false);
        assert!(gathered.waiting.get_ref().len() >= GATHERED_BYTES, "memory is bounded");
        gathered.add(b"last\n", false);
        gathered.write_out();
        assert!(gathered.waiting.get_ref().ends_with(b"last\n"));
    }

    #[test]
    fn no_setting_logs_what_libraries_trace_of_the_wire() {
        for target in ["tungstenite::protocol::frame", "hyper::proto::h1", "lettre::transport", "sqlx::query"]
        {
            assert!(!caps().would_enable(target, &Level::DEBUG), "{target}");
            assert!(caps().would_enable(target, &Level::WARN), "{target}");
        }
        assert!(caps().would_enable("thread::routes", &Level::TRACE));
    }
}
