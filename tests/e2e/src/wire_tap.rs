//! A wire between browser and server that remembers what went over it, and that can be slow, held or cut.

use crate::Result;
use crate::process::free_port;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Forwards connections to a server, mostly Thread, and remembers every byte that was sent there.
///
/// Where the server has several nodes, each connection goes to the next one that takes it, whoever it is of: a load balancer
/// without sticky sessions.
///
/// It sits at the server's public address, so it sees what any browser, script or frame really sends: not what a
/// developer tool says it does. And what it does to the network, it does to every browser.
pub struct WireTap {
    wire: Arc<Wire>,
    port: u16,
    accept: JoinHandle<()>,
}

/// What all connections have in common.
struct Wire {
    /// A node each.
    upstream_ports: Vec<u16>,
    sent: Mutex<Vec<Connection>>,
    state: watch::Sender<State>,
    /// Requests of this method are lost if their addresses contain this text.
    refused: Mutex<Option<(&'static str, String)>>,
    pace: Mutex<Option<Pace>>,
    edit: Edit,
}

/// What was sent over one connection, and to which node.
struct Connection {
    node: usize,
    bytes: Vec<u8>,
}

/// How the wire is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    /// Requests arrive, answers stay.
    Held,
    /// Open connections end, and new ones at once.
    Cut,
}

/// How slow a wire is.
#[derive(Clone, Copy)]
pub struct Pace {
    /// How long a request or an answer is on its way.
    pub latency: Duration,
    /// Of the answers of a connection.
    pub bytes_a_second: u32,
}

impl Pace {
    /// A telephone far from the next mast, as browsers' developer tools have it.
    pub const SLOW_3G: Self = Self { latency: Duration::from_millis(200), bytes_a_second: 50_000 };
}

/// Changes an answer's bytes in place.
pub(crate) type Edit = fn(&mut [u8]);

impl WireTap {
    /// Listens on a free port; connections go to another, where nobody need listen yet.
    pub(crate) async fn start() -> Result<Self> {
        Self::start_for(1).await
    }

    /// The same for a server of several nodes, with a port each.
    pub(crate) async fn start_for(nodes: usize) -> Result<Self> {
        Self::listen(nodes, |_| {}).await
    }

    /// For one node; each piece of an answer goes through `edit`.
    pub(crate) async fn start_with(edit: Edit) -> Result<Self> {
        Self::listen(1, edit).await
    }

    async fn listen(nodes: usize, edit: Edit) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let (state, _) = watch::channel(State::Whole);
        let wire = Arc::new(Wire {
            upstream_ports: (0..nodes).map(|_| free_port()).collect::<Result<_>>()?,
            sent: Mutex::default(),
            state,
            refused: Mutex::default(),
            pace: Mutex::default(),
            edit,
        });
        let accept = tokio::spawn(accept(listener, Arc::clone(&wire)));
        Ok(Self { wire, port, accept })
    }

    /// The port that browsers connect to.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The port that the server has to listen on.
    pub(crate) fn upstream_port(&self) -> u16 {
        self.wire.upstream_ports[0]
    }

    /// The ports that its nodes have to listen on.
    pub(crate) fn upstream_ports(&self) -> &[u16] {
        &self.wire.upstream_ports
    }

    /// How many connections each node got.
    pub fn connections(&self) -> Vec<usize> {
        let sent = lock(&self.wire.sent);
        let of = |node| sent.iter().filter(|connection| connection.node == node).count();
        (0..self.wire.upstream_ports.len()).map(of).collect()
    }

    /// The node that got the latest request with this method and address.
    pub fn node_of(&self, method: &str, address: &str) -> Option<usize> {
        let sent = lock(&self.wire.sent);
        let has = |connection: &&Connection| {
            let text = String::from_utf8_lossy(&connection.bytes);
            text.lines().filter_map(request_line).any(|(m, a)| m == method && a == address)
        };
        sent.iter().rev().find(has).map(|connection| connection.node)
    }

    /// From now on requests still arrive at the server, but its answers stay on the wire.
    pub fn hold_answers(&self) {
        self.wire.state.send_replace(State::Held);
    }

    /// Lets the answers through.
    pub fn release_answers(&self) {
        self.wire.state.send_replace(State::Whole);
    }

    /// Ends all connections, and every new one at once, as where there is no network.
    pub fn cut(&self) {
        self.wire.state.send_replace(State::Cut);
    }

    /// Loses requests of `method` whose addresses contain `text`, with their connections.
    pub fn refuse(&self, method: &'static str, text: &str) {
        *lock(&self.wire.refused) = Some((method, text.to_owned()));
    }

    /// From now on everything takes its time.
    pub fn slow_down(&self, pace: Pace) {
        *lock(&self.wire.pace) = Some(pace);
    }

    /// The wire is whole again, and takes every request. It stays as slow as it is.
    pub fn mend(&self) {
        *lock(&self.wire.refused) = None;
        self.wire.state.send_replace(State::Whole);
    }

    /// Everything that was sent to the server, request after request; bytes that are no UTF-8 replaced.
    pub fn sent(&self) -> String {
        let sent = lock(&self.wire.sent);
        let texts = sent.iter().map(|connection| String::from_utf8_lossy(&connection.bytes));
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Method and address of every request.
    pub fn requests(&self) -> Vec<(String, String)> {
        self.sent().lines().filter_map(request_line).collect()
    }

    /// How many requests had this method and address.
    pub fn count(&self, method: &str, address: &str) -> usize {
        self.requests().iter().filter(|(m, a)| m == method && a == address).count()
    }
}

