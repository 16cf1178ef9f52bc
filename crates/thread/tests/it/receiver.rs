//! A receiver of webhooks: an HTTP server that keeps what comes, and answers what it is told to.

use crate::certificate::Certificate;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::serve::Listener;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use standardwebhooks::Webhook;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Received {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().expect("text")
    }

    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub fn event_type(&self) -> String {
        self.json()["type"].as_str().expect("text").to_owned()
    }

    /// Whether the reference library takes it for one that was signed with this secret.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        // `verify` looks at the time too, but tests move their clock; the running program's requests are verified.
        let stamp = self.header("webhook-timestamp").parse().expect("seconds");
        let webhook = Webhook::new(secret).expect("a secret");
        let wanted = webhook.sign(self.id(), stamp, self.body.as_bytes()).expect("signs");
        self.header("webhook-signature").split(' ').any(|signature| signature == wanted)
    }
}

/// What the receiver does with a request.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    Status(u16),
    /// Status and `Retry-After`.
    Later(u16, u64),
    Redirect,
    /// Never answers.
    Silence,
}

#[derive(Default)]
struct Seen {
    received: Vec<Received>,
    /// Answers to come; then it takes everything.
    replies: VecDeque<Reply>,
}

pub struct Receiver {
    pub address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    serving: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Receiver {
    pub async fn start(replies: &[Reply]) -> Self {
        Self::start_on("127.0.0.1:0".parse().expect("an address"), replies).await
    }

    pub async fn start_on(address: SocketAddr, replies: &[Reply]) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        Self::serve(listener, address, replies)
    }

    /// With TLS, for `localhost`.
    pub async fn start_tls(certificate: &Certificate) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let chain = vec![CertificateDer::from_pem_file(&certificate.chain).expect("a certificate")];
        let key = PrivateKeyDer::from_pem_file(&certificate.key).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .expect("they fit");
        Self::serve(TlsListener { listener, acceptor: Arc::new(config).into() }, address, &[])
    }

    fn serve<L: Listener<Addr = SocketAddr>>(listener: L, address: SocketAddr, replies: &[Reply]) -> Self {
        let seen =
            Arc::new(Mutex::new(Seen { replies: replies.iter().copied().collect(), ..Seen::default() }));
        let app = Router::new().fallback(take).with_state(Arc::clone(&seen));
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
        Self { address, seen, serving }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hooks?token=in-the-address", self.address)
    }

    pub fn received(&self) -> Vec<Received> {
        self.seen.lock().expect("not poisoned").received.clone()
    }

    pub fn ids(&self) -> Vec<String> {
        self.received().iter().map(|one| one.id().to_owned()).collect()
    }

    /// Waits for so many requests; all that came.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        crate::support::within(Duration::from_secs(20), || async { self.received().len() >= count }).await;
        self.received()
    }
}

struct TlsListener {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            // A client that does not trust us ends the handshake; the next may.
            if let Ok((stream, address)) = self.listener.accept().await
                && let Ok(stream) = self.acceptor.accept(stream).await
            {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

async fn take(State(seen): State<Arc<Mutex<Seen>>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let reply = {
        let mut seen = seen.lock().expect("not poisoned");
        let body = String::from_utf8(body.to_vec()).expect("text");
        seen.received.push(Received { path: uri.to_string(), headers, body });
        seen.replies.pop_front().unwrap_or(Reply::Status(204))
    };
    match reply {
        Reply::Status(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Reply::Later(status, seconds) => {
            (StatusCode::from_u16(status).expect("a status"), [("retry-after", seconds.to_string())])
                .into_response()
        }
        Reply::Redirect => (StatusCode::TEMPORARY_REDIRECT, [("location", "/elsewhere")]).into_response(),
        Reply::Silence => std::future::pending().await,
    }
}
