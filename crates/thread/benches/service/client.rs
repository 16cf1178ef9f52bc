//! A client that costs little: prepared requests over connections that stay open.

use anyhow::{Context as _, bail};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An open connection.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(4_096) })
    }

    /// Sends a request; status and body of the answer.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let (mut head_end, mut whole) = (None, usize::MAX);
        while self.read.len() < whole {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                bail!("the connection was closed");
            }
            if head_end.is_none()
                && let Some(end) = memchr::memmem::find(&self.read, b"\r\n\r\n")
            {
                head_end = Some(end + 4);
                whole = end + 4 + content_length(&self.read[..end])?;
            }
        }
        let status = std::str::from_utf8(&self.read[9..12])?.parse()?;
        Ok((status, &self.read[head_end.unwrap_or_default()..]))
    }
}

fn content_length(head: &[u8]) -> anyhow::Result<usize> {
    let head = std::str::from_utf8(head)?;
    let value = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().to_owned())
    });
    Ok(value.map_or(Ok(0), |value| value.parse())?)
}

/// A whole request with a JSON body.
pub fn request(method: &str, path: &str, bearer: Option<&str>, body: &serde_json::Value) -> Vec<u8> {
    let body = body.to_string();
    let bearer = bearer.map_or(String::new(), |token| format!("authorization: Bearer {token}\r\n"));
    format!(
        "{method} {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n{bearer}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// One request and its JSON answer, which must have this status.
pub async fn call(address: &str, request: &[u8], status: u16) -> anyhow::Result<serde_json::Value> {
    let mut connection = Connection::open(address).await?;
    let (found, body) = connection.ask(request).await?;
    if found != status {
        bail!("{found} instead of {status}: {}", String::from_utf8_lossy(body));
    }
    serde_json::from_slice(body).context("not JSON")
}

/// What came of a turn.
pub struct Turn {
    pub per_second: f64,
    /// Sorted.
    pub latencies: Vec<Duration>,
}

/// Asks over `connections` for so long, each as quickly as it is answered. `next` makes the request of a connection
/// and a number; every answer must have this status.
pub async fn load(
    address: &str,
    connections: usize,
    time: Duration,
    status: u16,
    next: impl Fn(usize, usize) -> Vec<u8> + Clone + Send + 'static,
) -> anyhow::Result<Turn> {
    let mut opened = Vec::new();
    for _ in 0..connections {
        opened.push(Connection::open(address).await?);
    }
    let started = Instant::now();
    let tasks = opened.into_iter().enumerate().map(|(index, mut connection)| {
        let next = next.clone();
        tokio::spawn(async move {
            let mut latencies = Vec::new();
            for number in 0.. {
                let asked = Instant::now();
                if asked.duration_since(started) >= time {
                    break;
                }
                let (found, body) = connection.ask(&next(index, number)).await?;
                if found != status {
                    bail!("{found} instead of {status}: {}", String::from_utf8_lossy(body));
                }
                latencies.push(asked.elapsed());
            }
            Ok(latencies)
        })
    });
    let mut latencies = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        latencies.extend(task.await??);
    }
    let per_second = latencies.len() as f64 / started.elapsed().as_secs_f64();
    latencies.sort();
    Ok(Turn { per_second, latencies })
}
