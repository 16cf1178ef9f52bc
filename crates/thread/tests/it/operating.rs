//! What an operator does beside serving: the configuration file, `doctor`, completions, contacts' data.

use crate::cli::Cli;
use crate::program::Running;
use crate::receiver::Receiver;
use crate::support::{ANN, BOB, json_of, text};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::path::Path;

fn write(cli: &Cli, name: &str, text: &str) {
    std::fs::write(cli.dir.path().join(name), text).expect("written");
}

/// The checks of `thread doctor`, and whether all is well.
fn doctor(cli: &Cli, flags: &[&str]) -> (bool, Vec<Value>) {
    let output = cli.run(&[&["doctor", "--json"], flags].concat());
    let found: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(found["healthy"], output.status.success());
    (output.status.success(), found["checks"].as_array().expect("a list").clone())
}

fn check<'a>(checks: &'a [Value], name: &str) -> (&'a str, &'a str) {
    let found =
        checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("{name}: {checks:?}"));
    (found["state"].as_str().expect("text"), found["detail"].as_str().expect("text"))
}

#[test]
fn settings_come_from_a_file_and_flags_and_environment_win() {
    let cli = Cli::new();
    write(
        &cli,
        "thread.toml",
        "database = 'sqlite:from-file.db'\nlimit-messages = 7\ntrusted-proxies = ['10.0.0.0/8', '::1/128']\n",
    );
    let create = ["app", "create", "--name", "Shop", "--origin", "https://shop.example"];
    cli.json(&[&create[..], &["--config", "thread.toml"]].concat());
    assert!(cli.dir.path().join("from-file.db").exists());
    cli.json(&[&create[..], &["--config", "thread.toml", "--database", "sqlite:from-flag.db"]].concat());
    assert!(cli.dir.path().join("from-flag.db").exists());
    let create = || {
        let mut command = cli.command(&create);
        command.env("THREAD_CONFIG", "thread.toml");
        command
    };
    assert!(create().env("THREAD_DATABASE", "sqlite:from-variable.db").status().expect("runs").success());
    assert!(cli.dir.path().join("from-variable.db").exists());
    std::fs::remove_file(cli.dir.path().join("from-file.db")).expect("there");
    std::fs::remove_file(cli.dir.path().join("from-file.db.key")).expect("there");
    assert!(create().status().expect("runs").success());
    assert!(cli.dir.path().join("from-file.db").exists());
    // `serve` reads all of it: its help shows the defaults in force.
    let help =
        String::from_utf8(cli.run(&["serve", "--help", "--config", "thread.toml"]).stdout).expect("text");
    assert!(help.contains("[default: 7]") && help.contains("10.0.0.0/8"), "{help}");
}

#[test]
fn a_wrong_configuration_file_is_explained() {
    let cli = Cli::new();
    for (text, hint) in [
        ("lisen = '127.0.0.1:1'", "did you mean `listen`?"),
        ("listen = ", "thread.toml"),
        ("[limit]\nmessages = 1", "limit-messages"),
        ("limit-messages = 0", "stands in thread.toml"),
        ("listen = 'nowhere'", "stands in thread.toml"),
        ("limit-messages = [[1]]", "must be a text, a number"),
    ] {
        write(&cli, "thread.toml", text);
        let (code, said) = cli.fails(&["serve", "--config", "thread.toml"]);
        assert!(code == 2 && said.contains(hint), "{text}: {said}");
    }
    let (code, said) = cli.fails(&["serve", "--config", "none.toml"]);
    assert!(code == 2 && said.contains("none.toml"), "{said}");
    write(&cli, "thread.toml", "mail = 'smtp://u:hunter2@mail.example'");
    let help =
        String::from_utf8(cli.run(&["serve", "--help", "--config", "thread.toml"]).stdout).expect("text");
    assert!(!help.contains("hunter2"), "a password is not shown");
}

#[test]
fn shells_get_completions() {
    let cli = Cli::new();
    for shell in ["bash", "zsh", "fish"] {
        let output = cli.run(&["completions", shell]);
        let script = String::from_utf8(output.stdout).expect("text");
        assert!(output.status.success() && script.contains("rotate-secret"), "{shell}");
    }
    assert_eq!(cli.fails(&["completions", "cmd"]).0, 2);
}

