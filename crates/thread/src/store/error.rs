//! Faults of the database, and which of them pass.

use crate::crypto::CryptoError;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// A fault of the database, or of what stands in it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address names no database that this release can use.
    #[error("{0}")]
    Unsupported(String),
    /// The file cannot be made or opened.
    #[error("cannot open the database {path}: {source}")]
    Open {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no such file, and it is not to be made.
    #[error("there is no database at {}: name yours with --database, --config FILE or THREAD_DATABASE", .0.display())]
    Absent(PathBuf),
    /// The database failed.
    #[error("database: {0}{advice}", advice = advice(.0))]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("database schema: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A master key problem.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// A stored value that this release cannot read.
    #[error("the database holds an unreadable {0}")]
    Corrupt(&'static str),
    /// The commit that this write shared with others failed.
    #[error("{0}")]
    Batch(Arc<Self>),
}

/// What to do about a certificate that is not trusted: the libraries name their own types alone.
fn advice(error: &sqlx::Error) -> &'static str {
    let text = error.to_string();
    if text.contains("CaUsedAsEndEntity") {
        " (the server's certificate is an authority's own: give it one that the authority signed, and name the authority's in          sslrootcert)"
    } else if text.contains("UnknownIssuer") {
        " (nobody known here signed the server's certificate: name the certificate of who did in sslrootcert)"
    } else {
        ""
    }
}

/// What an error of a database means for the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// It may succeed at once.
    Conflict,
    /// It may succeed later.
    Transient,
    /// It will not.
    Lasting,
}

impl StoreError {
    /// Whether the same call may succeed later: the database is busy, full or away.
    pub fn is_transient(&self) -> bool {
        self.meaning() != Meaning::Lasting
    }

    /// Whether the same call may succeed at once: another write was in its way.
    pub(super) fn is_conflict(&self) -> bool {
        self.meaning() == Meaning::Conflict
    }

    fn meaning(&self) -> Meaning {
        match self {
            Self::Database(sqlx::Error::Database(error)) => of_code(&error.code().unwrap_or_default()),
            Self::Database(
                sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::Io(_)
                | sqlx::Error::WorkerCrashed,
            ) => Meaning::Transient,
            Self::Batch(error) => error.meaning(),
            _ => Meaning::Lasting,
        }
    }
}

/// SQLite's codes are numbers below 10,000; PostgreSQL's have five characters.
fn of_code(code: &str) -> Meaning {
    match code.as_bytes() {
        // Serialization failure, deadlock.
        b"40001" | b"40P01" => Meaning::Conflict,
        // Lock not available, query cancelled by a timeout, transaction closed by one; then by class: connection,
        // resources, intervention of an operator, system.
        b"55P03" | b"57014" | b"25P03" | [b'0', b'8', _, _, _] | [b'5', b'3' | b'7' | b'8', _, _, _] => {
            Meaning::Transient
        }
        [_, _, _, _, _] => Meaning::Lasting,
        // 5 busy, 6 locked, 10 I/O error, 13 full; extended codes carry them in the low byte.
        _ => match code.parse::<u32>() {
            Ok(code) if matches!(code & 0xff, 5 | 6 | 10 | 13) => Meaning::Transient,
            _ => Meaning::Lasting,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_are_told_apart() {
        for (code, meaning) in [
            ("40001", Meaning::Conflict),
            ("40P01", Meaning::Conflict),
            ("57P01", Meaning::Transient),
            ("53100", Meaning::Transient),
            ("08006", Meaning::Transient),
            ("23505", Meaning::Lasting),
            ("5", Meaning::Transient),
            ("13", Meaning::Transient),
            ("778", Meaning::Transient),
            ("2067", Meaning::Lasting),
            ("", Meaning::Lasting),
        ] {
            assert_eq!(of_code(code), meaning, "{code}");
        }
    }
}