impl Drop for WireTap {
    fn drop(&mut self) {
        self.accept.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a request's first line apart. The body of the request before may stand in front of it.
fn request_line(line: &str) -> Option<(String, String)> {
    let (before, address) = line.strip_suffix(" HTTP/1.1")?.rsplit_once(' ')?;
    let method = before.rsplit(|c: char| !c.is_ascii_uppercase()).next()?;
    Some((method.to_owned(), address.to_owned()))
}

async fn accept(listener: TcpListener, wire: Arc<Wire>) {
    let mut turn = 0;
    while let Ok((browser, _)) = listener.accept().await {
        let wire = Arc::clone(&wire);
        let first = turn % wire.upstream_ports.len();
        turn += 1;
        tokio::spawn(async move {
            let mut cut = wire.state.subscribe();
            // A connection that breaks is the browser's business; it will see the same as without the tap.
            tokio::select! {
                biased;
                _ = cut.wait_for(|state| *state == State::Cut) => {}
                _ = wire.forward(browser, first) => {}
            }
        });
    }
}

impl Wire {
    /// The first node that takes a connection, from this one on.
    async fn connect(&self, first: usize) -> std::io::Result<(usize, TcpStream)> {
        let mut refused = None;
        for node in (first..self.upstream_ports.len()).chain(0..first) {
            match TcpStream::connect(("127.0.0.1", self.upstream_ports[node])).await {
                Ok(stream) => return Ok((node, stream)),
                Err(error) => refused = Some(error),
            }
        }
        Err(refused.unwrap_or_else(|| std::io::ErrorKind::NotConnected.into()))
    }

    async fn forward(&self, mut browser: TcpStream, first: usize) -> std::io::Result<()> {
        let (node, mut thread) = self.connect(first).await?;
        browser.set_nodelay(true)?;
        thread.set_nodelay(true)?;
        let (from_browser, to_browser) = browser.split();
        let (from_thread, to_thread) = thread.split();
        let connection = {
            let mut sent = lock(&self.sent);
            sent.push(Connection { node, bytes: Vec::new() });
            sent.len() - 1
        };
        // Both ways end together: one alone may wait for ever.
        tokio::select! {
            result = self.requests(connection, from_browser, to_thread) => result,
            result = self.answers(from_thread, to_browser) => result,
        }
    }

    async fn requests(
        &self,
        connection: usize,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
    ) -> std::io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = from.read(&mut buffer).await?;
            if count == 0 {
                return to.shutdown().await;
            }
            let is_refused = {
                let mut sent = lock(&self.sent);
                let sent = &mut sent[connection].bytes;
                // A line may come in pieces.
                let start = sent.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
                sent.extend_from_slice(&buffer[..count]);
                self.refuses(&sent[start..])
            };
            if is_refused {
                return Ok(());
            }
            let pace = *lock(&self.pace);
            if let Some(Pace { latency, .. }) = pace {
                sleep(latency).await;
            }
            to.write_all(&buffer[..count]).await?;
        }
    }

    /// Whether one of these requests is to be lost.
    fn refuses(&self, sent: &[u8]) -> bool {
        let refused = lock(&self.refused);
        let Some((refused, text)) = refused.as_ref() else { return false };
        let sent = String::from_utf8_lossy(sent);
        sent.lines()
            .filter_map(request_line)
            .any(|(method, address)| method == *refused && address.contains(text))
    }

