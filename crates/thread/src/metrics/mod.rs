//! Metrics for Prometheus, of this process alone; `routes::metrics` shows them.
//!
//! Anywhere in the service: `metrics::counter!(…)`, with a name of [`names`] and labels from closed lists; those that
//! alarms look at are types of [`labels`]. No label may hold a person, an address, a key, or anything else that callers
//! choose: it would tell, and it would grow without end.

mod labels;

pub(crate) use labels::count;
pub use labels::{Label, Limit, Pruned, TurnedAway, WebhookAttempt};

use crate::client_ip::{FORWARDED, FORWARDED_FOR, REAL_IP};
use axum::http::header::VIA;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use ipnet::IpNet;
use metrics::{
    Counter, Histogram, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often what was recorded is put into its buckets, so that it does not pile up where nobody scrapes.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Names of all metrics.
pub mod names {
    /// Requests answered, by route, method and status.
    pub const REQUESTS: &str = "thread_http_requests_total";
    /// Seconds from a request's head to its answer's head, by route and method.
    pub const REQUEST_SECONDS: &str = "thread_http_request_duration_seconds";
    /// Sign-ins by method and result.
    pub const SIGN_INS: &str = "thread_sign_ins_total";
    /// Sign-ins with a secret that lapses soon, by app and secret.
    pub const OLD_SECRET_USES: &str = "thread_old_secret_uses_total";
    /// Secrets that were revoked because they were seen in a page.
    pub const LEAKED_SECRETS: &str = "thread_leaked_secrets_total";
    /// Requests over a limit, by limit.
    pub const LIMITED: &str = "thread_limited_total";
    /// Connections of clients, open now.
    pub const CONNECTIONS: &str = "thread_connections";
    /// Connections turned away, by reason.
    pub const CONNECTIONS_REFUSED: &str = "thread_connections_refused_total";
    /// Live sockets open now, by audience.
    pub const SOCKETS: &str = "thread_live_sockets";
    /// Entries that wait in a queue, by queue.
    pub const QUEUE: &str = "thread_queue_entries";
    /// Tries of webhooks, by result.
    pub const WEBHOOKS: &str = "thread_webhook_attempts_total";
    /// Rows deleted because they were kept for long enough, by what they are.
    pub const PRUNED: &str = "thread_pruned_total";
    /// Always 1; the version is its label.
    pub const BUILD: &str = "thread_build_info";
}

/// Buckets of request times, in seconds: from a tenth of a millisecond, since a sign-in takes less than one.
const BUCKETS: [f64; 12] = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0, 30.0];

static HANDLE: LazyLock<PrometheusHandle> = LazyLock::new(install);

fn install() -> PrometheusHandle {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
        .unwrap_or_else(|_| PrometheusBuilder::new())
        .build_recorder();
    let handle = recorder.handle();
    // Only a second recorder in one process can fail, and there is none: this runs once.
    let _ = metrics::set_global_recorder(recorder);
    describe();
    labels::begin_at_zero();
    gauge!(names::BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    handle
}

fn describe() {
    use names::{
        BUILD, CONNECTIONS, CONNECTIONS_REFUSED, LEAKED_SECRETS, LIMITED, OLD_SECRET_USES, PRUNED, QUEUE,
        REQUEST_SECONDS, REQUESTS, SIGN_INS, SOCKETS, WEBHOOKS,
    };
    describe_counter!(REQUESTS, "Requests answered, by route, method and status.");
    describe_histogram!(
        REQUEST_SECONDS,
        Unit::Seconds,
        "Time to the head of the answer, by route and method."
    );
    describe_counter!(SIGN_INS, "Sign-ins, by method and result.");
    describe_counter!(OLD_SECRET_USES, "Sign-ins with a secret that lapses within hours.");
    describe_counter!(LEAKED_SECRETS, "Secrets revoked because they were seen in a page.");
    describe_counter!(LIMITED, "Requests over a limit.");
    describe_gauge!(CONNECTIONS, "Connections that are open.");
    describe_counter!(CONNECTIONS_REFUSED, "Connections turned away, by reason.");
    describe_gauge!(SOCKETS, "Live sockets that are open, by audience.");
    describe_gauge!(QUEUE, "Entries that wait, by queue.");
    describe_counter!(WEBHOOKS, "Tries of webhooks, by result.");
    describe_counter!(PRUNED, "Rows deleted after their retention, by what they are.");
    describe_gauge!(BUILD, "Always 1; the version is its label.");
}

/// Starts recording. What is counted before is lost; a second call changes nothing.
pub fn start() {
    LazyLock::force(&HANDLE);
}

/// What was recorded, as Prometheus reads it.
pub(crate) fn render() -> String {
    HANDLE.render()
}

/// Sorts what was recorded until the service stops.
pub(crate) async fn keep_up(shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(UPKEEP_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = ticks.tick() => HANDLE.run_upkeep(),
        }
    }
}