#[test]
fn doctor_says_what_is_missing() {
    let cli = Cli::new();
    let (well, checks) = doctor(&cli, &["--listen", "127.0.0.1:0"]);
    assert_eq!(check(&checks, "database").0, "warning");
    assert!(!cli.dir.path().join("thread.db").exists(), "it makes nothing");
    assert!(check(&checks, "mail").1.contains("smtp"));
    assert_eq!((check(&checks, "public-url").0, check(&checks, "listen").0), ("warning", "warning"));
    // Whether this program has its browser files depends on how it was built.
    assert_eq!(well, check(&checks, "assets").0 == "ok");

    let app = cli.json(&["app", "create", "--name", "Shop", "--origin", "http://shop.example"]);
    cli.json(&["secret", "revoke", app["secretId"].as_str().expect("text")]);
    let flags =
        ["--listen", "127.0.0.1:0", "--public-url", "http://thread.example", "--mail", "smtp://127.0.0.1:1"];
    let (well, checks) = doctor(&cli, &flags);
    assert!(!well);
    assert_eq!(check(&checks, "database").0, "ok");
    assert!(check(&checks, "origins").1.contains("http://shop.example"));
    assert!(check(&checks, "secrets").1.contains("thread secret rotate app_"));
    assert_eq!((check(&checks, "mail").0, check(&checks, "public-url").0), ("failed", "failed"));
    let (_, checks) = doctor(&cli, &["--listen", "127.0.0.1:0", "--nats", "nats://127.0.0.1:1"]);
    if !cli.database.is_postgres() {
        assert!(check(&checks, "nats").1.starts_with("not used"), "{checks:?}");
    }
    let said = String::from_utf8(
        cli.run(&["doctor", "--listen", "127.0.0.1:0", "--mail", "smtp://127.0.0.1:1"]).stdout,
    );
    assert!(said.expect("text").contains("failed   mail"));
}

