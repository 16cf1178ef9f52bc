//! Idle sockets on one node: memory of each, and how long a message takes to all of them.

use crate::Flags;
use crate::client::{call, request};
use crate::figures::{median, millis};
use crate::target::{Database, Logs};
use anyhow::{Context as _, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

/// Sockets that are opened at a time.
const AT_A_TIME: usize = 64;
const PATIENCE: Duration = Duration::from_mins(1);

/// Idle sockets of one node.
pub struct Sockets {
    pub count: usize,
    /// Of each, without the kernel's.
    pub kib: f64,
    /// After messages to all of them.
    pub kib_after_messages: f64,
    /// Until all have heard a message.
    pub to_all_ms: f64,
    pub opened_per_second: f64,
}

pub async fn measure(flags: &Flags) -> anyhow::Result<Sockets> {
    let database = Database::sqlite()?;
    let app = database.app()?;
    let process = database.serve(Logs::Default)?;
    let (token, path) = app.writer(&process.address, "all@bench.example").await?;
    // What the first connections cost is not of the sockets.
    let heard = Arc::new(AtomicUsize::new(0));
    let (ended, mut ends) = mpsc::channel::<String>(1);
    open_many(&process.address, &token, 100, &heard, &ended).await?;
    let before = process.memory_kib()?;
    let started = Instant::now();
    open_many(&process.address, &token, flags.sockets, &heard, &ended).await?;
    let opening = started.elapsed();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let after = process.memory_kib()?;
    let total = flags.sockets + 100;

    let mut delays = Vec::new();
    for turn in 0..flags.turns {
        heard.store(0, Ordering::SeqCst);
        let body = json!({"clientId": format!("all-{turn}"), "body": "To everybody."});
        let started = Instant::now();
        call(&process.address, &request("POST", &path, Some(&token), &body), 201).await?;
        while heard.load(Ordering::SeqCst) < total {
            if let Ok(why) = ends.try_recv() {
                bail!("a socket ended: {why}");
            }
            if started.elapsed() > PATIENCE {
                bail!("{} of {total} sockets heard it", heard.load(Ordering::SeqCst));
            }
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        delays.push(millis(started.elapsed()));
    }
    let loaded = process.memory_kib()?;
    let each = |memory: u64| memory.saturating_sub(before) as f64 / flags.sockets as f64;
    Ok(Sockets {
        count: flags.sockets,
        kib: each(after),
        kib_after_messages: each(loaded),
        to_all_ms: median(delays),
        opened_per_second: flags.sockets as f64 / opening.as_secs_f64(),
    })
}

async fn open_many(
    address: &str,
    token: &str,
    count: usize,
    heard: &Arc<AtomicUsize>,
    ended: &mpsc::Sender<String>,
) -> anyhow::Result<()> {
    let opening = futures_util::stream::iter(0..count)
        .map(|_| tokio::spawn(open(address.to_owned(), token.to_owned(), Arc::clone(heard), ended.clone())))
        .buffer_unordered(AT_A_TIME);
    let opened: Vec<_> = opening.collect().await;
    opened.into_iter().try_for_each(|opened| opened?)
}

/// Opens a socket, and counts what it hears from then on.
async fn open(
    address: String,
    token: String,
    heard: Arc<AtomicUsize>,
    ended: mpsc::Sender<String>,
) -> anyhow::Result<()> {
    let stream = TcpStream::connect(&address).await.context("too many files? ulimit -n")?;
    let (mut socket, _) = client_async(format!("ws://{address}/v1/live"), stream).await?;
    socket.send(Message::text(json!({"type": "hello", "token": token}).to_string())).await?;
    match socket.next().await {
        Some(Ok(Message::Text(text))) if text.contains("ready") => {}
        other => bail!("not ready: {other:?}"),
    }
    tokio::spawn(async move {
        loop {
            match socket.next().await {
                Some(Ok(Message::Text(_))) => {
                    heard.fetch_add(1, Ordering::SeqCst);
                }
                Some(Ok(_)) => {}
                other => {
                    let _ = ended.try_send(format!("{other:?}"));
                    return;
                }
            }
        }
    });
    Ok(())
}
