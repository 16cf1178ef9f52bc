//! How the service is reached: its port, and its public address with all that is between.

use super::Finding;
use super::data::is_safe;
use crate::clock::rfc3339;
use crate::config::ServeConfig;
use crate::http_client;
use axum::body::Bytes;
use axum::http::header::{CONNECTION, DATE, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::connect::dns::GaiResolver;
use jiff::fmt::rfc2822;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(5);
const MAX_ANSWER_BYTES: usize = 64 * 1024;
const CLOCKS_APART_MS: i64 = 30_000;

/// What `--public-url` says.
pub(super) fn public_url(config: &ServeConfig) -> Vec<Finding> {
    const NAME: &str = "public-url";
    let Some(origin) = &config.public_url else {
        let detail = "not set, so browsers of other machines cannot reach it: set --public-url https://…";
        return vec![Finding::warning(NAME, detail)];
    };
    let mut findings = Vec::new();
    if is_safe(origin.as_str()) {
        findings.push(Finding::ok(NAME, origin.as_str()));
    } else {
        let detail = format!("{origin} has no TLS: put a proxy before it, and set --public-url https://…");
        findings.push(Finding::failed(NAME, detail));
    }
    if origin.as_str().starts_with("https://") && config.trusted_proxies.is_empty() {
        let detail = "none, so limits count all visitors behind the TLS proxy as one: set --trusted-proxies to its \
                      network, like 127.0.0.1/32";
        findings.push(Finding::warning("proxies", detail));
    }
    findings
}

/// Whether the port is free, or Thread's.
pub(super) async fn listen(address: SocketAddr) -> Finding {
    const NAME: &str = "listen";
    match TcpListener::bind(address).await {
        Ok(_) => Finding::warning(NAME, format!("nothing listens on {address}: start `thread serve`")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => match get(&format!("http://{address}/readyz"))
            .await
        {
            Ok((StatusCode::OK, _, body)) if body.starts_with(b"ready") => {
                Finding::ok(NAME, format!("Thread answers on {address} and is ready"))
            }
            Ok((StatusCode::SERVICE_UNAVAILABLE, ..)) => {
                Finding::failed(NAME, format!("Thread answers on {address} but is not ready: see its log"))
            }
            _ => Finding::failed(NAME, format!("another program listens on {address}: set --listen")),
        },
        Err(error) => Finding::failed(NAME, format!("cannot listen on {address}: {error}")),
    }
}

/// What comes back by the public address: Thread itself, its sockets, and the time.
pub(super) async fn from_outside(config: &ServeConfig, now_ms: i64) -> Vec<Finding> {
    const NAME: &str = "reached";
    let Some(origin) = &config.public_url else { return Vec::new() };
    let (status, headers, body) = match get(&format!("{origin}/")).await {
        Ok(answer) => answer,
        Err(said) => return vec![Finding::warning(NAME, format!("{origin}: {said} (from this machine)"))],
    };
    if status != StatusCode::OK || !body.starts_with(b"This is Thread") {
        let detail =
            format!("{origin} answered {status}, and not as Thread does: see the proxy's configuration");
        return vec![Finding::failed(NAME, detail)];
    }
    let mut findings = vec![Finding::ok(NAME, format!("Thread answers at {origin}"))];
    findings.push(match socket(&format!("{origin}/v1/live")).await {
        Ok(()) => Finding::ok("sockets", "WebSockets get through"),
        Err(said) => Finding::failed(
            "sockets",
            format!("WebSockets do not get through ({said}): the proxy must pass Upgrade on, see docs/OPERATIONS.md"),
        ),
    });
    let theirs = headers.get(DATE).and_then(|date| date.to_str().ok());
    if let Some(theirs) = theirs.and_then(|date| rfc2822::parse(date).ok())
        && (theirs.timestamp().as_millisecond() - now_ms).abs() > CLOCKS_APART_MS
    {
        let detail = format!("it is {} here, but {theirs} there: set both by NTP", rfc3339(now_ms));
        findings.push(Finding::failed("clock", detail));
    }
    findings
}

type Answer = (StatusCode, HeaderMap, Bytes);

async fn get(url: &str) -> Result<Answer, String> {
    send(Request::get(url)).await
}

/// Whether a socket can be opened there.
async fn socket(url: &str) -> Result<(), String> {
    let request = Request::get(url)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ==");
    match send(request).await? {
        (StatusCode::SWITCHING_PROTOCOLS, ..) => Ok(()),
        (status, ..) => Err(format!("answered {status}")),
    }
}

async fn send(request: axum::http::request::Builder) -> Result<Answer, String> {
    let connector =
        http_client::connector(GaiResolver::new(), PATIENCE).map_err(|error| error.to_string())?;
    let request = request.body(Full::<Bytes>::default()).map_err(|error| error.to_string())?;
    let answered = async {
        let response =
            http_client::pooled(connector).request(request).await.map_err(|error| innermost(&error))?;
        let (parts, body) = response.into_parts();
        if parts.status == StatusCode::SWITCHING_PROTOCOLS {
            return Ok((parts.status, parts.headers, Bytes::new()));
        }
        let body = Limited::new(body, MAX_ANSWER_BYTES).collect().await.map_err(|error| error.to_string())?;
        Ok((parts.status, parts.headers, body.to_bytes()))
    };
    timeout(PATIENCE, answered).await.unwrap_or_else(|_| Err("no answer in time".to_owned()))
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
