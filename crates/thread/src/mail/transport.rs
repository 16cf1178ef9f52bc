//! The ways out of a mail: log, folder, SMTP.

use crate::crypto::{uuid_v7, write_private};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

const SMTP_TIMEOUT: Duration = Duration::from_secs(20);
const SUBMISSION_PORT: u16 = 587;
const SUBMISSIONS_PORT: u16 = 465;

/// `--mail`.
#[derive(Clone)]
pub enum MailTarget {
    /// PINs go to the log: for development alone.
    Log,
    /// One `*.eml` a mail.
    File(PathBuf),
    /// A server.
    Smtp(Box<SmtpTarget>),
}

/// A mail server.
#[derive(Clone)]
pub struct SmtpTarget {
    host: String,
    port: u16,
    tls: TlsUse,
    credentials: Option<Credentials>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TlsUse {
    /// From the first byte: `smtps://`.
    Wrapped,
    /// STARTTLS, or no mail.
    Required,
    /// STARTTLS where the server offers it.
    Offered,
}

/// Why a mail did not go out.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It cannot be made.
    #[error("the mail cannot be made: {0}")]
    Message(#[from] lettre::error::Error),
    /// The folder cannot be written to.
    #[error("the mail folder {0}: {1}")]
    Folder(PathBuf, io::Error),
    /// The server is there, but does not want to talk.
    #[error("the mail server broke off")]
    Unwilling,
    /// The server, or the way to it. What a server says may repeat the address, so only the kind is shown.
    #[error("the mail server {}", smtp_kind(.0))]
    Smtp(lettre::transport::smtp::Error),
}

impl MailError {
    /// Whether another try is of no use: the server does not take this mail.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Message(_) => true,
            Self::Folder(..) | Self::Unwilling => false,
            Self::Smtp(error) => error.is_permanent(),
        }
    }
}

fn smtp_kind(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("answered {code}"),
        None if error.is_timeout() => "did not answer in time".to_owned(),
        None if error.is_tls() => "offers no TLS that can be trusted".to_owned(),
        None => "cannot be reached or broke off".to_owned(),
    }
}

impl MailTarget {
    /// `log`, `file:DIR`, `smtp://user:pass@host:port`, `smtps://…`.
    ///
    /// `smtp://` uses STARTTLS where the server offers it; with credentials, or `?tls=required`, it sends nothing
    /// without. `?tls=offered` lets credentials pass in clear.
    ///
    /// # Errors
    /// A sentence that explains; it never repeats what was given, since that may hold a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "log" {
            return Ok(Self::Log);
        }
        if let Some(folder) = text.strip_prefix("file:") {
            let folder = folder.strip_prefix("//").unwrap_or(folder);
            return if folder.is_empty() {
                Err("file: needs a folder, like file:/var/spool/thread".to_owned())
            } else {
                Ok(Self::File(PathBuf::from(folder)))
            };
        }
        let told = || "must be log, file:DIR, smtp://[user:pass@]host[:port] or smtps://…".to_owned();
        let url = Url::parse(text).map_err(|_| told())?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(told)?.to_owned();
        let credentials = match (decoded(url.username()), url.password().map(decoded)) {
            (Some(user), None) if user.is_empty() => None,
            (Some(user), Some(Some(password))) => Some(Credentials::new(user, password)),
            _ => return Err("needs user and password together, percent-encoded".to_owned()),
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(told());
        }
        let (tls, default_port) = match (url.scheme(), url.query()) {
            ("smtps", None) => (TlsUse::Wrapped, SUBMISSIONS_PORT),
            ("smtp", Some("tls=required")) => (TlsUse::Required, SUBMISSION_PORT),
            ("smtp", None) if credentials.is_some() => (TlsUse::Required, SUBMISSION_PORT),
            ("smtp", None | Some("tls=offered")) => (TlsUse::Offered, SUBMISSION_PORT),
            ("smtp", Some(_)) => return Err("smtp:// takes ?tls=required or ?tls=offered".to_owned()),
            _ => return Err(told()),
        };
        let port = url.port().unwrap_or(default_port);
        Ok(Self::Smtp(Box::new(SmtpTarget { host, port, tls, credentials })))
    }
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let (digits, after) = after.split_at_checked(2)?;
            bytes.extend(hex::decode(digits).ok()?);
            rest = after;
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// Redacted: it may hold a password.
impl fmt::Debug for MailTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log => f.write_str("Log"),
            Self::File(folder) => write!(f, "File({})", folder.display()),
            Self::Smtp(smtp) => write!(f, "Smtp({}:{}, {:?})", smtp.host, smtp.port, smtp.tls),
        }
    }
}

/// Sends mails one way. Cheap to clone.
#[derive(Clone)]
pub struct Mailer(Way);

