//! A mail server: speaks SMTP over TCP, keeps what it takes, refuses what it is told to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A mail as it came.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    pub from: String,
    pub to: Vec<String>,
    pub data: String,
    pub auth: Option<String>,
}

#[derive(Default)]
struct Seen {
    taken: Vec<Taken>,
    /// Answers to come for RCPT; then it takes everything.
    refusals: Vec<&'static str>,
    sessions: usize,
    attempted: usize,
}

pub struct MailServer {
    pub address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    serving: JoinHandle<()>,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl MailServer {
    /// `refusals` are its first answers to recipients.
    pub async fn start(refusals: &[&'static str]) -> Self {
        Self::start_on("127.0.0.1:0".parse().expect("an address"), refusals).await
    }

    pub async fn start_on(address: SocketAddr, refusals: &[&'static str]) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let refusals = refusals.iter().rev().copied().collect();
        let seen = Arc::new(Mutex::new(Seen { refusals, ..Seen::default() }));
        let serving = tokio::spawn({
            let seen = Arc::clone(&seen);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let seen = Arc::clone(&seen);
                    tokio::spawn(async move { speak(stream, &seen).await });
                }
            }
        });
        Self { address, seen, serving }
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.seen.lock().expect("not poisoned").taken.clone()
    }

    pub fn attempted(&self) -> usize {
        self.seen.lock().expect("not poisoned").attempted
    }

    pub fn sessions(&self) -> usize {
        self.seen.lock().expect("not poisoned").sessions
    }

    /// Waits for the `count`th mail.
    pub async fn mail(&self, count: usize) -> Taken {
        crate::support::within(Duration::from_secs(10), || async { self.taken().len() >= count }).await;
        self.taken().swap_remove(count - 1)
    }
}

async fn speak(stream: TcpStream, seen: &Mutex<Seen>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    seen.lock().expect("not poisoned").sessions += 1;
    say(&mut stream, "220 mail.test ESMTP").await?;
    let mut mail = Taken::default();
    loop {
        let line = hear(&mut stream).await?;
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-mail.test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN",
            "AUTH" => {
                mail.auth = line.split(' ').nth(2).map(ToOwned::to_owned);
                "235 2.7.0 welcome"
            }
            "MAIL" => {
                mail.from = line;
                "250 2.1.0 go on"
            }
            "RCPT" => {
                let mut seen = seen.lock().expect("not poisoned");
                seen.attempted += 1;
                mail.to.push(line);
                seen.refusals.pop().unwrap_or("250 2.1.5 go on")
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                loop {
                    let line = hear(&mut stream).await?;
                    if line == "." {
                        break;
                    }
                    mail.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    mail.data.push_str("\r\n");
                }
                let auth = mail.auth.clone();
                let whole = std::mem::take(&mut mail);
                mail.auth = auth;
                seen.lock().expect("not poisoned").taken.push(whole);
                "250 2.0.0 taken"
            }
            "RSET" | "NOOP" => "250 2.0.0 fine",
            "QUIT" => {
                say(&mut stream, "221 2.0.0 bye").await?;
                return Some(());
            }
            _ => "502 5.5.2 what?",
        };
        say(&mut stream, answer).await?;
    }
}

async fn say(stream: &mut BufReader<TcpStream>, line: &str) -> Option<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await.ok()
}

async fn hear(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}
