//! A wire between browser and Thread that remembers what went over it, and that can be held.

use crate::Result;
use crate::process::free_port;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Forwards connections to Thread and remembers every byte that was sent there.
///
/// It sits at Thread's public address, so it sees what any browser, script or frame really sends: not what a
/// developer tool says it does.
pub struct WireTap {
    sent: Arc<Mutex<Vec<Vec<u8>>>>,
    held: watch::Sender<bool>,
    port: u16,
    upstream_port: u16,
    accept: JoinHandle<()>,
}

impl WireTap {
    /// Listens on a free port; connections go to `upstream_port`, where nobody need listen yet.
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let upstream_port = free_port()?;
        let sent = Arc::<Mutex<Vec<Vec<u8>>>>::default();
        let (held, _) = watch::channel(false);
        let accept = tokio::spawn(accept(listener, upstream_port, Arc::clone(&sent), held.clone()));
        Ok(Self { sent, held, port, upstream_port, accept })
    }

    /// The port that browsers connect to.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The port that Thread has to listen on.
    pub(crate) fn upstream_port(&self) -> u16 {
        self.upstream_port
    }

    /// From now on requests still arrive at Thread, but its answers stay on the wire.
    pub fn hold_answers(&self) {
        self.held.send_replace(true);
    }

    /// Lets the answers through.
    pub fn release_answers(&self) {
        self.held.send_replace(false);
    }

    /// Everything that was sent to Thread, request after request; bytes that are no UTF-8 replaced.
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
    held: watch::Sender<bool>,
) {
    while let Ok((browser, _)) = listener.accept().await {
        let (sent, held) = (Arc::clone(&sent), held.subscribe());
        tokio::spawn(async move {
            // A connection that breaks is the browser's business; it will see the same as without the tap.
            let _ = forward(browser, upstream_port, &sent, held).await;
        });
    }
}

async fn forward(
    mut browser: TcpStream,
    upstream_port: u16,
    sent: &Mutex<Vec<Vec<u8>>>,
    held: watch::Receiver<bool>,
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
    let record = |bytes: &[u8]| {
        sent.lock().unwrap_or_else(PoisonError::into_inner)[connection].extend_from_slice(bytes);
    };
    // Both ways end together: one alone may wait for ever.
    tokio::select! {
        result = copy(from_browser, to_thread, record, None) => result,
        result = copy(from_thread, to_browser, |_| {}, Some(held)) => result,
    }
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    record: impl Fn(&[u8]),
    mut held: Option<watch::Receiver<bool>>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return to.shutdown().await;
        }
        record(&buffer[..count]);
        if let Some(held) = &mut held {
            // The sender lives as long as the tap; after it nothing needs to be forwarded.
            if held.wait_for(|held| !held).await.is_err() {
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
        Ok(())
    }
}
