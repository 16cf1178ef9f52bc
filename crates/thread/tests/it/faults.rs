//! Faults, each really made: sudden death under load, a race of sends, several starts at once, an upgrade by several at
//! once, a full disk.

use crate::cli::Cli;
use crate::database::MASTER_KEY;
use crate::live::Socket;
use crate::program::{Running, create};
use crate::support::{ANN, TestThread, json_of, text, within};
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection as _};
use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);

async fn client_ids(running: &Running, token: &str, id: &str) -> Vec<String> {
    let list = running.get(&format!("/v1/service-requests/{id}/messages"), token).await;
    list["messages"].as_array().expect("a list").iter().map(|message| text(&message["clientId"])).collect()
}

#[tokio::test]
async fn every_acknowledged_message_survives_kill_9_under_load() {
    let cli = Cli::new();
    let (app, secret, _) = create(&cli);
    let flags = ["--limit-messages", "1000000"];
    let running = Running::start(&cli, &flags);
    let mut writers = Vec::new();
    for index in 0..8 {
        let token = running.token(&app, &secret, &format!("user{index}@shop.example")).await;
        let id = text(&running.raise(&token, "Load").await["id"]);
        writers.push((token, id));
    }
    let acknowledged = Mutex::new(vec![Vec::new(); writers.len()]);
    let writing = join_all(writers.iter().enumerate().map(|(index, (token, id))| {
        let (running, acknowledged) = (&running, &acknowledged);
        async move {
            for number in 0.. {
                let client_id = format!("m{number}");
                match running.write("/v1", token, id, &client_id).await {
                    Ok(response) if response.status() == StatusCode::CREATED => {
                        acknowledged.lock().expect("not poisoned")[index].push(client_id);
                    }
                    Ok(response) => panic!("{}", response.status()),
                    Err(_) => return client_id,
                }
            }
            unreachable!("it is killed");
        }
    }));
    let count = || acknowledged.lock().expect("not poisoned").iter().map(Vec::len).sum::<usize>();
    let killing = async {
        within(SOON, || async { count() >= 100 }).await;
        running.signal("-KILL");
    };
    let (unanswered, ()) = tokio::join!(writing, killing);
    let acknowledged = acknowledged.into_inner().expect("not poisoned");

    let running = Running::start(&cli, &flags);
    for (index, (token, id)) in writers.iter().enumerate() {
        let stored = client_ids(&running, token, id).await;
        let distinct: HashSet<_> = stored.iter().collect();
        assert_eq!(distinct.len(), stored.len(), "nothing twice");
        for client_id in &acknowledged[index] {
            assert!(distinct.contains(client_id), "{client_id} was acknowledged, and is lost");
        }
        // Whether the last one was stored is open; sent again, it is there once.
        let again = running.write("/v1", token, id, &unanswered[index]).await.expect("answered");
        assert_eq!(again.status(), StatusCode::CREATED);
        let stored = client_ids(&running, token, id).await;
        assert_eq!(stored.iter().filter(|client_id| **client_id == unanswered[index]).count(), 1);
    }
}

#[tokio::test]
async fn the_same_send_many_times_at_once_is_stored_once() {
    let thread = TestThread::start_with(&["--limit-messages", "1000"]).await;
    let ann = thread.sign_in(ANN).await;
    let raised = join_all((0..20).map(|_| thread.raise(&ann, "c1", "Help"))).await;
    assert!(raised.iter().all(|one| one["id"] == raised[0]["id"]));
    let id = text(&raised[0]["id"]);
    let written = join_all((0..20).map(|_| thread.write("/v1", &ann, &id, "c2", "Hello"))).await;
    let mut ids = HashSet::new();
    for response in written {
        ids.insert(text(&json_of(response, StatusCode::CREATED).await["id"]));
    }
    assert_eq!(ids.len(), 1);
    let others = join_all((0..10).map(|index| {
        let body = if index % 2 == 0 { "This" } else { "That" };
        thread.write("/v1", &ann, &id, "c3", body)
    }))
    .await;
    let refused = others.iter().filter(|response| response.status() == StatusCode::CONFLICT).count();
    assert_eq!(refused, 5, "one of two contents is the first");
    let messages = thread.get(&format!("/v1/service-requests/{id}/messages")).bearer_auth(&ann);
    let messages = json_of(messages.send().await.expect("answered"), StatusCode::OK).await;
    let seqs: Vec<_> =
        messages["messages"].as_array().expect("a list").iter().map(|one| one["seq"].clone()).collect();
    assert_eq!(seqs, [1, 2, 3].map(|seq| json!(seq)));
}

