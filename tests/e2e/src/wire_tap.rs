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
/// It sits at the server's public address, so it sees what any browser, script or frame really sends: not what a
/// developer tool says it does.
pub struct WireTap {
    sent: Arc<Mutex<Vec<Vec<u8>>>>,
    state: watch::Sender<Wire>,
    port: u16,
    upstream_port: u16,
    accept: JoinHandle<()>,
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
    /// Listens on a free port; connections go to `upstream_port`, where nobody need listen yet.
    pub(crate) async fn start() -> Result<Self> {
        Self::start_with(|_| {}).await
    }

    /// The same; each piece of an answer goes through `edit`.
    pub(crate) async fn start_with(edit: Edit) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let upstream_port = free_port()?;
        let sent = Arc::<Mutex<Vec<Vec<u8>>>>::default();
        let (state, _) = watch::channel(Wire::Whole);
        let accept = tokio::spawn(accept(listener, upstream_port, Arc::clone(&sent), state.clone(), edit));
        Ok(Self { sent, state, port, upstream_port, accept })
    }

    /// The port that browsers connect to.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The port that the server has to listen on.
    pub(crate) fn upstream_port(&self) -> u16 {
        self.upstream_port
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
        sent.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect::<Vec<_>>().join("\n")
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
    upstream_port: u16,
    sent: Arc<Mutex<Vec<Vec<u8>>>>,
    state: watch::Sender<Wire>,
    edit: Edit,
) {
    while let Ok((browser, _)) = listener.accept().await {
        let (sent, mut state) = (Arc::clone(&sent), state.subscribe());
        tokio::spawn(async move {
            let mut cut = state.clone();
            // A connection that breaks is the browser's business; it will see the same as without the tap.
            tokio::select! {
                biased;
                _ = cut.wait_for(|wire| *wire == Wire::Cut) => {}
                _ = forward(browser, upstream_port, &sent, &mut state, edit) => {}
            }
        });
    }
}

async fn forward(
    mut browser: TcpStream,
    upstream_port: u16,
    sent: &Mutex<Vec<Vec<u8>>>,
    state: &mut watch::Receiver<Wire>,
    edit: Edit,
) -> std::io::Result<()> {
    let mut thread = TcpStream::connect(("127.0.0.1", upstream_port)).await?;
    browser.set_nodelay(true)?;
    thread.set_nodelay(true)?;
    let (from_browser, to_browser) = browser.split();
    let (from_thread, to_thread) = thread.split();
    let connection = {
        let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.push(Vec::new());
        sent.len() - 1
    };
    let record = |bytes: &mut [u8]| {
        sent.lock().unwrap_or_else(PoisonError::into_inner)[connection].extend_from_slice(bytes);
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
}
