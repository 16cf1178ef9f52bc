//! One request to a webhook's address: where it may go is checked at the moment of connecting, no redirect is
//! followed, and time and size are bounded.

use super::address::{NetworkPolicy, WebhookUrl};
use crate::http_client::{self, HttpClient};
use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use axum::http::{HeaderName, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::connect::dns::Name;
use std::error::Error;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;
use std::{fmt, io, vec};
use tower_service::Service;

const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
const AGENT: &str = concat!("chatgenie-thread/", env!("CARGO_PKG_VERSION"));
/// An answer's body means nothing; so much of it is read so that the connection can be used again.
const MAX_ANSWER_BYTES: usize = 16 * 1024;
const MAX_FAULT_CHARS: usize = 300;

/// What is sent.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// `webhook-id`: the same at each try.
    pub id: &'a str,
    /// `webhook-timestamp`: of this try.
    pub timestamp_s: i64,
    /// `webhook-signature`: an entry for each secret in force.
    pub signatures: &'a str,
    /// JSON.
    pub body: &'a str,
}

/// What the receiver said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// When it wants to be asked again.
    pub retry_after_ms: Option<i64>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The stored address cannot be used.
    #[error("the address {0}")]
    Address(String),
    /// It is not of the public internet, and not allowed.
    #[error("the address is not public: `thread serve --webhook-networks` can allow its network")]
    NotPublic,
    /// The certificates of this machine cannot be read.
    #[error("TLS: {0}")]
    Tls(String),
    /// No answer in time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// Connecting, sending or receiving failed.
    #[error("{0}")]
    Failed(String),
}

/// Sends. Connections are kept for a while and used again.
pub struct Client {
    /// Made when it is first needed: a machine without certificates can do without webhooks.
    http: OnceLock<HttpClient<CheckedResolver, Full<Bytes>>>,
    policy: Arc<NetworkPolicy>,
    timeout: Duration,
}

impl Client {
    /// A client that goes where `policy` lets it, and gives up a try after `timeout`.
    pub fn new(policy: NetworkPolicy, timeout: Duration) -> Self {
        Self { http: OnceLock::new(), policy: Arc::new(policy), timeout }
    }

    /// How long a try may take.
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Posts once.
    ///
    /// # Errors
    /// If there was no answer.
    pub async fn post(&self, url: &str, signed: Signed<'_>) -> Result<Answer, ClientError> {
        let url = WebhookUrl::parse(url).map_err(ClientError::Address)?;
        // The connector resolves names only; what is an address already is checked here.
        if url.ip().is_some_and(|ip| !self.policy.allows(ip)) {
            return Err(ClientError::NotPublic);
        }
        let uri: Uri = url.as_str().parse().map_err(|_| ClientError::Address("is no URI".to_owned()))?;
        let request = Request::post(uri)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, AGENT)
            .header(WEBHOOK_ID, signed.id)
            .header(WEBHOOK_TIMESTAMP, signed.timestamp_s)
            .header(WEBHOOK_SIGNATURE, signed.signatures)
            .body(Full::from(signed.body.to_owned()))
            .map_err(failed)?;
        let sent = async {
            let response = self.http()?.request(request).await.map_err(failed)?;
            let status = response.status();
            let retry_after_ms = response
                .headers()
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok()?.trim().parse::<i64>().ok())
                .map(|seconds| seconds.saturating_mul(1_000));
            // Whatever becomes of the body, the status was said.
            let _ = Limited::new(response.into_body(), MAX_ANSWER_BYTES).collect().await;
            Ok(Answer { status, retry_after_ms })
        };
        tokio::time::timeout(self.timeout, sent).await.unwrap_or(Err(ClientError::TimedOut(self.timeout)))
    }

    fn http(&self) -> Result<&HttpClient<CheckedResolver, Full<Bytes>>, ClientError> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let connector = http_client::connector(CheckedResolver(Arc::clone(&self.policy)), self.timeout)
            .map_err(|error| ClientError::Tls(error.to_string()))?;
        Ok(self.http.get_or_init(|| http_client::pooled(connector)))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("policy", &self.policy)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Resolves a name and keeps the addresses that may be connected to: what was checked is what is connected, so that a
/// name cannot point elsewhere a moment later.
#[derive(Clone)]
struct CheckedResolver(Arc<NetworkPolicy>);

/// No address of a name may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("not public")]
struct NotPublic;

impl Service<Name> for CheckedResolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, io::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let policy = Arc::clone(&self.0);
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Vec<_> =
                found.iter().copied().filter(|address| policy.allows(address.ip())).collect();
            if allowed.is_empty() && !found.is_empty() {
                return Err(io::Error::other(NotPublic));
            }
            Ok(allowed.into_iter())
        })
    }
}

/// The innermost cause says most; the outer ones say where.
fn failed(error: impl Error + 'static) -> ClientError {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        if inner.is::<NotPublic>() {
            return ClientError::NotPublic;
        }
        let said = inner.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        // What an I/O error wraps is not among its sources.
        if let Some(wrapped) = inner.downcast_ref::<io::Error>().and_then(io::Error::get_ref)
            && wrapped.is::<NotPublic>()
        {
            return ClientError::NotPublic;
        }
        source = inner.source();
    }
    ClientError::Failed(text.chars().filter(|c| !c.is_control()).take(MAX_FAULT_CHARS).collect())
}
