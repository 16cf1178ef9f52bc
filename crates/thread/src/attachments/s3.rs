//! Attachments in an S3-compatible store: `object_store` over our own HTTP client, so that TLS is rustls with ring here
//! as everywhere.

use super::AttachmentError;
use crate::http_client;
use async_trait::async_trait;
use http_body_util::BodyExt as _;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::client::legacy::connect::dns::GaiResolver;
use object_store::aws::AmazonS3Builder;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse,
    HttpResponseBody, HttpService,
};
use object_store::path::Path as ObjectPath;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, ObjectStore, RetryConfig};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

/// A customer waits for an upload: it fails rather than hangs.
const TIMEOUT: Duration = Duration::from_secs(20);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_RETRIES: usize = 3;

/// `s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]`. Credentials are not in the address, but where the tools of AWS
/// look for them: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or what the machine or container is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Target {
    bucket: String,
    prefix: String,
    endpoint: Option<Url>,
    region: Option<String>,
}

impl S3Target {
    /// Reads what follows `--attachments`.
    ///
    /// # Errors
    /// A sentence that explains.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let told = || "must be like s3://BUCKET?endpoint=https://storage.example&region=eu-1".to_owned();
        let url = Url::parse(text).map_err(|_| told())?;
        if !url.username().is_empty()
            || url.password().is_some()
            || url.port().is_some()
            || url.fragment().is_some()
        {
            return Err(
                "must not hold credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned()
            );
        }
        let bucket = url.host_str().filter(|bucket| !bucket.is_empty()).ok_or_else(told)?.to_owned();
        let mut target =
            Self { bucket, prefix: url.path().trim_matches('/').to_owned(), endpoint: None, region: None };
        for (name, value) in url.query_pairs() {
            match name.as_ref() {
                "endpoint" => {
                    let endpoint =
                        Url::parse(&value).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
                    target.endpoint =
                        Some(endpoint.ok_or("`endpoint` must be like https://storage.example")?);
                }
                "region" => target.region = Some(value.into_owned()),
                other => return Err(format!("takes `endpoint` and `region`, not `{other}`")),
            }
        }
        Ok(target)
    }

    /// Gets ready; nothing is sent.
    pub(super) fn open(&self) -> Result<Arc<dyn ObjectStore>, AttachmentError> {
        let retry =
            RetryConfig { max_retries: MAX_RETRIES, retry_timeout: TIMEOUT, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(&self.bucket)
            .with_retry(retry)
            .with_http_connector(Connector);
        if let Some(region) = &self.region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = &self.endpoint {
            builder = builder
                .with_endpoint(endpoint.as_str().trim_end_matches('/'))
                .with_allow_http(endpoint.scheme() == "http");
        }
        let store = builder.build()?;
        if self.prefix.is_empty() {
            return Ok(Arc::new(store));
        }
        Ok(Arc::new(PrefixStore::new(store, ObjectPath::from(self.prefix.as_str()))))
    }
}

impl fmt::Display for S3Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.bucket)?;
        if !self.prefix.is_empty() {
            write!(f, "/{}", self.prefix)?;
        }
        if let Some(endpoint) = &self.endpoint {
            write!(f, " at {endpoint}")?;
        }
        Ok(())
    }
}

/// Makes HTTP clients for `object_store`.
#[derive(Debug)]
struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let connector = http_client::connector(GaiResolver::new(), CONNECT_TIMEOUT)
            .map_err(|error| object_store::Error::Generic { store: "S3", source: Box::new(error) })?;
        Ok(HttpClient::new(Service(http_client::pooled(connector))))
    }
}

#[derive(Debug)]
struct Service(Client<HttpsConnector<TcpConnector>, HttpRequestBody>);

#[async_trait]
impl HttpService for Service {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answered = timeout(TIMEOUT, self.0.request(request)).await;
        let answer =
            answered.map_err(|late| HttpError::new(HttpErrorKind::Timeout, late))?.map_err(|error| {
                let kind =
                    if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Interrupted };
                HttpError::new(kind, error)
            })?;
        Ok(answer.map(|body| {
            HttpResponseBody::new(body.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, error)))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_understood_or_explained() {
        let target =
            S3Target::parse("s3://files/thread/a?endpoint=http://127.0.0.1:9000&region=eu-1").expect("valid");
        assert_eq!((target.bucket.as_str(), target.prefix.as_str()), ("files", "thread/a"));
        assert_eq!(target.to_string(), "s3://files/thread/a at http://127.0.0.1:9000/");
        assert!(S3Target::parse("s3://files").is_ok());
        for (text, hint) in [
            ("s3://", "s3://BUCKET"),
            ("s3://key:secret@files", "AWS_ACCESS_KEY_ID"),
            ("s3://files?endpoint=storage", "`endpoint`"),
            ("s3://files?secret=x", "not `secret`"),
        ] {
            let said = S3Target::parse(text).expect_err(text);
            assert!(said.contains(hint), "{said}");
        }
    }
}
