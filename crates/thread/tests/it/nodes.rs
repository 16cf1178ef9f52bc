//! Several nodes on one PostgreSQL, with NATS and without. Needs `THREAD_TEST_POSTGRES`, and `nats-server`.

use crate::cli::Cli;
use crate::database::{Database, psql};
use crate::live::Socket;
use crate::program::{Running, create};
use crate::support::{ANN, json_of, text, within};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

const SOON: Duration = Duration::from_secs(15);

/// A `nats-server` on a port of its own. Killed when dropped.
struct Nats {
    port: u16,
    child: Child,
}

impl Nats {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        drop(listener);
        Self { port, child: Self::run(port) }
    }

    fn run(port: u16) -> Child {
        Command::new("nats-server")
            .args(["--addr", "127.0.0.1", "--port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("nats-server is there")
    }

    fn flag(&self) -> String {
        format!("--nats=nats://127.0.0.1:{}", self.port)
    }

    fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ends");
    }

    fn come_back(&mut self) {
        self.child = Self::run(self.port);
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An app on two nodes.
struct Two {
    cli: Cli,
    first: Running,
    second: Running,
    app: Value,
    secret: String,
    key: String,
}

impl Two {
    fn start(flags: &[&str]) -> Self {
        let cli = Cli::new();
        assert!(cli.database.is_postgres(), "THREAD_TEST_POSTGRES has an address: ./build.sh test sets it");
        let (app, secret, _) = create(&cli);
        let key = text(&cli.json(&["apikey", "create", app.as_str().expect("text")])["apiKey"]);
        let flags = [&["--limit-messages", "100000"], flags].concat();
        let (first, second) = (Running::start(&cli, &flags), Running::start(&cli, &flags));
        Self { cli, first, second, app, secret, key }
    }

    async fn token(&self) -> String {
        self.first.token(&self.app, &self.secret, ANN).await
    }

    fn logs(&self) -> String {
        std::fs::read_to_string(self.cli.dir.path().join("logs")).expect("readable")
    }
}

async fn frame_of(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let frame = timeout(SOON, socket.frame()).await.expect("comes soon");
        if frame["type"] == kind {
            return frame;
        }
    }
}

/// Writes that somebody is typing at one node, until a socket of another hears it. Only NATS brings that.
async fn hears_typing(node: &Running, key: &str, id: &str, socket: &mut Socket) {
    let path = format!("/v1/agent/service-requests/{id}/typing");
    let typing = async {
        loop {
            let sent = node.request(Method::POST, &path, key).send().await.expect("answered");
            assert!([204, 429].contains(&sent.status().as_u16()));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        () = typing => {}
        _ = frame_of(socket, "typing") => {}
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: ./build.sh test"]
async fn what_one_node_stores_the_sockets_of_the_other_hear_without_nats() {
    let two = Two::start(&[]);
    let token = two.token().await;
    let (mut contact, _) = Socket::hello_at(&two.second.url, "/v1/live", &token, None).await;
    let (mut agent, _) = Socket::hello_at(&two.second.url, "/v1/agent/live", &two.key, None).await;
    let id = text(&two.first.raise(&token, "Help").await["id"]);
    assert_eq!(contact.frame().await["serviceRequest"]["id"], id);
    assert_eq!(agent.frame().await["serviceRequest"]["id"], id);
    for number in 0..5 {
        let node = if number % 2 == 0 { &two.first } else { &two.second };
        let written = node.write("/v1/agent", &two.key, &id, &number.to_string()).await.expect("answered");
        assert_eq!(written.status(), StatusCode::CREATED);
    }
    for number in 0..5 {
        for socket in [&mut contact, &mut agent] {
            assert_eq!(
                socket.frame().await["message"]["body"],
                format!("Message {number}"),
                "in order, each once"
            );
        }
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: ./build.sh test"]
async fn a_contact_that_begins_anew_at_one_node_is_heard_at_the_other() {
    let two = Two::start(&[]);
    let token = two.token().await;
    let (mut socket, _) = Socket::hello_at(&two.second.url, "/v1/live", &token, None).await;
    let id = text(&two.first.raise(&token, "Help").await["id"]);
    frame_of(&mut socket, "service_request").await;
    for number in 0..5 {
        two.first.write("/v1/agent", &two.key, &id, &number.to_string()).await.expect("answered");
        frame_of(&mut socket, "message").await;
    }
    two.cli.json(&["contact", "delete", two.app.as_str().expect("text"), ANN]);
    let id = text(&two.first.raise(&token, "Anew").await["id"]);
    frame_of(&mut socket, "reload").await;
    two.first.write("/v1/agent", &two.key, &id, "again").await.expect("answered");
    assert_eq!(frame_of(&mut socket, "message").await["message"]["body"], "Message again");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: ./build.sh test"]
async fn a_session_ended_at_one_node_is_over_at_the_other_within_a_second() {
    let two = Two::start(&[]);
    let token = two.token().await;
    let (mut socket, _) = Socket::hello_at(&two.second.url, "/v1/live", &token, None).await;
    let ended =
        two.first.request(Method::DELETE, "/v1/sessions/current", &token).send().await.expect("answered");
    assert_eq!(ended.status(), StatusCode::NO_CONTENT);
    let told = timeout(Duration::from_secs(1), socket.frame()).await.expect("within a second");
    assert_eq!(told["code"], "session_expired");
    let refused =
        two.second.request(Method::GET, "/v1/service-requests", &token).send().await.expect("answered");
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: ./build.sh test"]
async fn a_killed_node_loses_nothing() {
    let mut nats = Nats::start();
    let two = Two::start(&[&nats.flag()]);
    let token = two.token().await;
    let id = text(&two.second.raise(&token, "Help").await["id"]);
    let (mut socket, _) = Socket::hello_at(&two.first.url, "/v1/live", &token, Some("0")).await;
    let writing = async {
        for number in 1..=60 {
            let written =
                two.second.write("/v1/agent", &two.key, &id, &number.to_string()).await.expect("answered");
            assert_eq!(written.status(), StatusCode::CREATED);
            if number == 20 {
                two.first.signal("-KILL");
            }
        }
    };
    let listening = async {
        let mut cursor = String::from("0");
        let mut heard = Vec::new();
        while heard.len() < 60 {
            let frame = if let Some(Message::Text(frame)) = socket.next().await {
                serde_json::from_str(&frame).expect("JSON")
            } else {
                // The node is gone: the other one goes on from the cursor.
                let (next, first) =
                    Socket::hello_at(&two.second.url, "/v1/live", &token, Some(&cursor)).await;
                socket = next;
                first
            };
            if let Some(at) = frame["cursor"].as_str() {
                at.clone_into(&mut cursor);
            }
            if frame["type"] == "message" {
                heard.push(text(&frame["message"]["body"]));
            }
        }
        heard
    };
    let ((), heard) = tokio::join!(writing, listening);
    let expected: Vec<_> = (1..=60).map(|number| format!("Message {number}")).collect();
    assert_eq!(heard, expected, "all, once, in order");
    nats.kill();
}

#[tokio::test]
#[ignore = "needs PostgreSQL: ./build.sh test"]
async fn nats_gone_and_back_costs_nothing_but_delay() {
    let mut nats = Nats::start();
    let two = Two::start(&[&nats.flag()]);
    let token = two.token().await;
    let id = text(&two.first.raise(&token, "Help").await["id"]);
    let (mut socket, _) = Socket::hello_at(&two.second.url, "/v1/live", &token, None).await;
    hears_typing(&two.first, &two.key, &id, &mut socket).await;

    nats.kill();
    within(SOON, || async { two.logs().matches("NATS is away").count() == 2 }).await;
    assert_eq!(two.first.readiness().await, StatusCode::OK, "works on");
    two.first.write("/v1/agent", &two.key, &id, "meanwhile").await.expect("answered");
    assert_eq!(frame_of(&mut socket, "message").await["message"]["body"], "Message meanwhile");

    nats.come_back();
    within(SOON, || async { two.logs().matches("NATS is there").count() == 4 }).await;
    // A minute's signs of typing may be used up: so those of another tool.
    let key = text(&two.cli.json(&["apikey", "create", two.app.as_str().expect("text")])["apiKey"]);
    within(SOON, || async {
        let listed = two.first.request(Method::GET, "/v1/agent/service-requests", &key).send().await;
        listed.expect("answered").status() == StatusCode::OK
    })
    .await;
    hears_typing(&two.first, &key, &id, &mut socket).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: ./build.sh test"]
async fn a_node_starts_without_nats_and_finds_it_later() {
    let mut nats = Nats::start();
    nats.kill();
    let two = Two::start(&[&nats.flag()]);
    within(SOON, || async { two.logs().matches("NATS is away").count() == 2 }).await;
    let told = two.cli.run(&["doctor", "--json", &nats.flag()]);
    assert!(String::from_utf8_lossy(&told.stdout).contains("NATS does not answer"), "{told:?}");
    let told = two.cli.command(&["doctor"]).env_remove("THREAD_ATTACHMENTS").output().expect("runs");
    assert!(String::from_utf8_lossy(&told.stdout).contains("Set --attachments to s3://"), "{told:?}");
    let token = two.token().await;
    let id = text(&two.first.raise(&token, "Help").await["id"]);
    let (mut socket, _) = Socket::hello_at(&two.second.url, "/v1/live", &token, None).await;
    two.first.write("/v1/agent", &two.key, &id, "early").await.expect("answered");
    assert_eq!(frame_of(&mut socket, "message").await["message"]["body"], "Message early");
    nats.come_back();
    hears_typing(&two.first, &two.key, &id, &mut socket).await;
    assert_eq!(two.logs().matches("NATS is away").count(), 2, "told once");
    let told = two.cli.run(&["doctor", "--json", &nats.flag()]);
    assert!(String::from_utf8_lossy(&told.stdout).contains("NATS answers"), "{told:?}");
}

/// A PostgreSQL that this test alone uses, and stops. Removed when dropped.
struct OwnPostgres {
    folder: TempDir,
    address: String,
}

impl OwnPostgres {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("temporary directory");
        let address = Self::script("start", folder.path());
        Self { folder, address }
    }

    fn script(task: &str, folder: &Path) -> String {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres.sh");
        let output = Command::new(script).arg(task).arg(folder).output().expect("runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        Self::script("stop", self.folder.path());
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: ./build.sh test"]
async fn the_database_gone_and_back_is_told_and_nothing_acknowledged_is_lost() {
    let postgres = OwnPostgres::start();
    let cli = Cli::on(Database::schema_of(&postgres.address));
    let (app, secret, _) = create(&cli);
    let running = Running::start(&cli, &["--limit-messages", "100000"]);
    let token = running.token(&app, &secret, ANN).await;
    let id = text(&running.raise(&token, "Help").await["id"]);
    let (mut socket, _) = Socket::hello_at(&running.url, "/v1/live", &token, None).await;

    OwnPostgres::script("stop", postgres.folder.path());
    let refused = running.write("/v1", &token, &id, "meanwhile").await.expect("answered");
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(json_of(refused, StatusCode::SERVICE_UNAVAILABLE).await["code"], "unavailable");
    assert_eq!(running.readiness().await, StatusCode::SERVICE_UNAVAILABLE);
    // Who has written nothing needs no database to sign in.
    running.token(&app, &secret, "new@shop.example").await;

    OwnPostgres::script("start", postgres.folder.path());
    within(SOON, || async { running.readiness().await == StatusCode::OK }).await;
    let written = running.write("/v1", &token, &id, "meanwhile").await.expect("answered");
    assert_eq!(written.status(), StatusCode::CREATED);
    assert_eq!(frame_of(&mut socket, "message").await["message"]["clientId"], "meanwhile", "the same socket");
    let messages = running.get(&format!("/v1/service-requests/{id}/messages"), &token).await;
    assert_eq!(messages["messages"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
#[ignore = "needs PostgreSQL: ./build.sh test"]
async fn a_write_that_is_chosen_to_end_a_deadlock_is_tried_again() {
    let two = Two::start(&[]);
    let token = two.token().await;
    let id = text(&two.first.raise(&token, "Help").await["id"]);
    // Holds the app's row, which a write wants last; then wants the app's lock, which the write has by then. It is
    // patient, so the server ends the write.
    let app = two.app.as_str().expect("text").to_owned();
    let address = two.cli.database.address.clone();
    let sql = format!(
        "SET deadlock_timeout = '60s'; BEGIN; UPDATE apps SET name = name WHERE id = '{app}'; SELECT pg_sleep(0.8); \
         SELECT COUNT(pg_advisory_xact_lock(hashtextextended('{app}', 0))); COMMIT;"
    );
    let other = tokio::task::spawn_blocking(move || psql(&address, &sql));
    let rows =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(0.8)%' AND wait_event = 'PgSleep'";
    within(SOON, || async { psql(&two.cli.database.address, rows) != "0" }).await;
    let written = two.first.write("/v1", &token, &id, "c2").await.expect("answered");
    assert_eq!(json_of(written, StatusCode::CREATED).await["seq"], json!(2));
    other.await.expect("did not fail");
    // There was a deadlock: a line of the log may take a moment.
    within(SOON, || async { two.logs().contains("is tried again") }).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: ./build.sh test"]
async fn a_write_that_comes_to_nothing_leaves_those_of_its_batch_in_their_order() {
    let two = Two::start(&[]);
    let token = two.token().await;
    let id = text(&two.first.raise(&token, "Help").await["id"]);
    let app = two.app.as_str().expect("text").to_owned();
    let lock = format!("SELECT COUNT(pg_advisory_xact_lock(hashtextextended('{app}', 0)))");
    let address = two.cli.database.address.clone();
    // Holds the app's lock until the writes have queued up.
    let hold = format!("BEGIN; {lock}; SELECT pg_sleep(1.2); COMMIT;");
    let holder = tokio::task::spawn_blocking({
        let address = address.clone();
        move || psql(&address, &hold)
    });
    let waits = |what: &'static str| {
        let address = address.clone();
        async move { psql(&address, &format!("SELECT COUNT(*) FROM pg_stat_activity WHERE {what}")) != "0" }
    };
    within(SOON, || waits("query LIKE '%pg_sleep(1.2)%' AND wait_event = 'PgSleep'")).await;
    // The first of the batch is to a service request that is not there.
    let nothing = two.first.write("/v1", &token, "none", "c");
    let first_waits =
        within(SOON, || waits("wait_event = 'advisory' AND query LIKE '%pg_advisory_xact_lock%'"));
    let others = async {
        first_waits.await;
        // Whoever has the lock next must find no other write on its way.
        let next = format!(
            "BEGIN; {lock}; SELECT pg_sleep(0.005); SELECT 'others: ' || COUNT(*) FROM pg_locks l \
             WHERE l.relation = 'messages'::regclass AND l.mode = 'RowExclusiveLock'; COMMIT;"
        );
        let next = tokio::task::spawn_blocking({
            let address = address.clone();
            move || psql(&address, &next)
        });
        let ids: Vec<_> = (0..40).map(|number| format!("m{number}")).collect();
        let writes = ids.iter().map(|client_id| two.first.write("/v1", &token, &id, client_id));
        let written = futures_util::future::join_all(writes).await;
        assert!(written.into_iter().all(|one| one.expect("answered").status() == StatusCode::CREATED));
        next.await.expect("did not fail")
    };
    let (nothing, found) = tokio::join!(nothing, others);
    assert_eq!(nothing.expect("answered").status(), StatusCode::NOT_FOUND);
    assert!(found.contains("others: 0"), "{found}");
    holder.await.expect("did not fail");
}
