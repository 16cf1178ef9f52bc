//! What `thread serve` can be told; each flag is also an environment variable.

// Doc comments here are the help texts of the command line, which show them as they are.
#![allow(rustdoc::bare_urls, rustdoc::invalid_html_tags)]

use crate::attachments::AttachmentTarget;
use crate::connections::ConnectionLimits;
use crate::mail::{MailTarget, parse_sender};
use crate::nodes::NatsTarget;
use crate::origin::Origin;
use crate::versions::VersionsTarget;
use clap::builder::RangedU64ValueParser;
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use lettre::message::Mailbox;
use std::net::SocketAddr;
use std::time::Duration;

/// What may be attached unless the operator says otherwise: pictures, documents, archives; nothing that runs.
const ATTACHMENT_TYPES: &str = "image/png,image/jpeg,image/gif,image/webp,application/pdf,text/plain,text/csv,\
     application/zip,application/msword,application/vnd.ms-excel,\
     application/vnd.openxmlformats-officedocument.wordprocessingml.document,\
     application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,\
     application/vnd.openxmlformats-officedocument.presentationml.presentation,\
     application/vnd.oasis.opendocument.text,audio/mpeg,video/mp4";

/// Flags of `thread serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeConfig {
    /// Address and port to listen on
    #[arg(long, env = "THREAD_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Origin under which browsers reach this service, as behind a TLS proxy [default: http://<listen>]
    #[arg(long, env = "THREAD_PUBLIC_URL", value_name = "URL", value_parser = parse_origin)]
    pub public_url: Option<Origin>,

    /// Networks of your reverse proxies, comma-separated: their X-Forwarded-For is believed, hop by hop from its end, up
    /// to the first address that is none of them
    #[arg(long, env = "THREAD_TRUSTED_PROXIES", value_name = "CIDR", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpNet>,

    /// How long a session token lives
    #[arg(long, env = "THREAD_SESSION_LIFETIME", value_name = "DURATION", default_value = "1h", value_parser = parse_duration)]
    pub session_lifetime: Duration,

    /// How long renewals can prolong a session that came from a connection key
    #[arg(long, env = "THREAD_SESSION_MAX_LIFETIME", value_name = "DURATION", default_value = "24h", value_parser = parse_duration)]
    pub session_max_lifetime: Duration,

    /// How long a token lives that came from a PIN
    #[arg(long, env = "THREAD_PIN_SESSION_LIFETIME", value_name = "DURATION", default_value = "30d", value_parser = parse_duration)]
    pub pin_session_lifetime: Duration,

    /// How long renewals can prolong a session that came from a PIN
    #[arg(long, env = "THREAD_PIN_SESSION_MAX_LIFETIME", value_name = "DURATION", default_value = "30d", value_parser = parse_duration)]
    pub pin_session_max_lifetime: Duration,

    /// NATS of the nodes that share a PostgreSQL, as nats://HOST:PORT or tls://…, several comma-separated: what happens at
    /// one is told to the others at once; without it, or while it is away, within a second
    #[arg(long, env = "THREAD_NATS", value_name = "ADDRESS", hide_env_values = true, value_parser = NatsTarget::parse)]
    pub nats: Option<NatsTarget>,

    /// How PINs are mailed: log (prints them, for development alone), `file:DIR` (one .eml a mail),
    /// `smtp://[user:pass@]host[:port]` (STARTTLS where offered; required with credentials or ?tls=required), `smtps://…`
    #[arg(long, env = "THREAD_MAIL", value_name = "TARGET", default_value = "log", hide_env_values = true, value_parser = MailTarget::parse)]
    pub mail: MailTarget,

    /// Sender of mails: an address, or Name <address>; without a name, the app's is shown
    #[arg(long, env = "THREAD_MAIL_FROM", value_name = "ADDRESS", default_value = "support@localhost", value_parser = parse_sender)]
    pub mail_from: Mailbox,

    /// Where attachments are: `file:DIR`, `s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]` (credentials by
    /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`), or off [default: a folder beside SQLite's file;
    /// off with PostgreSQL]
    #[arg(long, env = "THREAD_ATTACHMENTS", value_name = "TARGET", value_parser = AttachmentTarget::parse)]
    pub attachments: Option<AttachmentTarget>,

    /// Types of files that may be attached, comma-separated; `image/*` stands for all of a kind
    #[arg(long, env = "THREAD_ATTACHMENT_TYPES", value_name = "TYPES", value_delimiter = ',', default_value = ATTACHMENT_TYPES)]
    pub attachment_types: Vec<String>,

    /// Networks that may read /metrics at the common address, comma-separated; never through a proxy
    #[arg(
        long,
        env = "THREAD_METRICS_FROM",
        value_name = "CIDR",
        value_delimiter = ',',
        default_value = "127.0.0.0/8,::1/128"
    )]
    pub metrics_from: Vec<IpNet>,

    /// Address and port of its own for /metrics, for whoever can reach it; then the common address has none
    #[arg(long, env = "THREAD_METRICS_LISTEN", value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,

    /// Folder that keeps every version of the widget, so that pages which pin one by its hash outlive an update; or off. All
    /// nodes share it [default: a folder beside the database, off with PostgreSQL]
    #[arg(long, env = "THREAD_WIDGET_VERSIONS", value_name = "DIR", value_parser = VersionsTarget::parse)]
    pub widget_versions: Option<VersionsTarget>,

    /// Delete service requests that have been closed and unchanged for so long, like 365d, and contacts left without any:
    /// once a day, in the background [default: everything is kept]
    #[arg(long, env = "THREAD_RETENTION", value_name = "DURATION", value_parser = parse_retention)]
    pub retention: Option<Duration>,

    /// For trying out, on this machine alone: the playground makes connection keys for whoever asks
    #[arg(long, env = "THREAD_DEMO")]
    pub demo: bool,

    /// How logs are written
    #[arg(long, env = "THREAD_LOG_FORMAT", value_enum, default_value_t = LogFormat::Human)]
    pub log_format: LogFormat,

    /// Webhooks.
    #[command(flatten)]
    pub webhooks: WebhookConfig,

    /// Limits.
    #[command(flatten)]
    pub limits: LimitConfig,
}

/// Flags `--webhook-…`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Webhooks")]
pub struct WebhookConfig {
    /// Networks that webhooks may reach beside the public internet, comma-separated; 127.0.0.0/8 for development, where
    /// http:// is allowed too
    #[arg(
        long = "webhook-networks",
        env = "THREAD_WEBHOOK_NETWORKS",
        value_name = "CIDR",
        value_delimiter = ','
    )]
    pub networks: Vec<IpNet>,

    /// How long a receiver has to answer
    #[arg(long = "webhook-timeout", env = "THREAD_WEBHOOK_TIMEOUT", value_name = "DURATION", default_value = "15s", value_parser = parse_wait)]
    pub timeout: Duration,

    /// How long a delivery is tried again before it is given up
    #[arg(long = "webhook-give-up-after", env = "THREAD_WEBHOOK_GIVE_UP_AFTER", value_name = "DURATION", default_value = "3d", value_parser = parse_duration)]
    pub give_up_after: Duration,
}

/// Flags `--limit-…`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
pub struct LimitConfig {
    /// Refused connection keys per minute and address; valid keys are never refused
    #[arg(long = "limit-sign-in-failures", env = "THREAD_LIMIT_SIGN_IN_FAILURES", value_name = "N", default_value_t = 60, value_parser = at_least_1())]
    pub sign_in_failures: u32,

    /// Reports of leaked secrets per minute and address
    #[arg(long = "limit-leaked-secrets", env = "THREAD_LIMIT_LEAKED_SECRETS", value_name = "N", default_value_t = 60, value_parser = at_least_1())]
    pub leaked_secrets: u32,

    /// Messages per minute and contact
    #[arg(long = "limit-messages", env = "THREAD_LIMIT_MESSAGES", value_name = "N", default_value_t = 60, value_parser = at_least_1())]
    pub messages: u32,

    /// Tries of one PIN
    #[arg(long = "limit-pin-tries", env = "THREAD_LIMIT_PIN_TRIES", value_name = "N", default_value_t = 5, value_parser = at_least_1())]
    pub pin_tries: u32,

    /// Wrong PINs per app and address in 24 hours
    #[arg(long = "limit-pin-failures", env = "THREAD_LIMIT_PIN_FAILURES", value_name = "N", default_value_t = 20, value_parser = at_least_1())]
    pub pin_failures: u32,

    /// Wrong PINs per hour and client's address, whatever they were tried on
    #[arg(long = "limit-pin-failures-per-ip", env = "THREAD_LIMIT_PIN_FAILURES_PER_IP", value_name = "N", default_value_t = 100, value_parser = at_least_1())]
    pub pin_failures_per_ip: u32,

    /// PIN mails per app and address in 15 minutes
    #[arg(long = "limit-pin-mails", env = "THREAD_LIMIT_PIN_MAILS", value_name = "N", default_value_t = 5, value_parser = at_least_1())]
    pub pin_mails: u32,

    /// PIN mails per hour that one client's address can cause
    #[arg(long = "limit-pin-mails-per-ip", env = "THREAD_LIMIT_PIN_MAILS_PER_IP", value_name = "N", default_value_t = 100, value_parser = at_least_1())]
    pub pin_mails_per_ip: u32,

    /// Largest attachment, in bytes
    #[arg(long = "limit-attachment", env = "THREAD_LIMIT_ATTACHMENT", value_name = "BYTES", default_value_t = 10_485_760, value_parser = at_least_1())]
    pub attachment_bytes: u32,

    /// Uploads per minute, of a contact or an API key
    #[arg(long = "limit-uploads", env = "THREAD_LIMIT_UPLOADS", value_name = "N", default_value_t = 30, value_parser = at_least_1())]
    pub uploads: u32,

    /// Largest body of a request, in bytes
    #[arg(long = "limit-body", env = "THREAD_LIMIT_BODY", value_name = "BYTES", default_value_t = 65_536, value_parser = at_least_1())]
    pub body_bytes: u32,

    /// Open live sockets per contact
    #[arg(long = "limit-sockets", env = "THREAD_LIMIT_SOCKETS", value_name = "N", default_value_t = 20, value_parser = at_least_1())]
    pub sockets: u32,

    /// Open live sockets per app, of its agents
    #[arg(long = "limit-agent-sockets", env = "THREAD_LIMIT_AGENT_SOCKETS", value_name = "N", default_value_t = 200, value_parser = at_least_1())]
    pub agent_sockets: u32,

    /// Signs of typing per minute, of a contact or an API key
    #[arg(long = "limit-typing", env = "THREAD_LIMIT_TYPING", value_name = "N", default_value_t = 60, value_parser = at_least_1())]
    pub typing: u32,

    /// Uploads on their way at a time; each is held in memory
    #[arg(long = "limit-uploads-in-flight", env = "THREAD_LIMIT_UPLOADS_IN_FLIGHT", value_name = "N", default_value_t = 32, value_parser = at_least_1())]
    pub uploads_in_flight: u32,

    /// Time from a request's head to its answer, its body included
    #[arg(long = "limit-request-time", env = "THREAD_LIMIT_REQUEST_TIME", value_name = "DURATION", default_value = "30s", value_parser = parse_wait)]
    pub request_time: Duration,

    /// The same for an upload
    #[arg(long = "limit-upload-time", env = "THREAD_LIMIT_UPLOAD_TIME", value_name = "DURATION", default_value = "5m", value_parser = parse_wait)]
    pub upload_time: Duration,

    /// Time for a request's head to arrive; an idle connection is closed after it too
    #[arg(long = "limit-head-time", env = "THREAD_LIMIT_HEAD_TIME", value_name = "DURATION", default_value = "30s", value_parser = parse_wait)]
    pub head_time: Duration,

    /// Largest head of a request, in bytes
    #[arg(long = "limit-head", env = "THREAD_LIMIT_HEAD", value_name = "BYTES", default_value_t = 32_768, value_parser = RangedU64ValueParser::<u32>::new().range(1_024..=1_048_576))]
    pub head_bytes: u32,

    /// Time for a client to take some more of an answer
    #[arg(long = "limit-take-time", env = "THREAD_LIMIT_TAKE_TIME", value_name = "DURATION", default_value = "30s", value_parser = parse_wait)]
    pub take_time: Duration,

    /// Time for a live socket to say who it is
    #[arg(long = "limit-hello-time", env = "THREAD_LIMIT_HELLO_TIME", value_name = "DURATION", default_value = "10s", value_parser = parse_wait)]
    pub hello_time: Duration,

    /// Open connections, sockets included
    #[arg(long = "limit-connections", env = "THREAD_LIMIT_CONNECTIONS", value_name = "N", default_value_t = 20_000, value_parser = at_least_1())]
    pub connections: u32,

    /// Open connections of one client's address; trusted proxies and this machine have no such limit
    #[arg(long = "limit-connections-per-ip", env = "THREAD_LIMIT_CONNECTIONS_PER_IP", value_name = "N", default_value_t = 1_000, value_parser = at_least_1())]
    pub connections_per_ip: u32,
}

impl LimitConfig {
    /// Those of connections.
    pub(crate) fn of_connections(&self, proxies: &[IpNet]) -> ConnectionLimits {
        ConnectionLimits {
            total: as_count(self.connections),
            per_client: as_count(self.connections_per_ip),
            proxies: proxies.to_vec(),
            head_within: self.head_time,
            head_bytes: as_count(self.head_bytes),
            take_within: self.take_time,
        }
    }
}

/// A number as a count of things in memory.
pub(crate) fn as_count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For eyes.
    Human,
    /// One JSON object a line.
    Json,
}

fn at_least_1() -> RangedU64ValueParser<u32> {
    RangedU64ValueParser::new().range(1..=u64::from(u32::MAX))
}

/// An origin on the command line.
///
/// # Errors
/// A sentence that explains.
pub fn parse_origin(text: &str) -> Result<Origin, String> {
    Origin::parse(text).map_err(|error| error.to_string())
}

/// `90s`, `15m`, `24h`, `7d`.
///
/// # Errors
/// A sentence that explains.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    const MAX_SECONDS: u64 = 10 * 365 * 86_400;
    let told = || "must be a number and a unit, like 90s, 15m, 24h or 7d (ten years at the most)".to_owned();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).ok_or_else(told)?);
    let unit_s = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(told()),
    };
    let seconds =
        number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit_s)).ok_or_else(told)?;
    if seconds > MAX_SECONDS { Err(told()) } else { Ok(Duration::from_secs(seconds)) }
}

/// A duration that somebody waits: a second at least.
fn parse_wait(text: &str) -> Result<Duration, String> {
    match parse_duration(text)? {
        Duration::ZERO => Err("must be a second at least".to_owned()),
        wait => Ok(wait),
    }
}

/// A duration after which things are deleted for good: a day at least.
fn parse_retention(text: &str) -> Result<Duration, String> {
    const DAY: Duration = Duration::from_hours(24);
    match parse_duration(text)? {
        short if short < DAY => Err("must be a day at least".to_owned()),
        retention => Ok(retention),
    }
}

/// A duration in milliseconds, as the service counts.
pub fn as_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_number_and_a_unit() {
        assert_eq!(parse_duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_duration("24h"), Ok(Duration::from_hours(24)));
        assert_eq!(parse_duration("0s"), Ok(Duration::ZERO));
        assert_eq!(parse_retention("365d"), Ok(Duration::from_hours(365 * 24)));
        assert!(parse_retention("23h").is_err() && parse_retention("0d").is_err());
        for bad in ["", "24", "h", "-1h", "1w", "1.5h", "99999999999999999999s", "4000d"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }
}