    async fn answers(
        &self,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
    ) -> std::io::Result<()> {
        let mut state = self.state.subscribe();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            // Small pieces where they take their time, so that a browser sees them come.
            let pace = *lock(&self.pace);
            let size = if pace.is_some() { 4 * 1024 } else { buffer.len() };
            let count = from.read(&mut buffer[..size]).await?;
            if count == 0 {
                return to.shutdown().await;
            }
            let piece = &mut buffer[..count];
            (self.edit)(piece);
            // The sender lives as long as the tap; after it nothing needs to be forwarded.
            if state.wait_for(|state| *state != State::Held).await.is_err() {
                return Ok(());
            }
            if let Some(Pace { latency, bytes_a_second }) = pace {
                // Whoever waits for the rest of a long answer does not wait for its first byte again.
                let is_first = count < size;
                let count = u32::try_from(count).unwrap_or(u32::MAX);
                sleep(Duration::from_secs(1) * count / bytes_a_second).await;
                if is_first {
                    sleep(latency).await;
                }
            }
            to.write_all(piece).await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wait::until;

    #[tokio::test]
    async fn what_is_sent_is_recorded_and_answers_can_be_held() -> Result {
        let tap = WireTap::start().await?;
        let thread = TcpListener::bind(("127.0.0.1", tap.upstream_port())).await?;
        let mut browser = TcpStream::connect(("127.0.0.1", tap.port())).await?;
        let (mut at_thread, _) = thread.accept().await?;

        tap.hold_answers();
        browser
            .write_all(b"POST /v1/sessions HTTP/1.1\r\n\r\n{\"a\":1}GET /v1/apps/x HTTP/1.1\r\n\r\n")
            .await?;
        until("both requests are recorded", async || Ok(tap.requests().len() == 2)).await?;
        assert!(tap.sent().contains("{\"a\":1}"));
        assert_eq!((tap.count("POST", "/v1/sessions"), tap.count("GET", "/v1/apps/x")), (1, 1));

        at_thread.write_all(b"answer").await?;
        let mut answer = [0; 6];
        assert_eq!(browser.try_read(&mut answer).map_err(|e| e.kind()), Err(std::io::ErrorKind::WouldBlock));
        tap.release_answers();
        browser.read_exact(&mut answer).await?;
        assert_eq!(&answer, b"answer");

        tap.cut();
        assert_eq!(browser.read(&mut answer).await.unwrap_or(0), 0, "the connection has ended");
        let mut another = TcpStream::connect(("127.0.0.1", tap.port())).await?;
        assert_eq!(another.read(&mut answer).await.unwrap_or(0), 0, "a new one ends at once");
        Ok(())
    }

    #[tokio::test]
    async fn a_request_can_be_lost_by_its_address_even_if_it_comes_in_pieces() -> Result {
        let tap = WireTap::start().await?;
        let thread = TcpListener::bind(("127.0.0.1", tap.upstream_port())).await?;
        tap.refuse("POST", "/messages");
        let mut browser = TcpStream::connect(("127.0.0.1", tap.port())).await?;
        let (mut at_thread, _) = thread.accept().await?;
        browser.write_all(b"GET /v1/apps/x HTTP/1.1\r\n\r\nPOST /v1/mess").await?;
        let mut arrived = vec![0; 64];
        assert!(at_thread.read(&mut arrived).await? > 20, "the other one arrives");
        browser.write_all(b"ages HTTP/1.1\r\n\r\n").await?;
        assert_eq!(browser.read(&mut [0; 6]).await.unwrap_or(0), 0, "the connection has ended");

        tap.mend();
        let mut browser = TcpStream::connect(("127.0.0.1", tap.port())).await?;
        let (mut at_thread, _) = thread.accept().await?;
        browser.write_all(b"POST /v1/messages HTTP/1.1\r\n\r\n").await?;
        assert!(at_thread.read(&mut arrived).await? > 20, "it arrives");
        Ok(())
    }

    #[tokio::test]
    async fn connections_go_to_each_node_in_turn_and_past_one_that_is_gone() -> Result {
        let tap = WireTap::start_for(2).await?;
        let first = TcpListener::bind(("127.0.0.1", tap.upstream_ports()[0])).await?;
        let second = TcpListener::bind(("127.0.0.1", tap.upstream_ports()[1])).await?;
        let dial = async || TcpStream::connect(("127.0.0.1", tap.port())).await;
        let _browsers = [dial().await?, dial().await?];
        let _servers = (first.accept().await?, second.accept().await?);
        drop(first);
        let mut browsers = [dial().await?, dial().await?];
        let _servers = (second.accept().await?, second.accept().await?);
        browsers[1].write_all(b"GET /v1/live HTTP/1.1\r\n\r\n").await?;
        until("it is recorded", async || Ok(tap.node_of("GET", "/v1/live") == Some(1))).await?;
        assert_eq!(tap.connections(), [1, 3]);
        Ok(())
    }
}
