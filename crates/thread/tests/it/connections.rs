//! Clients that are slow, greedy or many.

use crate::support::{ANN, TestThread, assert_problem, json_of};
use reqwest::StatusCode;
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What a server may take to cut off a client that has a second: far more would be never.
const PATIENCE: Duration = Duration::from_secs(20);

async fn connect(thread: &TestThread) -> TcpStream {
    TcpStream::connect(thread.address).await.expect("connected")
}

/// Sends a byte every now and then until the service hangs up; what it said before.
async fn drip(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    let dripping = async {
        let (mut reader, mut writer) = stream.split();
        let drops = async {
            while writer.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let answer = reader.read_to_end(&mut said);
        tokio::select! {
            () = drops => {}
            _ = answer => {}
        }
    };
    tokio::time::timeout(PATIENCE, dripping).await.expect("cut off");
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test]
async fn a_head_that_drips_is_cut_off() {
    let thread = TestThread::start_with(&["--limit-head-time", "1s"]).await;
    let mut stream = connect(&thread).await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ").await.expect("sent");
    let said = drip(&mut stream).await;
    assert!(!said.contains(" 200 "), "{said}");
}

#[tokio::test]
async fn a_body_that_drips_is_cut_off_and_told() {
    let thread = TestThread::start_with(&["--limit-request-time", "1s"]).await;
    let mut stream = connect(&thread).await;
    let head = "POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: 60000\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.expect("sent");
    let said = drip(&mut stream).await;
    assert!(said.starts_with("HTTP/1.1 408 ") && said.contains("\"unavailable\""), "{said}");
    assert!(said.contains("access-control-allow-origin: *") && said.contains("connection: close"), "{said}");
}

#[tokio::test]
async fn an_upload_that_drips_has_longer_and_is_cut_off_too() {
    let thread = TestThread::start_with(&["--limit-request-time", "1s", "--limit-upload-time", "2s"]).await;
    let token = thread.sign_in(ANN).await;
    let mut stream = connect(&thread).await;
    let head = format!(
        "POST /v1/attachments?name=a.txt HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: text/plain\r\ncontent-length: 60000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    assert!(drip(&mut stream).await.starts_with("HTTP/1.1 408 "));
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let thread = TestThread::start_with(&["--limit-head-time", "1s"]).await;
    let mut stream = connect(&thread).await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("sent");
    let mut said = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut said)).await.expect("closed").expect("read");
    assert!(String::from_utf8_lossy(&said).starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn a_client_that_takes_no_answer_is_cut_off() {
    let thread = TestThread::start_with(&["--limit-take-time", "1s", "--limit-head-time", "5m"]).await;
    let mut stream = connect(&thread).await;
    // Asks on and on, and reads nothing, until the buffers between are full.
    let asking = async {
        let requests = "GET /messenger/ HTTP/1.1\r\nhost: x\r\n\r\n".repeat(1_000);
        while stream.write_all(requests.as_bytes()).await.is_ok() {}
    };
    tokio::time::timeout(PATIENCE, asking).await.expect("cut off");
}

#[tokio::test]
async fn a_socket_that_says_nothing_is_closed() {
    let thread = TestThread::start_with(&["--limit-hello-time", "1s"]).await;
    let mut stream = connect(&thread).await;
    let head = "GET /v1/live HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut said = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut said)).await.expect("closed");
    let said = String::from_utf8_lossy(&said);
    assert!(said.starts_with("HTTP/1.1 101 ") && said.contains("unauthorized"), "{said}");
}

#[tokio::test]
async fn over_the_limit_connections_are_turned_away_until_others_end() {
    let thread = TestThread::start_with(&["--limit-connections", "2"]).await;
    let ask = async |stream: &mut TcpStream| {
        let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: keep-alive\r\n\r\n").await;
        let mut byte = [0];
        matches!(stream.read(&mut byte).await, Ok(1))
    };
    let (mut first, mut second) = (connect(&thread).await, connect(&thread).await);
    assert!(ask(&mut first).await && ask(&mut second).await);
    let mut third = connect(&thread).await;
    assert!(!ask(&mut third).await, "closed without an answer");
    drop(first);
    crate::support::within(PATIENCE, || async { ask(&mut connect(&thread).await).await }).await;
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let thread = TestThread::start_with(&["--limit-head", "2048"]).await;
    let with = |bytes: usize| thread.get("/healthz").header("x-large", "x".repeat(bytes));
    assert_eq!(with(1_000).send().await.expect("answered").status(), StatusCode::OK);
    let refused = with(4_000).send().await;
    let is_refused = refused.map_or(true, |answer| answer.status() == 431);
    assert!(is_refused);
}

#[tokio::test]
async fn so_many_uploads_are_on_their_way_at_a_time() {
    let thread = TestThread::start_with(&["--limit-uploads-in-flight", "1"]).await;
    let token = thread.sign_in(ANN).await;
    let mut slow = connect(&thread).await;
    let head = format!(
        "POST /v1/attachments?name=a.txt HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: text/plain\r\ncontent-length: 2\r\n\r\na"
    );
    slow.write_all(head.as_bytes()).await.expect("sent");
    let upload = async || {
        let request = thread.request(reqwest::Method::POST, "/v1/attachments?name=b.txt").bearer_auth(&token);
        request.header("content-type", "text/plain").body("b").send().await.expect("answered")
    };
    // Until the first one has arrived, the second may overtake it.
    crate::support::within(PATIENCE, || async { upload().await.status() == StatusCode::SERVICE_UNAVAILABLE })
        .await;
    let busy = upload().await;
    assert_eq!(busy.headers()["retry-after"], "1");
    assert_problem(busy, 503, "unavailable").await;
    slow.write_all(b"a").await.expect("sent");
    crate::support::within(PATIENCE, || async { upload().await.status() == StatusCode::CREATED }).await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_by_its_flag() {
    let thread = TestThread::start_with(&["--limit-body", "1000"]).await;
    let body = json!({"appId": thread.app.id, "email": format!("{}@x.example", "a".repeat(1_000))});
    assert_problem(thread.post("/v1/pins", &body).send().await.expect("answered"), 413, "payload_too_large")
        .await;
    let small = thread.post("/v1/pins", &json!({"appId": thread.app.id, "email": ANN}));
    json_of(small.send().await.expect("answered"), StatusCode::ACCEPTED).await;
}

#[tokio::test]
async fn a_trusted_proxy_names_the_request_and_nobody_else_does() {
    for (flags, is_taken) in [(&["--trusted-proxies", "127.0.0.0/8"][..], true), (&[], false)] {
        let thread = TestThread::start_with(flags).await;
        let answer = thread.get("/healthz").header("x-request-id", "edge-1").send().await.expect("answered");
        assert_eq!(answer.headers()["x-request-id"] == "edge-1", is_taken);
        let forged = thread.get("/healthz").header("x-request-id", "a b").send().await.expect("answered");
        assert_eq!(forged.headers()["x-request-id"].len(), 36, "a new one");
    }
}
