//! Standard output: one JSON object, or text for eyes.

use super::CliError;
use serde_json::Value;
use std::io::{self, Write as _};

#[derive(Clone, Copy, Debug)]
pub(super) struct Output {
    json: bool,
}

impl Output {
    pub(super) const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints `json` with `--json`, else `text`.
    pub(super) fn print(self, json: &Value, text: &str) -> Result<(), CliError> {
        line(&if self.json { json.to_string() } else { text.trim_end().to_owned() })
    }
}

/// Prints a line, at once.
pub(super) fn line(text: &str) -> Result<(), CliError> {
    whole(format!("{text}\n").as_bytes())
}

/// Prints this, at once.
pub(super) fn whole(text: &[u8]) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text).and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => CliError::NobodyReads,
        _ => CliError::Io("cannot write to standard output".to_owned(), error),
    })
}

/// A remark beside the answer, on standard error.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "thread: {text}");
}