#[derive(Clone)]
enum Way {
    Log,
    File(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl Mailer {
    /// Gets ready; a folder that is not there is made.
    ///
    /// # Errors
    /// If the folder or TLS cannot be used.
    pub fn new(target: &MailTarget) -> Result<Self, MailError> {
        let way = match target {
            MailTarget::Log => Way::Log,
            MailTarget::File(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| MailError::Folder(folder.clone(), error))?;
                Way::File(folder.clone())
            }
            MailTarget::Smtp(smtp) => {
                let parameters = TlsParameters::new(smtp.host.clone()).map_err(MailError::Smtp)?;
                let tls = match smtp.tls {
                    TlsUse::Wrapped => Tls::Wrapper(parameters),
                    TlsUse::Required => Tls::Required(parameters),
                    TlsUse::Offered => Tls::Opportunistic(parameters),
                };
                let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
                    .port(smtp.port)
                    .timeout(Some(SMTP_TIMEOUT))
                    .tls(tls);
                if let Some(credentials) = &smtp.credentials {
                    builder = builder.credentials(credentials.clone());
                }
                Way::Smtp(builder.build())
            }
        };
        Ok(Self(way))
    }

    /// Whether mails only go to the log.
    pub const fn is_log(&self) -> bool {
        matches!(self.0, Way::Log)
    }

    /// Whether mails could go out now: the folder takes files, the server answers and knows us. None is sent.
    ///
    /// # Errors
    /// If they could not.
    pub async fn check(&self) -> Result<(), MailError> {
        match &self.0 {
            Way::Log => Ok(()),
            Way::File(folder) => {
                let probe = folder.join(format!(".check-{}", crate::crypto::random_id("")));
                let checked = write_private(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
                checked.map_err(|error| MailError::Folder(folder.clone(), error))
            }
            Way::Smtp(transport) => match transport.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err(MailError::Unwilling),
                Err(error) => Err(MailError::Smtp(error)),
            },
        }
    }

    /// Sends a mail; done when the server, the disk or the log has it.
    pub(super) async fn send(&self, message: Message, pin: &str, now_ms: i64) -> Result<(), MailError> {
        match &self.0 {
            Way::Log => {
                tracing::warn!(%pin, "--mail log: a PIN, instead of a mail");
                Ok(())
            }
            Way::File(folder) => {
                let name = uuid_v7(now_ms);
                let (draft, whole) = (folder.join(format!(".{name}")), folder.join(format!("{name}.eml")));
                let bytes = message.formatted();
                let work =
                    move || write_private(&draft, &bytes).and_then(|()| std::fs::rename(&draft, whole));
                let written = tokio::task::spawn_blocking(work)
                    .await
                    .unwrap_or_else(|error| Err(io::Error::other(error)));
                written.map_err(|error| MailError::Folder(folder.clone(), error))
            }
            Way::Smtp(transport) => transport.send(message).await.map(drop).map_err(MailError::Smtp),
        }
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailer(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(text: &str) -> SmtpTarget {
        match MailTarget::parse(text) {
            Ok(MailTarget::Smtp(smtp)) => *smtp,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn targets_are_understood() {
        assert!(matches!(MailTarget::parse("log"), Ok(MailTarget::Log)));
        assert!(
            matches!(MailTarget::parse("file:mails"), Ok(MailTarget::File(folder)) if folder.as_os_str() == "mails")
        );
        let plain = smtp("smtp://mail.example");
        assert_eq!((plain.port, plain.tls, plain.credentials.is_some()), (587, TlsUse::Offered, false));
        let wrapped = smtp("smtps://u%40x:p%3Aw@mail.example");
        assert_eq!((wrapped.port, wrapped.tls), (465, TlsUse::Wrapped));
        assert_eq!(wrapped.credentials, Some(Credentials::new("u@x".into(), "p:w".into())));
        assert_eq!(smtp("smtp://mail.example:25?tls=required").tls, TlsUse::Required);
        assert_eq!(smtp("smtp://u:p@mail.example").tls, TlsUse::Required, "a password is not sent in clear");
        assert_eq!(smtp("smtp://u:p@mail.example?tls=offered").tls, TlsUse::Offered);
    }

    #[test]
    fn what_is_no_target_is_explained_without_its_password() {
        for text in [
            "",
            "file:",
            "smtp://",
            "http://u:hunter2@x",
            "smtp://hunter2@x",
            "smtp://u:hunter2%ff@x",
            "smtp://u:hunter2@x?tls=no",
            "smtps://u:hunter2@x?tls=offered",
            "smtp://u:hunter2@x/path",
            "u:hunter2@x:25",
        ] {
            let told = MailTarget::parse(text).expect_err(text);
            assert!(!told.contains("hunter2"), "{told}");
        }
        let target = MailTarget::parse("smtp://u:hunter2@x").expect("valid");
        assert!(!format!("{target:?}").contains("hunter2"));
    }
}
