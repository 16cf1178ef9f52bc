//! A wire between browser and server that remembers what went over it, and that can be held or cut.

use crate::Result;
use crate::process::free_port;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Forwards connections to a server, mostly Thread, and remembers every byte that was sent there.
///
/// Where the server has several nodes, each connection goes to the next one that takes it, whoever it is of: a load balancer
/// without sticky sessions.
///
/// It sits at the server's public address, so it sees what any browser, script or frame really sends: not what a
/// developer tool says it does.
pub struct WireTap {
    sent: Sent,
    state: watch::Sender<Wire>,
    port: u16,
    upstream_ports: Arc<[u16]>,
    accept: JoinHandle<()>,
}

type Sent = Arc<Mutex<Vec<Connection>>>;

/// What was sent over one connection, and to which node.
struct Connection {
    node: usize,
    bytes: Vec<u8>,
}

/// How the wire is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wire {
    Whole,
    /// Requests arrive, answers stay.
    Held,
    /// Open connections end, and new ones at once.
    Cut,
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
        let upstream_ports: Arc<[u16]> = (0..nodes).map(|_| free_port()).collect::<Result<_>>()?;
        let (sent, (state, _)) = (Sent::default(), watch::channel(Wire::Whole));
        let wire = (Arc::clone(&upstream_ports), Arc::clone(&sent), state.clone());
        let accept = tokio::spawn(accept(listener, wire, edit));
        Ok(Self { sent, state, port, upstream_ports, accept })
    }

    /// The port that browsers connect to.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The port that the server has to listen on.
    pub(crate) fn upstream_port(&self) -> u16 {
        self.upstream_ports[0]
    }

    /// The ports that its nodes have to listen on.
    pub(crate) fn upstream_ports(&self) -> &[u16] {
        &self.upstream_ports
    }

    /// How many connections each node got.
    pub fn connections(&self) -> Vec<usize> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |node| sent.iter().filter(|connection| connection.node == node).count();
        (0..self.upstream_ports.len()).map(of).collect()
    }

    /// The node that got the latest request with this method and address.
    pub fn node_of(&self, method: &str, address: &str) -> Option<usize> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let has = |connection: &&Connection| {
            let text = String::from_utf8_lossy(&connection.bytes);
            text.lines().filter_map(request_line).any(|(m, a)| m == method && a == address)
        };
        sent.iter().rev().find(has).map(|connection| connection.node)
    }

    /// From now on requests still arrive at the server, but its answers stay on the wire.
    pub fn hold_answers(&self) {
        self.state.send_replace(Wire::Held);
    }

    /// Lets the answers through.
    pub fn release_answers(&self) {
        self.state.send_replace(Wire::Whole);
    }

    /// Ends all connections, and every new one at once, as where there is no network.
    pub fn cut(&self) {
        self.state.send_replace(Wire::Cut);
    }

    /// The wire is whole again.
    pub fn mend(&self) {
        self.state.send_replace(Wire::Whole);
    }

    /// Everything that was sent to the server, request after request; bytes that are no UTF-8 replaced.
    pub fn sent(&self) -> String {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
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

/// Takes a request's first line apart. The body of the request before may stand in front of it.
fn request_line(line: &str) -> Option<(String, String)> {
    let (before, address) = line.strip_suffix(" HTTP/1.1")?.rsplit_once(' ')?;
    let method = before.rsplit(|c: char| !c.is_ascii_uppercase()).next()?;
    Some((method.to_owned(), address.to_owned()))
}

async fn accept(
    listener: TcpListener,
    (ports, sent, state): (Arc<[u16]>, Sent, watch::Sender<Wire>),
    edit: Edit,
) {
    let mut turn = 0;
    while let Ok((browser, _)) = listener.accept().await {
        let (ports, sent, mut state) = (Arc::clone(&ports), Arc::clone(&sent), state.subscribe());
        let first = turn % ports.len();
        turn += 1;
        tokio::spawn(async move {
            let mut cut = state.clone();
            // A connection that breaks is the browser's business; it will see the same as without the tap.
            tokio::select! {
                biased;
                _ = cut.wait_for(|wire| *wire == Wire::Cut) => {}
                _ = forward(browser, (&ports, first), &sent, &mut state, edit) => {}
            }
        });
    }
}

/// The first node that takes a connection, from this one on.
async fn connect(ports: &[u16], first: usize) -> std::io::Result<(usize, TcpStream)> {
    let mut refused = None;
    for node in (first..ports.len()).chain(0..first) {
        match TcpStream::connect(("127.0.0.1", ports[node])).await {
            Ok(stream) => return Ok((node, stream)),
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.unwrap_or_else(|| std::io::ErrorKind::NotConnected.into()))
}

async fn forward(
    mut browser: TcpStream,
    (ports, first): (&[u16], usize),
    sent: &Mutex<Vec<Connection>>,
    state: &mut watch::Receiver<Wire>,
    edit: Edit,
) -> std::io::Result<()> {
    let (node, mut thread) = connect(ports, first).await?;
    browser.set_nodelay(true)?;
    thread.set_nodelay(true)?;
    let (from_browser, to_browser) = browser.split();
    let (from_thread, to_thread) = thread.split();
    let connection = {
        let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.push(Connection { node, bytes: Vec::new() });
        sent.len() - 1
    };
    let record = |bytes: &mut [u8]| {
        sent.lock().unwrap_or_else(PoisonError::into_inner)[connection].bytes.extend_from_slice(bytes);
    };
    // Both ways end together: one alone may wait for ever.
    tokio::select! {
        result = copy(from_browser, to_thread, record, None) => result,
        result = copy(from_thread, to_browser, edit, Some(state)) => result,
    }
}

/// `look` may remember or change each piece.
async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    look: impl Fn(&mut [u8]),
    mut state: Option<&mut watch::Receiver<Wire>>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return to.shutdown().await;
        }
        look(&mut buffer[..count]);
        if let Some(state) = &mut state {
            // The sender lives as long as the tap; after it nothing needs to be forwarded.
            if state.wait_for(|wire| *wire != Wire::Held).await.is_err() {
                return Ok(());
            }
        }
        to.write_all(&buffer[..count]).await?;
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
