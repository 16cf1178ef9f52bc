use crate::support::{ANN, BOB, PORTAL, START_MS, TestThread, text};
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::AppId;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use thread::store::Revocation;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const SOON: Duration = Duration::from_secs(5);

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn open(thread: &TestThread, origin: Option<&str>) -> Result<Self, Error> {
        Self::open_at(thread, "/v1/live", origin).await
    }

    async fn open_at(thread: &TestThread, path: &str, origin: Option<&str>) -> Result<Self, Error> {
        Self::connect(&thread.url, path, origin).await
    }

    async fn connect(url: &str, path: &str, origin: Option<&str>) -> Result<Self, Error> {
        let address = format!("{}{path}", url.replace("http", "ws"));
        let mut request = address.into_client_request().expect("an address");
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().expect("valid"));
        }
        Ok(Self(connect_async(request).await?.0))
    }

    /// Signs in; the first frame that comes.
    pub async fn hello(thread: &TestThread, token: &str, cursor: Option<&str>) -> (Self, Value) {
        let socket = Self::open(thread, Some(PORTAL)).await.expect("upgraded");
        socket.said_hello(token, cursor).await
    }

    /// The same for an agents' tool, which has no origin.
    pub async fn hello_agent(thread: &TestThread, key: &str, cursor: Option<&str>) -> (Self, Value) {
        let socket = Self::open_at(thread, "/v1/agent/live", None).await.expect("upgraded");
        socket.said_hello(key, cursor).await
    }

    /// Signs in to the service at this address, as a tool without an origin.
    pub async fn hello_at(url: &str, path: &str, bearer: &str, cursor: Option<&str>) -> (Self, Value) {
        let socket = Self::connect(url, path, None).await.expect("upgraded");
        socket.said_hello(bearer, cursor).await
    }

    async fn said_hello(mut self, token: &str, cursor: Option<&str>) -> (Self, Value) {
        let mut hello = json!({"type": "hello", "token": token});
        if let Some(cursor) = cursor {
            hello["cursor"] = json!(cursor);
        }
        self.send(&hello.to_string()).await;
        let first = self.frame().await;
        (self, first)
    }

    pub async fn send(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.expect("sent");
    }

    pub async fn next(&mut self) -> Option<Message> {
        loop {
            match timeout(SOON, self.0.next()).await.expect("something comes soon") {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(message)) => return Some(message),
                Some(Err(_)) | None => return None,
            }
        }
    }

    pub async fn frame(&mut self) -> Value {
        match self.next().await {
            Some(Message::Text(text)) => serde_json::from_str(&text).expect("JSON"),
            other => panic!("not a text frame: {other:?}"),
        }
    }

    /// Code of the close frame, which must be next.
    pub async fn closed(&mut self) -> u16 {
        match self.next().await {
            Some(Message::Close(Some(close))) => close.code.into(),
            other => panic!("not a close frame: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_contact_hears_what_happens_and_nobody_else_does() {
    let thread = TestThread::start().await;
    let other_app = thread.other_app().await;
    let (ann, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    let (mut socket, ready) = Socket::hello(&thread, &ann, None).await;
    assert_eq!(ready, json!({"type": "ready", "cursor": "0"}));
    let bob = thread.sign_in(BOB).await;
    let (mut bobs, _) = Socket::hello(&thread, &bob, None).await;
    let (mut namesake, _) = Socket::hello(&thread, &thread.sign_in_to(&other_app, ANN).await, None).await;
    // The other app does not list PORTAL: the namesake was refused there.
    assert_eq!(namesake.closed().await, 1008);

    let raised = thread.raise(&ann, "c1", "Help").await;
    let id = text(&raised["id"]);
    let frame = socket.frame().await;
    assert_eq!((&frame["type"], &frame["cursor"]), (&json!("service_request"), &json!("1")));
    assert_eq!(frame["serviceRequest"], raised);

    thread.write("/v1/agent", &key, &id, "a1", "Hello Ann").await;
    let frame = socket.frame().await;
    assert_eq!((&frame["type"], &frame["cursor"]), (&json!("message"), &json!("2")));
    assert_eq!((&frame["serviceRequestId"], &frame["message"]["body"]), (&json!(id), &json!("Hello Ann")));
    assert!(frame["message"].get("clientId").is_none());

    thread
        .request(Method::PATCH, &format!("/v1/agent/service-requests/{id}"))
        .json(&json!({"status": "closed"}))
        .bearer_auth(&key)
        .send()
        .await
        .expect("answered");
    assert_eq!(socket.frame().await["serviceRequest"]["status"], "closed");
    thread.write("/v1", &ann, &id, "c2", "Thanks").await;
    assert_eq!(socket.frame().await["message"]["clientId"], "c2", "to the contact's other tabs, too");
    assert_eq!(socket.frame().await["serviceRequest"]["status"], "open");

    // Bob's first frame after all of that is of his own doing.
    thread.raise(&bob, "c1", "Mine").await;
    assert_eq!(bobs.frame().await["serviceRequest"]["subject"], "Mine");
}

#[tokio::test]
async fn a_cursor_brings_what_was_missed_and_only_the_own() {
    let thread = TestThread::start().await;
    let (ann, bob) = (thread.sign_in(ANN).await, thread.sign_in(BOB).await);
    let id = text(&thread.raise(&ann, "c1", "One").await["id"]);
    for index in 2..=4 {
        thread.write("/v1", &ann, &id, &format!("c{index}"), &format!("Message {index}")).await;
    }
    let (mut socket, first) = Socket::hello(&thread, &ann, Some("1")).await;
    assert_eq!((&first["cursor"], &first["message"]["body"]), (&json!("2"), &json!("Message 2")));
    assert_eq!(socket.frame().await["cursor"], "3");
    assert_eq!(socket.frame().await["cursor"], "4");
    assert_eq!(socket.frame().await, json!({"type": "ready", "cursor": "4"}));

    // Another's cursor is no key: bob has nothing, so it was never his.
    let (mut bobs, first) = Socket::hello(&thread, &bob, Some("1")).await;
    assert_eq!(first, json!({"type": "reload", "cursor": "0"}));
    assert_eq!(bobs.frame().await, json!({"type": "ready", "cursor": "0"}));
    for cursor in ["nonsense", "-5", "99"] {
        assert_eq!(
            Socket::hello(&thread, &ann, Some(cursor)).await.1,
            json!({"type": "reload", "cursor": "4"})
        );
    }
}

#[tokio::test]
async fn sockets_and_cursors_of_a_contact_that_was_deleted_are_told_to_reload_when_it_begins_anew() {
    let thread = TestThread::start().await;
    let (ann, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    let (mut socket, _) = Socket::hello(&thread, &ann, None).await;
    let app_id = AppId(thread.app.id.clone());
    // Each time, so that not by chance; the second row is one of those that follow another.
    for round in 0..3 {
        let id = text(&thread.raise(&ann, &format!("c{round}"), "Help").await["id"]);
        let mut cursors = vec![text(&socket.frame().await["cursor"])];
        for index in 0..=round {
            thread.write("/v1/agent", &key, &id, &index.to_string(), "An answer").await;
            let frame = socket.frame().await;
            assert_eq!(frame["message"]["body"], "An answer");
            cursors.push(text(&frame["cursor"]));
        }
        assert!(thread.store.delete_contact(&app_id, ANN).await.expect("database").is_some());
        // Between the two rows there is nothing, and nobody is left in the belief that there is.
        for cursor in &cursors {
            let first = Socket::hello(&thread, &ann, Some(cursor)).await.1;
            assert_eq!(first, json!({"type": "reload", "cursor": "0"}), "round {round}");
        }

        let id = text(&thread.raise(&ann, &format!("again{round}"), "Anew").await["id"]);
        let reload = socket.frame().await;
        assert_eq!(reload["type"], "reload", "round {round}: {reload}");
        for index in 0..4 {
            thread.write("/v1/agent", &key, &id, &format!("h{round}{index}"), "Heard").await;
            assert_eq!(socket.frame().await["message"]["body"], "Heard", "round {round}");
        }
        for cursor in &cursors {
            let first = Socket::hello(&thread, &ann, Some(cursor)).await.1;
            assert_eq!(first["type"], "reload", "round {round}, cursor {cursor}");
        }
        assert!(thread.store.delete_contact(&app_id, ANN).await.expect("database").is_some());
        (socket, _) = Socket::hello(&thread, &ann, None).await;
    }
}

#[tokio::test]
async fn a_newcomer_misses_nothing_of_a_first_conversation_in_an_app_with_others() {
    let thread = TestThread::start().await;
    let (ann, bob, key) =
        (thread.sign_in(ANN).await, thread.sign_in(BOB).await, thread.api_key(&thread.app).await);
    thread.raise(&ann, "c1", "Ann's").await;
    let (mut before, ready) = Socket::hello(&thread, &bob, None).await;
    let cursor = text(&ready["cursor"]);
    let id = text(&thread.raise(&bob, "c1", "Bob's").await["id"]);
    thread.write("/v1/agent", &key, &id, "a1", "Hello Bob").await;
    let (mut back, first) = Socket::hello(&thread, &bob, Some(&cursor)).await;
    let raised = before.frame().await;
    assert_eq!((&raised["type"], &raised["serviceRequest"]["id"]), (&json!("service_request"), &json!(id)));
    let answered = before.frame().await;
    assert_eq!(answered["message"]["body"], "Hello Bob");
    assert_eq!((first["type"].clone(), back.frame().await), (raised["type"].clone(), answered));
}

#[tokio::test]
async fn after_too_long_a_break_the_lists_are_fetched_anew() {
    let thread = TestThread::start().await;
    let ann = thread.sign_in(ANN).await;
    let id = text(&thread.raise(&ann, "c0", "One").await["id"]);
    let key = thread.api_key(&thread.app).await;
    for index in 0..200 {
        thread.write("/v1/agent", &key, &id, &index.to_string(), "x").await;
    }
    let (mut socket, first) = Socket::hello(&thread, &ann, Some("0")).await;
    assert_eq!(first, json!({"type": "reload", "cursor": "201"}));
    assert_eq!(socket.frame().await, json!({"type": "ready", "cursor": "201"}));
    assert_eq!(Socket::hello(&thread, &ann, Some("1")).await.1["cursor"], "2", "200 come one by one");
}

#[tokio::test]
async fn nothing_is_lost_between_catching_up_and_listening() {
    let thread = TestThread::start_with(&["--limit-messages", "1000"]).await;
    let ann = thread.sign_in(ANN).await;
    let id = text(&thread.raise(&ann, "c0", "One").await["id"]);
    let writing = async {
        for index in 1..=60 {
            thread.write("/v1", &ann, &id, &format!("c{index}"), "x").await;
        }
    };
    let listening = async {
        for _ in 0..4 {
            let (mut socket, mut frame) = Socket::hello(&thread, &ann, Some("0")).await;
            let mut expected = 1;
            while expected <= 61 {
                if frame["type"] != "ready" {
                    assert_eq!(frame["cursor"], expected.to_string());
                    expected += 1;
                }
                if expected <= 61 {
                    frame = socket.frame().await;
                }
            }
        }
    };
    tokio::join!(writing, listening);
}

#[tokio::test]
async fn only_pages_of_an_app_can_open_a_socket() {
    let thread = TestThread::start().await;
    for origin in ["https://evil.example", "null"] {
        match Socket::open(&thread, Some(origin)).await {
            Err(Error::Http(response)) => assert_eq!(response.status().as_u16(), 403),
            _ => panic!("opened for {origin}"),
        }
    }
    for origin in [None, Some(PORTAL), Some(thread.url.as_str())] {
        assert!(Socket::open(&thread, origin).await.is_ok(), "{origin:?}");
    }
    let plain = thread.get("/v1/live").send().await.expect("answered");
    assert_eq!(plain.status(), StatusCode::UPGRADE_REQUIRED);
}

#[tokio::test]
async fn a_bad_first_frame_is_refused() {
    let thread = TestThread::start().await;
    let (mut socket, frame) = Socket::hello(&thread, "cgt_none", None).await;
    assert_eq!(frame, json!({"type": "error", "code": "unauthorized"}));
    assert_eq!(socket.closed().await, 1008);
    for text in ["", "{}", r#"{"type":"bye"}"#] {
        let mut socket = Socket::open(&thread, None).await.expect("upgraded");
        socket.send(text).await;
        assert_eq!(socket.closed().await, 1008, "{text}");
    }
    let mut socket = Socket::open(&thread, None).await.expect("upgraded");
    socket.send(&"x".repeat(64 * 1024 + 1)).await;
    assert!(matches!(socket.next().await, None | Some(Message::Close(_))), "too large");
}

#[tokio::test]
async fn signing_out_and_a_revoked_secret_end_the_sockets_within_a_second() {
    let thread = TestThread::start().await;
    let token = thread.sign_in(ANN).await;
    let (mut socket, _) = Socket::hello(&thread, &token, None).await;
    let (mut other, _) = Socket::hello(&thread, &thread.sign_in(ANN).await, None).await;
    thread
        .request(Method::DELETE, "/v1/sessions/current")
        .bearer_auth(&token)
        .send()
        .await
        .expect("answered");
    let ended = timeout(Duration::from_secs(1), socket.frame()).await.expect("within a second");
    assert_eq!(ended, json!({"type": "error", "code": "session_expired"}));
    assert_eq!(socket.closed().await, 1008);
    assert_eq!(Socket::hello(&thread, &token, None).await.1["code"], "session_expired");

    // Revoked in the database alone, as by the command line; the other session was untouched until now.
    thread
        .store
        .revoke_secret(&thread.app.secret_id, Revocation::Ordered, START_MS)
        .await
        .expect("database")
        .expect("there");
    let ended = timeout(Duration::from_secs(1), other.frame()).await.expect("within a second");
    assert_eq!(ended["code"], "session_expired");
}

#[tokio::test]
async fn a_socket_ends_with_its_session_and_lives_on_with_a_renewal() {
    let thread = TestThread::start().await;
    let (token, other) = (thread.sign_in(ANN).await, thread.sign_in(ANN).await);
    let (mut renewed, _) = Socket::hello(&thread, &token, None).await;
    let (mut lapsing, _) = Socket::hello(&thread, &other, None).await;
    thread.clock.advance_ms(1_800_000);
    let answer = crate::support::json_of(thread.renewed(&token).await, StatusCode::OK).await;
    thread.clock.advance_ms(1_800_000);
    assert_eq!(lapsing.frame().await["code"], "session_expired");
    thread.raise(&text(&answer["token"]), "c1", "Still here").await;
    assert_eq!(renewed.frame().await["type"], "service_request");
}

#[tokio::test]
async fn a_contact_has_so_many_sockets() {
    let thread = TestThread::start_with(&["--limit-sockets", "1"]).await;
    let token = thread.sign_in(ANN).await;
    let (_kept, first) = Socket::hello(&thread, &token, None).await;
    assert_eq!(first["type"], "ready");
    assert_eq!(Socket::hello(&thread, &token, None).await.1["code"], "rate_limited");
}

#[tokio::test]
async fn a_stopping_service_spreads_the_return_of_its_sockets() {
    let mut thread = TestThread::start_with(&["--limit-sockets", "100"]).await;
    let token = thread.sign_in(ANN).await;
    let mut sockets = Vec::new();
    for _ in 0..40 {
        sockets.push(Socket::hello(&thread, &token, None).await.0);
    }
    let stopped = thread.stop();
    let mut waits = Vec::new();
    for socket in &mut sockets {
        waits.push(socket.frame().await["retryAfterMs"].as_u64().expect("a number"));
    }
    let in_first_half = waits.iter().filter(|wait| **wait < 2_500).count();
    // Of forty throws of a coin, fewer than six are heads once in a million times.
    assert!((6..=34).contains(&in_first_half), "{waits:?}");
    drop(sockets);
    timeout(SOON, stopped).await.expect("stops soon").expect("did not panic").expect("in order");
}

#[tokio::test]
async fn a_stopping_service_says_goodbye() {
    let mut thread = TestThread::start().await;
    let token = thread.sign_in(ANN).await;
    let (mut socket, _) = Socket::hello(&thread, &token, None).await;
    let stopped = thread.stop();
    let goodbye = socket.frame().await;
    assert_eq!(goodbye["type"], "goodbye");
    assert!(goodbye["retryAfterMs"].as_u64().expect("a number") < 5_000);
    assert_eq!(socket.closed().await, 1012);
    drop(socket);
    timeout(SOON, stopped).await.expect("stops soon").expect("did not panic").expect("in order");
}
