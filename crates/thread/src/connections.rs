//! Connections: how many, from whom, and how long they may take over what.
//!
//! HTTP/1.1 alone: a reverse proxy ends HTTP/2 and TLS. A client gets so long for a request's head, so long for the
//! whole request (`routes`), and so long to take some more of an answer; whoever is slower is cut off.

use crate::client_ip::ClientKey;
pub use crate::metrics::TurnedAway;
use crate::metrics::{self, names};
use ::metrics::gauge;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutWriter;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_service::Service as _;

/// After an error of `accept` that is not a client's: too many open files, as a rule.
const ACCEPT_PAUSE: Duration = Duration::from_millis(500);

/// What a connection may take.
#[derive(Clone, Debug)]
pub struct ConnectionLimits {
    /// Open at a time.
    pub total: usize,
    /// Open at a time, of one client.
    pub per_client: usize,
    /// Clients that [`ConnectionLimits::per_client`] is not for: proxies, behind which are many.
    pub proxies: Vec<IpNet>,
    /// For a request's head to arrive, also after the answer to the one before.
    pub head_within: Duration,
    /// Size of a request's head.
    pub head_bytes: usize,
    /// For a client to take some more of an answer.
    pub take_within: Duration,
}

/// Lets connections in, and counts them.
#[derive(Debug)]
pub struct Gate {
    limits: ConnectionLimits,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    by_client: HashMap<ClientKey, usize>,
}

/// A place among the open connections; dropping it gives it up.
#[derive(Debug)]
pub struct Place {
    gate: Arc<Gate>,
    client: Option<ClientKey>,
}

impl Gate {
    /// A gate with these limits.
    pub fn new(limits: ConnectionLimits) -> Arc<Self> {
        Arc::new(Self { limits, open: Mutex::default() })
    }

    /// A place for a connection from this address.
    ///
    /// # Errors
    /// If there is none.
    pub fn admit(self: &Arc<Self>, peer: IpAddr) -> Result<Place, TurnedAway> {
        let peer = peer.to_canonical();
        // Whoever connects from this machine is a proxy, or its operator.
        let is_counted = !peer.is_loopback() && !self.limits.proxies.iter().any(|net| net.contains(&peer));
        let client = is_counted.then(|| ClientKey::of(peer));
        let mut open = self.open();
        if open.total >= self.limits.total {
            return Err(TurnedAway::Full);
        }
        if let Some(client) = client {
            let of_client = open.by_client.entry(client).or_default();
            if *of_client >= self.limits.per_client {
                return Err(TurnedAway::Client);
            }
            *of_client += 1;
        }
        open.total += 1;
        gauge!(names::CONNECTIONS).increment(1);
        Ok(Place { gate: Arc::clone(self), client })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.gate.open();
        open.total -= 1;
        gauge!(names::CONNECTIONS).decrement(1);
        if let Some(client) = self.client
            && let Some(of_client) = open.by_client.get_mut(&client)
        {
            *of_client -= 1;
            if *of_client == 0 {
                open.by_client.remove(&client);
            }
        }
    }
}

/// Takes connections until `stop`, then lets requests that are on their way end.
pub async fn serve(listener: TcpListener, router: Router, gate: Arc<Gate>, stop: CancellationToken) {
    let tracker = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => match gate.admit(peer.ip()) {
                Ok(place) => {
                    // Messages are small and should not wait for more to come.
                    let _ = stream.set_nodelay(true);
                    let stream = Held::new(stream, place, gate.limits.take_within);
                    tracker.spawn(attend(stream, peer, router.clone(), Arc::clone(&gate), stop.clone()));
                }
                Err(turned_away) => {
                    metrics::count(turned_away, 1);
                }
            },
            Err(error) if is_of_client(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot take a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    tracker.close();
    tracker.wait().await;
}

fn is_of_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn attend(stream: Held, peer: SocketAddr, router: Router, gate: Arc<Gate>, stop: CancellationToken) {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let limits = &gate.limits;
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .max_header_size(limits.head_bytes)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    // How it ends is the client's business; what a request came to is in the log already.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// A client's stream. It keeps its place also as a WebSocket, and fails a write that the client does not take in time.
struct Held {
    stream: Pin<Box<TimeoutWriter<TcpStream>>>,
    _place: Place,
}

impl Held {
    fn new(stream: TcpStream, place: Place, take_within: Duration) -> Self {
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(take_within));
        Self { stream: Box::pin(stream), _place: place }
    }
}

impl AsyncRead for Held {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_read(context, buffer)
    }
}

impl AsyncWrite for Held {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(total: usize, per_client: usize) -> Arc<Gate> {
        Gate::new(ConnectionLimits {
            total,
            per_client,
            proxies: vec!["10.0.0.0/8".parse().expect("a network")],
            head_within: Duration::from_secs(1),
            head_bytes: 8_192,
            take_within: Duration::from_secs(1),
        })
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_client_has_so_many_places_and_gets_them_back() {
        let gate = gate(100, 2);
        let first = gate.admit(ip("198.51.100.1")).expect("a place");
        let _second = gate.admit(ip("::ffff:198.51.100.1")).expect("a place");
        assert_eq!(gate.admit(ip("198.51.100.1")).err(), Some(TurnedAway::Client));
        let _other = gate.admit(ip("198.51.100.2")).expect("another client's");
        drop(first);
        assert!(gate.admit(ip("198.51.100.1")).is_ok());
    }

    #[test]
    fn one_customer_of_ipv6_is_one_client() {
        let gate = gate(100, 1);
        let _first = gate.admit(ip("2001:db8::1")).expect("a place");
        assert_eq!(gate.admit(ip("2001:db8::2")).err(), Some(TurnedAway::Client));
        assert!(gate.admit(ip("2001:db8:0:1::1")).is_ok());
    }

    #[test]
    fn proxies_and_this_machine_are_many_clients() {
        let gate = gate(5, 1);
        let places: Vec<Place> = ["10.0.0.1", "10.0.0.1", "127.0.0.1", "127.0.0.1", "::1"]
            .map(|text| gate.admit(ip(text)).expect("a place"))
            .into();
        assert_eq!(gate.admit(ip("127.0.0.1")).err(), Some(TurnedAway::Full));
        drop(places);
        assert!(gate.open().by_client.is_empty() && gate.open().total == 0);
    }
}