#[test]
fn a_new_database_may_be_opened_by_many_at_once() {
    let cli = Cli::new();
    let started: Vec<_> = (0..6)
        .map(|_| {
            let args = ["app", "create", "--name", "Shop", "--origin", "https://shop.example"];
            let mut command = cli.command(&args);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs")
        })
        .collect();
    for child in started {
        let output = child.wait_with_output().expect("ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(cli.json(&["app", "list"])["apps"].as_array().map(Vec::len), Some(6));
}

/// The database as an earlier release left it: only the first migrations, and an app with its contact.
async fn of_an_earlier_release(cli: &Cli, migrations: usize) {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files: Vec<_> =
        std::fs::read_dir(all).expect("readable").map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    let first = tempfile::tempdir().expect("temporary directory");
    for file in &files[..migrations] {
        std::fs::copy(file, first.path().join(file.file_name().expect("a name"))).expect("copied");
    }
    sqlx::any::install_default_drivers();
    let address = &cli.database.address;
    let address = if cli.database.is_postgres() { address.clone() } else { format!("{address}?mode=rwc") };
    let mut connection = AnyConnection::connect(&address).await.expect("opens");
    let migrator = Migrator::new(first.path()).await.expect("readable");
    migrator.run(&mut connection).await.expect("migrated");
    for sql in [
        "INSERT INTO apps (id, name, brand_color, created_at) VALUES ('app_old', 'Old', '#2f5bea', 1)",
        "INSERT INTO contacts (id, app_id, email, number, event_seq, created_at) \
         VALUES ('c', 'app_old', 'ann@shop.example', 1, 1, 1)",
    ] {
        sqlx::query(sql).execute(&mut connection).await.expect("inserted");
    }
    connection.close().await.expect("closes");
}

#[tokio::test]
async fn two_nodes_that_start_at_once_bring_an_older_database_up_to_date() {
    let cli = Cli::new();
    of_an_earlier_release(&cli, 1).await;
    let start = || {
        let mut command = cli.command(&["app", "list", "--json"]);
        // There is no key file beside a database that was made by hand.
        command
            .env("THREAD_MASTER_KEY", MASTER_KEY)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("runs")
    };
    for child in [start(), start(), start()] {
        let output = child.wait_with_output().expect("ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let listed: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(listed["apps"][0]["appId"], "app_old");
    }
}

#[tokio::test]
async fn a_write_that_is_given_up_holds_up_nobody() {
    let thread = TestThread::start_with(&["--limit-messages", "100000"]).await;
    let ann = thread.sign_in(ANN).await;
    let id = text(&thread.raise(&ann, "c0", "Help").await["id"]);
    let path = format!("/v1/service-requests/{id}/messages");
    for round in 0..20 {
        let sends = (0..10).map(|index| {
            let body = json!({"clientId": format!("{round}-{index}"), "body": "x"});
            let request = thread.post(&path, &body).bearer_auth(&ann);
            async move {
                // Half of the senders hang up, some before they are heard, some after.
                let patience = if index % 2 == 0 { Duration::from_micros(300 * index) } else { SOON };
                tokio::time::timeout(patience, request.send()).await
            }
        });
        for (index, sent) in join_all(sends).await.into_iter().enumerate() {
            if index % 2 == 1 {
                let status = sent.expect("in time").expect("answered").status();
                assert_eq!(status, StatusCode::CREATED);
            }
        }
    }
}

#[tokio::test]
async fn a_reader_that_stops_reading_is_let_go_and_the_others_are_not() {
    let thread = TestThread::start_with(&["--limit-messages", "100000"]).await;
    let key = thread.api_key(&thread.app).await;
    let ann = thread.sign_in(ANN).await;
    let id = text(&thread.raise(&ann, "c0", "Help").await["id"]);
    let (stuck, _) = Socket::hello(&thread, &ann, None).await;
    assert_eq!(thread.state.hub().open_sockets(), 1);
    let body = "x".repeat(8_000);
    within(SOON * 3, || async {
        // Nothing reads: what the kernel and the hub buffer is full some time.
        join_all((0..20).map(|_| {
            let client_id = hex::encode(thread::crypto::random_bytes::<8>());
            let (thread, key, id, body) = (&thread, &key, &id, &body);
            async move { thread.write("/v1/agent", key, id, &client_id, body).await }
        }))
        .await;
        thread.state.hub().open_sockets() == 0
    })
    .await;
    drop(stuck);
    // It comes back with its cursor: too much was missed to send it piece by piece, and it is told so.
    let (_socket, first) = Socket::hello(&thread, &ann, Some("1")).await;
    assert!(["reload", "message"].contains(&first["type"].as_str().expect("text")), "{first}");
}

/// For databases in a file.
mod sqlite {
    use super::*;

    #[tokio::test]
    async fn a_full_disk_is_told_and_nothing_acknowledged_is_lost() {
        let cli = Cli::new();
        let (app, secret, _) = create(&cli);
        // No file can grow above this many kilobytes: as a full disk, and given back below.
        let mut limited = Command::new("bash");
        let script =
            "trap '' XFSZ; ulimit -S -f 400; exec \"$0\" serve --listen 127.0.0.1:0 --limit-messages 100000";
        limited.args(["-c", script, env!("CARGO_BIN_EXE_thread")]).current_dir(cli.dir.path());
        limited.env("THREAD_DATABASE", &cli.database.address);
        let logs = std::fs::File::options().write(true).open("/dev/null").expect("opens");
        let running = Running::spawn(&mut limited, logs);
        let token = running.token(&app, &secret, ANN).await;
        let id = text(&running.raise(&token, "Fill").await["id"]);
        assert_eq!(running.readiness().await, StatusCode::OK);

        let path = format!("/v1/service-requests/{id}/messages");
        let mut acknowledged = vec![String::from("c1")];
        let refused = loop {
            let client_id = format!("m{}", acknowledged.len());
            let body = json!({"clientId": client_id, "body": "x".repeat(9_000)});
            let request = running.request(Method::POST, &path, &token).json(&body);
            let response = request.send().await.expect("answered");
            if response.status() != StatusCode::CREATED {
                break response;
            }
            acknowledged.push(client_id);
            assert!(acknowledged.len() < 1_000, "the disk is never full");
        };
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(refused.headers().contains_key("retry-after"));
        assert_eq!(json_of(refused, StatusCode::SERVICE_UNAVAILABLE).await["code"], "unavailable");
        within(SOON, || async { running.readiness().await == StatusCode::SERVICE_UNAVAILABLE }).await;
        // Reading and signing in go on.
        assert_eq!(client_ids(&running, &token, &id).await, acknowledged);
        running.token(&app, &secret, "other@shop.example").await;

        let pid = running.child.id().to_string();
        let given = Command::new("prlimit")
            .args(["--pid", &pid, "--fsize=unlimited"])
            .status()
            .expect("prlimit is there");
        assert!(given.success());
        within(SOON, || async { running.readiness().await == StatusCode::OK }).await;
        let client_id = format!("m{}", acknowledged.len());
        let written = running.write("/v1", &token, &id, &client_id).await.expect("answered");
        assert_eq!(written.status(), StatusCode::CREATED);
        acknowledged.push(client_id);
        assert_eq!(client_ids(&running, &token, &id).await, acknowledged);
    }
}