/// Counts a request; `route` is its pattern, never what was asked for.
pub(crate) fn answered(method: &Method, route: &str, status: StatusCode, took: Duration) {
    // Clients may make up methods.
    let method = match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        _ => "other",
    };
    ANSWERED.with_borrow_mut(|answered| answered.record(route, method, status, took));
}

thread_local! {
    static ANSWERED: RefCell<Answered> = RefCell::default();
}

/// What requests were counted by so far on this thread: looking a metric up by its labels costs more than counting does.
/// There are as many as patterns of routes, methods and statuses that were answered.
#[derive(Default)]
struct Answered(HashMap<String, Vec<Series>>);

/// One method and status of a route.
struct Series {
    method: &'static str,
    status: StatusCode,
    number: Counter,
    seconds: Histogram,
}

impl Answered {
    fn record(&mut self, route: &str, method: &'static str, status: StatusCode, took: Duration) {
        if !self.0.contains_key(route) {
            self.0.insert(route.to_owned(), Vec::new());
        }
        let Some(known) = self.0.get_mut(route) else { return };
        let index = known.iter().position(|one| one.method == method && one.status == status);
        let index = index.unwrap_or_else(|| {
            known.push(Series::new(route, method, status));
            known.len() - 1
        });
        known[index].number.increment(1);
        known[index].seconds.record(took.as_secs_f64());
    }
}

impl Series {
    fn new(route: &str, method: &'static str, status: StatusCode) -> Self {
        let (route, code) = (route.to_owned(), status.as_str().to_owned());
        let number =
            counter!(names::REQUESTS, "route" => route.clone(), "method" => method, "status" => code);
        let seconds = histogram!(names::REQUEST_SECONDS, "route" => route, "method" => method);
        Self { method, status, number, seconds }
    }
}

/// What tells that a request came through a proxy: each writes one of these.
const PROXIES_WRITE: [HeaderName; 4] = [FORWARDED_FOR, FORWARDED, REAL_IP, VIA];

/// Who may read the metrics where pages and tools come as well.
#[derive(Clone, Debug)]
pub struct MetricsAccess {
    from: Vec<IpNet>,
}

impl MetricsAccess {
    /// Clients that connect from these networks, and not through a proxy: whoever is behind it cannot be told.
    pub const fn only_from(from: Vec<IpNet>) -> Self {
        Self { from }
    }

    /// Whether this client is one of them.
    pub(crate) fn allows(&self, peer: SocketAddr, headers: &HeaderMap) -> bool {
        let is_forwarded = PROXIES_WRITE.iter().any(|header| headers.contains_key(header));
        let ip = peer.ip().to_canonical();
        !is_forwarded && self.from.iter().any(|net| net.contains(&ip))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_direct_clients_of_the_named_networks_may_read() {
        let access = MetricsAccess::only_from(vec!["127.0.0.0/8".parse().expect("a network")]);
        let peer = |ip: &str| SocketAddr::new(ip.parse().expect("an address"), 1);
        let plain = HeaderMap::new();
        assert!(access.allows(peer("127.0.0.1"), &plain));
        assert!(access.allows(peer("::ffff:127.0.0.1"), &plain));
        assert!(!access.allows(peer("10.0.0.1"), &plain));
        for header in ["x-forwarded-for", "forwarded", "x-real-ip", "via"] {
            let mut behind = HeaderMap::new();
            behind.insert(header, HeaderValue::from_static("127.0.0.1"));
            assert!(!access.allows(peer("127.0.0.1"), &behind), "a proxy on this machine");
        }
    }
}
