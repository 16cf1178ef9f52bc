//! Outgoing HTTP: TLS by rustls with ring and the system's certificates, HTTP/1.1, no redirects.

use axum::body::HttpBody;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::sync::Arc;
use std::time::Duration;

const IDLE: Duration = Duration::from_secs(30);
const MAX_IDLE_PER_HOST: usize = 2;

/// A client whose names are resolved by `R`.
pub type HttpClient<R, B> = Client<HttpsConnector<HttpConnector<R>>, B>;

/// A connector with TLS.
///
/// # Errors
/// If the system's certificates cannot be read.
pub fn connector<R>(
    resolver: R,
    connect_timeout: Duration,
) -> Result<HttpsConnector<HttpConnector<R>>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    let mut connector = HttpConnector::new_with_resolver(resolver);
    connector.enforce_http(false);
    connector.set_connect_timeout(Some(connect_timeout));
    Ok(HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .wrap_connector(connector))
}

/// A client that keeps connections for a while and uses them again.
pub fn pooled<C, B>(connector: C) -> Client<C, B>
where
    C: Connect + Clone,
    B: HttpBody + Send,
    B::Data: Send,
{
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(MAX_IDLE_PER_HOST)
        .build(connector)
}