// The receiver answers while this thread waits for the program.
#[test]
fn doctor_says_what_would_fail_later() {
    let cli = Cli::new();
    let key = |letter: &str| format!("{letter}{}=", "A".repeat(42));
    let with_keys = |args: &[&str], keys: &[(&str, String)]| {
        let output = cli.command(args).envs(keys.iter().cloned()).output().expect("runs");
        (String::from_utf8(output.stdout).expect("text"), String::from_utf8(output.stderr).expect("text"))
    };
    let present = [("THREAD_MASTER_KEY", key("A"))];
    let create = ["app", "create", "--name", "Shop", "--origin", "https://shop.example", "--json"];
    let app: Value = serde_json::from_str(&with_keys(&create, &present).0).expect("JSON");
    let hook =
        ["webhook", "create", app["appId"].as_str().expect("text"), "--url", "https://127.0.0.1:9/hook"];
    assert!(with_keys(&hook, &present).1.contains("127.0.0.1 is not public"));

    let examine = |flags: &[&str], keys: &[(&str, String)]| {
        let found = with_keys(&[&["doctor", "--json", "--listen", "127.0.0.1:0"], flags].concat(), keys).0;
        let found: Value = serde_json::from_str(&found).expect("JSON");
        found["checks"].as_array().expect("a list").clone()
    };
    let checks = examine(&["--nats", "nats://127.0.0.1:1"], &present);
    assert!(check(&checks, "webhooks").1.contains("127.0.0.1 is not public"), "{checks:?}");
    assert!(check(&checks, "attachments").1.contains("all share this folder"), "{checks:?}");
    assert!(checks.iter().all(|check| check["name"] != "master key"), "{checks:?}");
    let both = [("THREAD_MASTER_KEY", key("B")), ("THREAD_MASTER_KEY_PREVIOUS", key("A"))];
    let checks = examine(&["--webhook-networks", "127.0.0.0/8"], &both);
    assert_eq!((check(&checks, "webhooks").0, check(&checks, "attachments").0), ("ok", "ok"), "{checks:?}");
    assert!(check(&checks, "master key").1.contains("THREAD_MASTER_KEY_PREVIOUS"), "{checks:?}");

    let postgres =
        ["doctor", "--json", "--listen", "127.0.0.1:0", "--database", "postgres://127.0.0.1:1/thread"];
    let found: Value = serde_json::from_str(&with_keys(&postgres, &present).0).expect("JSON");
    let checks = found["checks"].as_array().expect("a list");
    assert_eq!(check(checks, "database").0, "failed");
    assert!(check(checks, "attachments").1.contains("PostgreSQL has no folder"), "{checks:?}");
    assert!(check(checks, "versions").1.contains("--widget-versions"), "{checks:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_finds_a_running_service_and_its_sockets() {
    let cli = Cli::new();
    cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    let running = Running::start(&cli, &[]);
    let address = running.url.trim_start_matches("http://").to_owned();
    let url = running.url.clone();
    let (_, checks) = doctor(&cli, &["--listen", &address, "--public-url", &url]);
    for name in ["database", "apps", "clock", "public-url", "listen", "reached", "sockets", "attachments"] {
        assert_eq!(check(&checks, name).0, "ok", "{name}: {checks:?}");
    }
    // Something else is there.
    let other = Receiver::start(&[]).await;
    let (address, url) = (other.address.to_string(), format!("http://{}", other.address));
    let (well, checks) = doctor(&cli, &["--listen", &address, "--public-url", &url]);
    assert!(!well);
    assert_eq!((check(&checks, "listen").0, check(&checks, "reached").0), ("failed", "failed"));
}

/// Ann's service request with an attachment of hers, one of an agent, and an upload that waits.
async fn converse(running: &Running, app: &Value, secret: &str, api_key: &str, email: &str) -> String {
    let token = text(&json_of(running.sign_in(app, secret, email).await, StatusCode::CREATED).await["token"]);
    let upload = |path: &'static str, bearer: String, name: &'static str| async move {
        let request = running.http.post(format!("{}{path}?name={name}", running.url)).bearer_auth(bearer);
        let request = request.header("content-type", "text/plain").body(format!("{name} of {email}"));
        text(&json_of(request.send().await.expect("answered"), StatusCode::CREATED).await["id"])
    };
    let own = upload("/v1/attachments", token.clone(), "own.txt").await;
    upload("/v1/attachments", token.clone(), "waiting.txt").await;
    let body = json!({"clientId": "c1", "body": "My words", "attachmentIds": [own]});
    let raised =
        running.http.post(format!("{}/v1/service-requests", running.url)).bearer_auth(&token).json(&body);
    let id = text(&json_of(raised.send().await.expect("answered"), StatusCode::CREATED).await["id"]);
    let theirs = upload("/v1/agent/attachments", api_key.to_owned(), "theirs.txt").await;
    let answer = running.http.post(format!("{}/v1/agent/service-requests/{id}/messages", running.url));
    let body = json!({"clientId": format!("a-{email}"), "body": "An answer", "attachmentIds": [theirs]});
    json_of(answer.bearer_auth(api_key).json(&body).send().await.expect("answered"), StatusCode::CREATED)
        .await;
    token
}

fn files_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("text"))
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_contacts_data_is_exported_and_deleted_and_nobody_elses() {
    let cli = Cli::new();
    let app = cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    let (app_id, secret) = (app["appId"].as_str().expect("text"), text(&app["secret"]));
    let api_key = text(&cli.json(&["apikey", "create", app_id])["apiKey"]);
    let receiver = Receiver::start(&[]).await;
    let hook = text(&cli.json(&["webhook", "create", app_id, "--url", &receiver.url()])["id"]);
    let running = Running::start(&cli, &["--webhook-networks", "127.0.0.0/8"]);
    let token = converse(&running, &app["appId"], &secret, &api_key, ANN).await;
    converse(&running, &app["appId"], &secret, &api_key, BOB).await;
    receiver.wait_for(4).await;

    let shown = cli.json(&["contact", "export", app_id, "Ann@Shop.example"]);
    assert_eq!((&shown["email"], &shown["serviceRequests"][0]["subject"]), (&json!(ANN), &json!("My words")));
    let messages = shown["serviceRequests"][0]["messages"].as_array().expect("a list");
    assert_eq!((messages.len(), &messages[1]["body"]), (2, &json!("An answer")));
    assert_eq!(shown["uploads"][0]["name"], "waiting.txt");
    assert!(!shown.to_string().contains(BOB));
    let exported = cli.json(&["contact", "export", app_id, ANN, "--output", "ann"]);
    assert_eq!((&exported["serviceRequests"], &exported["files"]), (&json!(1), &json!(3)));
    let folder = cli.dir.path().join("ann");
    let names = files_in(&folder);
    assert_eq!(names.len(), 4, "{names:?}");
    let own = names.iter().find(|name| name.ends_with("own.txt")).expect("there");
    assert_eq!(std::fs::read_to_string(folder.join(own)).expect("readable"), format!("own.txt of {ANN}"));
    assert_eq!(
        cli.fails(&["contact", "export", app_id, ANN, "--output", "ann"]).0,
        1,
        "nothing is overwritten"
    );

    let objects = cli.dir.path().join("thread.db.attachments");
    assert_eq!(files_in(&objects).len(), 6);
    let deleted = cli.json(&["contact", "delete", app_id, ANN]);
    assert_eq!((&deleted["serviceRequests"], &deleted["files"]), (&json!(1), &json!(3)));
    assert_eq!(files_in(&objects).len(), 3, "the attachments' bytes as well");
    assert_eq!(cli.fails(&["contact", "export", app_id, ANN]).0, 1);
    assert_eq!(cli.fails(&["contact", "delete", app_id, ANN]).0, 1);
    let log = cli.json(&["webhook", "deliveries", &hook]);
    assert_eq!(log["deliveries"].as_array().map(Vec::len), Some(2), "Bob's alone");
    assert_eq!(
        cli.json(&["contact", "export", app_id, BOB])["serviceRequests"].as_array().map(Vec::len),
        Some(1)
    );

    // The running service goes on: the open session sees nothing, and may begin anew.
    let list = running.http.get(format!("{}/v1/service-requests", running.url)).bearer_auth(&token);
    let list = json_of(list.send().await.expect("answered"), StatusCode::OK).await;
    assert_eq!(list, json!({"serviceRequests": []}));
    running.raise(&token, "Again").await;
    let again = cli.json(&["contact", "export", app_id, ANN]);
    assert_eq!(again["serviceRequests"].as_array().map(Vec::len), Some(1));
}
