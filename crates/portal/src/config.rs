//! Where the portal's settings come from, and what is wrong with them.

use signing::{Secret, SecretError};
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use zeroize::Zeroizing;

/// Environment variable that holds the secret. There is no flag for it: every user of a machine can read the
/// command lines of its processes.
pub const SECRET_VARIABLE: &str = "PORTAL_SECRET";

/// The example portal. The secret comes from the environment variable `PORTAL_SECRET`, or from a file.
#[derive(Debug, clap::Parser)]
#[command(name = "portal", version)]
pub struct Args {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "PORTAL_LISTEN", default_value = "127.0.0.1:8090")]
    pub listen: SocketAddr,

    /// Thread's public address: where widget.js comes from.
    #[arg(long, env = "PORTAL_THREAD_URL", default_value = "http://127.0.0.1:8080")]
    pub thread_url: ThreadOrigin,

    /// The app id that Thread gave out; no secret.
    #[arg(long, env = "PORTAL_APP_ID")]
    pub app_id: String,

    /// File that holds the secret and nothing else; one line end at its end is no part of it.
    #[arg(long, env = "PORTAL_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,

    /// Mark cookies `Secure`: for a portal behind https.
    #[arg(long, env = "PORTAL_SECURE_COOKIES")]
    pub secure_cookies: bool,
}

/// Why the portal cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Neither variable nor file.
    #[error("no secret: set {SECRET_VARIABLE} or PORTAL_SECRET_FILE (`thread app create` prints one)")]
    NoSecret,
    /// Variable and file.
    #[error("two secrets: {SECRET_VARIABLE} and PORTAL_SECRET_FILE are both set; keep one")]
    TwoSecrets,
    /// The file cannot be read.
    #[error("the secret's file {path} cannot be read: {source}")]
    SecretFile {
        /// As it was given.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What was found is no secret.
    #[error("{origin}: {source}")]
    Secret {
        /// Variable or file.
        origin: String,
        /// Why.
        source: SecretError,
    },
}

/// Takes the secret from the variable's value or from the file, whichever is there.
///
/// One line end at the end of either is taken off, and a note says so: editors put it there, and with it every
/// key would be wrong.
pub fn load_secret(variable: Option<String>, file: Option<&Path>) -> Result<Secret, ConfigError> {
    let (text, origin) = match (variable.map(Zeroizing::new), file) {
        (Some(_), Some(_)) => return Err(ConfigError::TwoSecrets),
        (Some(text), None) => (text, SECRET_VARIABLE.to_owned()),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path)
                .map_err(|source| ConfigError::SecretFile { path: path.to_owned(), source })?;
            (Zeroizing::new(text), path.display().to_string())
        }
        (None, None) => return Err(ConfigError::NoSecret),
    };
    let stripped = text.strip_suffix('\n').map(|rest| rest.strip_suffix('\r').unwrap_or(rest));
    if stripped.is_some() {
        eprintln!("portal: {origin}: the line end after the secret was left out");
    }
    Secret::from_text(stripped.unwrap_or(&text)).map_err(|source| ConfigError::Secret { origin, source })
}

/// Thread's origin: scheme, host and port, nothing else.
///
/// Its characters are those of an origin, so it can stand in a header and in a page as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadOrigin(String);

/// The text is no origin.
#[derive(Debug, thiserror::Error)]
#[error("Thread's address must be http:// or https://, a host and perhaps a port, without a path")]
pub struct ThreadOriginError;

impl ThreadOrigin {
    /// The origin, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Address of the widget.
    pub fn widget_url(&self) -> String {
        format!("{self}/widget.js")
    }
}

impl FromStr for ThreadOrigin {
    type Err = ThreadOriginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: axum::http::Uri = text.parse().map_err(|_| ThreadOriginError)?;
        let (Some(scheme @ ("http" | "https")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(ThreadOriginError);
        };
        let plain = |b: u8| b.is_ascii_alphanumeric() || b".-:[]".contains(&b);
        if uri.path() != "/" || uri.query().is_some() || !authority.as_str().bytes().all(plain) {
            return Err(ThreadOriginError);
        }
        Ok(Self(format!("{scheme}://{authority}")))
    }
}

impl fmt::Display for ThreadOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), text).expect("writable");
        file
    }

    #[test]
    fn one_line_end_is_no_part_of_the_secret() {
        for text in ["cgs_x", "cgs_x\n", "cgs_x\r\n"] {
            let secret = load_secret(None, Some(file(text).path())).expect("a secret");
            assert_eq!(secret.expose(), "cgs_x", "{text:?}");
            assert_eq!(load_secret(Some(text.into()), None).expect("a secret").expose(), "cgs_x");
        }
    }

    #[test]
    fn other_white_space_is_refused_and_the_source_is_named_without_the_secret() {
        for text in ["cgs_x\n\n", " cgs_x", "cgs_x ", "", "\n"] {
            let file = file(text);
            let error = load_secret(None, Some(file.path())).expect_err("no secret").to_string();
            assert!(error.contains(&file.path().display().to_string()), "{error}");
            assert!(!error.contains("cgs_x"), "{error}");
        }
        let error = load_secret(Some(" cgs_x".into()), None).expect_err("no secret").to_string();
        assert!(error.starts_with("PORTAL_SECRET: ") && !error.contains("cgs_x"), "{error}");
    }

    #[test]
    fn exactly_one_source_is_needed() {
        assert!(matches!(load_secret(None, None), Err(ConfigError::NoSecret)));
        let file = file("cgs_x");
        assert!(matches!(load_secret(Some("cgs_y".into()), Some(file.path())), Err(ConfigError::TwoSecrets)));
        let missing = Path::new("/nowhere/secret");
        assert!(matches!(load_secret(None, Some(missing)), Err(ConfigError::SecretFile { .. })));
    }

    #[test]
    fn an_origin_is_taken_with_or_without_its_slash() {
        for text in ["http://127.0.0.1:8080", "http://127.0.0.1:8080/"] {
            assert_eq!(text.parse::<ThreadOrigin>().expect("an origin").as_str(), "http://127.0.0.1:8080");
        }
        let origin: ThreadOrigin = "https://messenger.example".parse().expect("an origin");
        assert_eq!(origin.widget_url(), "https://messenger.example/widget.js");
        assert_eq!("http://[::1]:80".parse::<ThreadOrigin>().expect("an origin").as_str(), "http://[::1]:80");
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "",
            "127.0.0.1:8080",
            "ftp://a",
            "http://a/b",
            "http://a/?b",
            "http://user@a",
            "http://a;script-src *",
            "http://a'b",
            "javascript:alert(1)",
        ] {
            assert!(text.parse::<ThreadOrigin>().is_err(), "{text:?}");
        }
    }
}
