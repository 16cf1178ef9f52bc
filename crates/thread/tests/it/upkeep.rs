//! Pages of lists, `thread prune`, and the store's queries: each finds its rows by an index.

use crate::cli::Cli;
use crate::live::Socket;
use crate::program::{Running, create};
use crate::support::{ANN, BOB, START_MS, TestThread, assert_problem, json_of, text, within};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

async fn page(thread: &TestThread, path: &str, bearer: &str) -> Value {
    json_of(thread.get(path).bearer_auth(bearer).send().await.expect("answered"), StatusCode::OK).await
}

fn subjects(page: &Value) -> Vec<String> {
    page["serviceRequests"].as_array().expect("a list").iter().map(|one| text(&one["subject"])).collect()
}

#[tokio::test]
async fn lists_come_page_by_page() {
    let thread = TestThread::start().await;
    let (ann, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    for number in 1..=7 {
        // Two at a time in the same millisecond.
        if number % 2 == 0 {
            thread.clock.advance_ms(1);
        }
        thread.raise(&ann, &format!("c{number}"), &format!("Request {number}")).await;
    }
    thread.raise(&thread.sign_in(BOB).await, "c1", "Another's").await;
    for (path, bearer, all) in [
        ("/v1/service-requests", &ann, 7),
        ("/v1/agent/service-requests", &key, 8),
        ("/v1/agent/service-requests?status=open", &key, 8),
    ] {
        let whole = page(&thread, path, bearer).await;
        assert!(whole.get("nextCursor").is_none(), "{path}");
        let and = if path.contains('?') { '&' } else { '?' };
        let (mut seen, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let before = cursor.map_or(String::new(), |cursor| format!("&before={cursor}"));
            let part = page(&thread, &format!("{path}{and}limit=3{before}"), bearer).await;
            assert!(subjects(&part).len() <= 3);
            seen.extend(subjects(&part));
            match part.get("nextCursor") {
                Some(next) => cursor = Some(text(next)),
                None => break,
            }
        }
        assert_eq!(seen.len(), all, "{path}");
        assert_eq!(seen, subjects(&whole), "{path}: in the same order, each once");
    }
    assert!(subjects(&page(&thread, "/v1/agent/service-requests?status=closed", &key).await).is_empty());
    let refused =
        thread.get("/v1/service-requests?before=nonsense").bearer_auth(&ann).send().await.expect("answered");
    assert_eq!(assert_problem(refused, 422, "invalid_params").await["field"], "before");
}

#[tokio::test]
async fn old_closed_requests_idle_contacts_and_old_events_are_pruned() {
    const DAY_MS: i64 = 86_400_000;
    let thread = TestThread::start().await;
    let (ann, bob, key) =
        (thread.sign_in(ANN).await, thread.sign_in(BOB).await, thread.api_key(&thread.app).await);
    let close = |id: String| {
        let request = thread.request(Method::PATCH, &format!("/v1/agent/service-requests/{id}"));
        let request = request.bearer_auth(&key).json(&json!({"status": "closed"}));
        async move { assert_eq!(request.send().await.expect("answered").status(), StatusCode::OK) }
    };
    let old = text(&thread.raise(&ann, "c1", "Old and closed").await["id"]);
    close(old.clone()).await;
    close(text(&thread.raise(&bob, "c1", "Bob's only one").await["id"])).await;
    let open = text(&thread.raise(&ann, "c2", "Old and open").await["id"]);
    thread.clock.advance_ms(10 * DAY_MS);
    let ann = thread.sign_in(ANN).await;
    let new = text(&thread.raise(&ann, "c3", "New and closed").await["id"]);
    close(new).await;

    let (mut before, first) = Socket::hello(&thread, &ann, Some("1")).await;
    assert_eq!(first["cursor"], "2");
    let bob = thread.sign_in(BOB).await;
    let (mut bobs, first) = Socket::hello(&thread, &bob, None).await;
    let bobs_cursor = text(&first["cursor"]);
    let pruned = thread.store.prune(START_MS + 5 * DAY_MS, 2).await.expect("database");
    assert_eq!((pruned.service_requests, pruned.contacts), (2, 1));
    assert!(pruned.events >= 1, "{pruned:?}");
    assert_eq!(thread.store.prune(START_MS + 5 * DAY_MS, 2).await.expect("database").service_requests, 0);
    assert_eq!(
        subjects(&page(&thread, "/v1/service-requests", &ann).await),
        ["New and closed", "Old and open"]
    );
    let gone = thread.get(&format!("/v1/service-requests/{old}/messages")).bearer_auth(&ann);
    assert_eq!(gone.send().await.expect("answered").status(), StatusCode::NOT_FOUND);

    // Who comes back from before what was deleted is told to fetch anew; who is there hears what comes.
    let (_socket, first) = Socket::hello(&thread, &ann, Some("1")).await;
    assert_eq!(first["type"], "reload");
    thread.write("/v1", &ann, &open, "c4", "Still here").await;
    loop {
        if before.frame().await["message"]["body"] == "Still here" {
            break;
        }
    }
    // Bob is known no more, and can begin again; a socket of before hears of it, and a cursor of before fits no more.
    thread.raise(&bob, "c1", "Again").await;
    assert_eq!(bobs.frame().await["type"], "reload");
    assert_eq!(Socket::hello(&thread, &bob, Some(&bobs_cursor)).await.1["type"], "reload");
    assert_eq!(subjects(&page(&thread, "/v1/service-requests", &bob).await), ["Again"]);
}

#[tokio::test]
async fn a_service_prunes_by_itself_once_a_day() {
    const DAY_MS: i64 = 86_400_000;
    let thread = TestThread::start_with(&["--retention", "30d"]).await;
    let (ann, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    let raise_and_close = async |client_id: &str| {
        let ann = thread.sign_in(ANN).await;
        let id = text(&thread.raise(&ann, client_id, "Done").await["id"]);
        let request = thread.request(Method::PATCH, &format!("/v1/agent/service-requests/{id}"));
        let request = request.bearer_auth(&key).json(&json!({"status": "closed"}));
        assert_eq!(request.send().await.expect("answered").status(), StatusCode::OK);
    };
    let kept = async || {
        let ann = thread.sign_in(ANN).await;
        subjects(&page(&thread, "/v1/service-requests", &ann).await).len()
    };
    raise_and_close("c1").await;
    thread.raise(&ann, "c2", "Open").await;
    thread.clock.advance_ms(29 * DAY_MS);
    raise_and_close("c3").await;
    assert_eq!(kept().await, 3);
    thread.clock.advance_ms(2 * DAY_MS);
    within(Duration::from_secs(20), || async { kept().await == 2 }).await;
    let counted = async || {
        let metrics = thread.get("/metrics").send().await.expect("answered").text().await.expect("whole");
        metrics.contains("thread_pruned_total{what=\"service_requests\"} 1")
    };
    within(Duration::from_secs(20), || async { counted().await }).await;
    thread.clock.advance_ms(40 * DAY_MS);
    within(Duration::from_secs(20), || async { kept().await == 1 }).await;
}

#[tokio::test]
async fn prune_by_the_command_line_says_what_it_deleted() {
    let cli = Cli::new();
    let (app, secret, _) = create(&cli);
    let running = Running::start(&cli, &[]);
    let token = running.token(&app, &secret, ANN).await;
    running.raise(&token, "Open").await;
    let pruned = cli.json(&["prune", "--closed-for", "0s"]);
    assert_eq!(pruned, json!({"serviceRequests": 0, "contacts": 0, "events": 0}));
    assert_eq!(cli.fails(&["prune"]).0, 2, "how old is never guessed");
}

/// For databases in a file.
mod sqlite {
    use super::*;
    use protocol::AppId;
    use signing::{Lifetime, Secret, Terms};
    use sqlx::{Connection as _, SqliteConnection};
    use std::collections::BTreeSet;
    use thread::clock::Clock;
    use thread::store::Store;

    #[tokio::test]
    async fn a_backup_of_a_running_service_is_restored_into_a_running_service() {
        let cli = Cli::new();
        let (app, secret, _) = create(&cli);
        let running = Running::start(&cli, &["--limit-messages", "1000"]);
        let (token, ended) =
            (running.token(&app, &secret, ANN).await, running.token(&app, &secret, BOB).await);
        let id = text(&running.raise(&token, "Before").await["id"]);
        for number in 0..20 {
            running.write("/v1", &token, &id, &number.to_string()).await.expect("answered");
        }
        let writing = async {
            for number in 20..60 {
                running.write("/v1", &token, &id, &number.to_string()).await.expect("answered");
            }
        };
        let command = cli.command(&["backup", "copy.db", "--json"]);
        let backing = tokio::task::spawn_blocking(move || {
            let mut command = command;
            command.output().expect("runs")
        });
        let ((), output) = tokio::join!(writing, async { backing.await.expect("joined") });
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let copy = cli.dir.path().join("copy.db");
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&copy).expect("there").permissions());
        assert_eq!(mode & 0o777, 0o600);
        assert!(cli.fails(&["backup", "copy.db"]).1.contains("exists"), "nothing is overwritten");

        // What came after is gone with the restore; an ended session is not back with it.
        let after = running.write("/v1", &token, &id, "after").await.expect("answered");
        assert_eq!(after.status(), StatusCode::CREATED);
        running.request(Method::DELETE, "/v1/sessions/current", &ended).send().await.expect("answered");
        let (mut socket, _) = Socket::hello_at(&running.url, "/v1/live", &token, None).await;
        let (code, said) = cli.fails(&["restore", "copy.db"]);
        assert_eq!(code, 1);
        assert!(said.contains("--replace"), "{said}");
        let restored = cli.json(&["restore", "copy.db", "--replace"]);
        assert_eq!(restored["restartNeeded"], false);
        let messages = running.get(&format!("/v1/service-requests/{id}/messages"), &token).await;
        let ids: Vec<_> = messages["messages"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| text(&one["clientId"]))
            .collect();
        assert!(ids.len() >= 21 && !ids.contains(&"after".to_owned()), "{ids:?}");
        assert!(
            ids[1..].iter().enumerate().all(|(index, id)| *id == index.to_string()),
            "a moment's state: {ids:?}"
        );
        let refused =
            running.request(Method::GET, "/v1/service-requests", &ended).send().await.expect("answered");
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
        // The socket of before is told to fetch anew as soon as anything happens, then hears what comes.
        running.write("/v1", &token, &id, "anew").await.expect("answered");
        while socket.frame().await["type"] != "reload" {}
        running.write("/v1", &token, &id, "then").await.expect("answered");
        assert_eq!(socket.frame().await["message"]["clientId"], "then");
        let left: Vec<_> = std::fs::read_dir(cli.dir.path()).expect("readable").flatten().collect();
        assert!(left.iter().all(|file| !file.file_name().to_string_lossy().contains(".part")), "{left:?}");
    }

    #[tokio::test]
    async fn what_was_revoked_or_used_since_the_backup_stays_so() {
        let cli = Cli::new();
        let (app, secret, secret_id) = create(&cli);
        let app_id = text(&app);
        let key = cli.json(&["apikey", "create", &app_id]);
        let running = Running::start(&cli, &[]);
        let v2 = signing::sign_v2(
            &Secret::from_text(&secret).expect("valid"),
            &AppId(app_id.clone()),
            ANN,
            &Terms::new(
                u64::try_from(Clock::system().now_ms() / 1_000).expect("after 1970"),
                Lifetime::default(),
            ),
        );
        cli.json(&["backup", "copy.db"]);
        assert_eq!(running.sign_in_with(&app, &v2, ANN).await.status(), StatusCode::CREATED);
        cli.json(&["apikey", "revoke", &text(&key["id"])]);
        let late_key = cli.json(&["apikey", "create", &app_id]);
        let late_app = cli.json(&["app", "create", "--name", "Late", "--origin", "https://late.example"]);
        let rotated = cli.json(&["secret", "rotate", &app_id, "--overlap", "24h"]);
        let restored = cli.json(&["restore", "copy.db", "--replace"]);
        assert_eq!(restored["goneApps"], json!([{"appId": late_app["appId"], "name": "Late"}]));
        assert_eq!(restored["goneSecrets"], json!([{"appId": app, "secretId": rotated["secretId"]}]));
        assert_eq!(restored["goneApiKeys"], json!([{"appId": app, "id": late_key["id"]}]));
        let former = &cli.json(&["secret", "list", &app_id])["secrets"][0];
        assert_eq!(
            (&former["secretId"], &former["expiresAt"]),
            (&json!(secret_id), &rotated["previousExpiresAt"]),
            "it still lapses"
        );
        assert_eq!(running.sign_in_with(&app, &v2, ANN).await.status(), StatusCode::UNAUTHORIZED, "used");
        let keys = cli.json(&["apikey", "list", &app_id]);
        assert!(keys["apiKeys"][0]["revokedAt"].is_string(), "{keys}");
        within(Duration::from_secs(5), || async {
            let answer = running.request(Method::GET, "/v1/agent", &text(&key["apiKey"])).send().await;
            answer.expect("answered").status() == StatusCode::UNAUTHORIZED
        })
        .await;

        // Not even two copies one after the other give it back, the first of which has it not.
        let (newer, newer_key) = (
            cli.json(&["secret", "rotate", &app_id, "--overlap", "24h"]),
            cli.json(&["apikey", "create", &app_id]),
        );
        cli.json(&["backup", "newer.db"]);
        cli.json(&["secret", "revoke", &text(&newer["secretId"])]);
        cli.json(&["apikey", "revoke", &text(&newer_key["id"])]);
        cli.json(&["secret", "revoke", &secret_id]);
        for copy in ["copy.db", "newer.db"] {
            cli.json(&["restore", copy, "--replace"]);
        }
        let secrets = cli.json(&["secret", "list", &app_id]);
        let states = secrets["secrets"].as_array().expect("a list").iter().map(|one| &one["state"]);
        assert!(states.eq([&json!("revoked"), &json!("revoked")]), "{secrets}");
        let keys = cli.json(&["apikey", "list", &app_id]);
        assert!(
            keys["apiKeys"].as_array().expect("a list").iter().all(|key| key["revokedAt"].is_string()),
            "{keys}"
        );
        assert_eq!(cli.json(&["secret", "list", &app_id])["secrets"][0]["state"], "revoked");
        within(Duration::from_secs(5), || async {
            running.sign_in(&app, &secret, ANN).await.status() == StatusCode::UNAUTHORIZED
        })
        .await;
    }

    #[test]
    fn what_is_no_backup_changes_nothing() {
        let cli = Cli::new();
        let (app, ..) = create(&cli);
        std::fs::write(cli.dir.path().join("nonsense"), "this is not a database, whatever its name says")
            .expect("written");
        assert!(cli.fails(&["restore", "nonsense", "--replace"]).1.contains("not a backup"));
        assert!(cli.fails(&["restore", "missing", "--replace"]).1.contains("missing"));
        // Of another service: its secrets are under another key.
        let other = Cli::new();
        create(&other);
        let copy = cli.dir.path().join("other.db").display().to_string();
        other.json(&["backup", &copy]);
        assert!(cli.fails(&["restore", &copy, "--replace"]).1.contains("another master key"));
        // Nothing is left where there was nothing: with the right key it works.
        let new = Cli::new();
        assert!(
            new.fails(&["restore", &copy]).1.contains("the backup was encrypted with another master key")
        );
        assert_eq!(std::fs::read_dir(new.dir.path()).expect("readable").count(), 0);
        let key = |cli: &Cli| cli.dir.path().join("thread.db.key");
        std::fs::copy(key(&other), key(&new)).expect("copied");
        new.json(&["restore", &copy]);
        assert_eq!(new.json(&["app", "list"]), other.json(&["app", "list"]));
        assert_eq!(cli.json(&["app", "list"])["apps"][0]["appId"], app);
    }

    /// Tables that grow with use. Small ones, as apps and their keys, are read whole on purpose.
    const GROWING: [&str; 9] = [
        "contacts",
        "service_requests",
        "messages",
        "events",
        "attachments",
        "pin_challenges",
        "pin_failures",
        "pin_refusals",
        "revoked_sessions",
    ];

    /// The statements are those that the service really sends.
    #[tokio::test]
    async fn every_query_finds_its_rows_by_an_index() {
        let statements = crate::statements::of_a_whole_life().await;
        assert!(statements.len() > 60, "{}: the recorder works", statements.len());
        let dir = tempfile::tempdir().expect("temporary directory");
        let address = format!("sqlite:{}", dir.path().join("thread.db").display());
        Store::open(&address, None).await.expect("database opens").close().await;
        let mut connection = SqliteConnection::connect(&address).await.expect("opens");
        let mut scans = BTreeSet::new();
        for statement in statements {
            let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
            let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain)
                .fetch_all(&mut connection)
                .await
                .unwrap_or_else(|error| panic!("{statement}: {error}"));
            for (.., step) in plan {
                let table =
                    step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
                let alias = |name: &str| name == table || statement.contains(&format!(" {name} {table} "));
                if GROWING.iter().any(|name| alias(name)) && !step.contains("USING") {
                    scans.insert(format!("{step}: {statement}"));
                }
            }
        }
        assert!(
            scans.is_empty(),
            "reads whole tables:\n{}",
            scans.into_iter().collect::<Vec<_>>().join("\n")
        );
    }
}
