//! The built program as a running service: changes from outside, sudden death, and what its logs hold.

use crate::certificate::certificate;
use crate::cli::Cli;
use crate::program::{Running, create};
use crate::receiver::{Receiver, Reply};
use crate::support::{ANN, json_of, text, within};
use reqwest::StatusCode;
use serde_json::{Value, json};
use signing::{Secret, sign_v1};
use std::time::Duration;

#[tokio::test]
async fn a_queued_mail_survives_kill_9() {
    let cli = Cli::new();
    let (app, ..) = create(&cli);
    let mut running = Running::start(&cli, &["--mail", "smtp://127.0.0.1:1"]);
    let body = json!({"appId": app, "email": ANN});
    let asked = running.http.post(format!("{}/v1/pins", running.url)).json(&body);
    let asked = json_of(asked.send().await.expect("answered"), StatusCode::ACCEPTED).await;
    let logs = || std::fs::read_to_string(cli.dir.path().join("logs")).expect("readable");
    within(Duration::from_secs(10), || async { logs().contains("waits for another try") }).await;
    assert!(!logs().contains(ANN), "logs hold nobody");
    running.child.kill().expect("killed");

    let mut mails = crate::pins::Mails::new();
    let running = Running::start(&cli, &[&mails.flag()]);
    let pin = mails.next_pin().await;
    assert!(!logs().contains(&pin), "nor a PIN");
    let body =
        json!({"connectionType": "pin", "appId": app, "challengeId": asked["challengeId"], "pin": pin});
    let answer = running.http.post(format!("{}/v1/sessions", running.url)).json(&body);
    json_of(answer.send().await.expect("answered"), StatusCode::CREATED).await;
}

#[tokio::test]
async fn changes_by_the_command_line_are_in_force_within_a_second() {
    let cli = Cli::new();
    let running = Running::start(&cli, &[]);
    let second = Duration::from_secs(1);
    let (app, first, first_id) = create(&cli);
    let (app_ref, first_ref, running_ref) = (&app, &first, &running);
    let status = |secret: String| async move { running_ref.sign_in(app_ref, &secret, ANN).await.status() };
    within(second, || async { status(first_ref.clone()).await == StatusCode::CREATED }).await;
    let token = text(&json_of(running.sign_in(&app, &first, ANN).await, StatusCode::CREATED).await["token"]);

    let rotated = text(&cli.json(&["secret", "rotate", app.as_str().expect("text")])["secret"]);
    within(second, || async { status(rotated.clone()).await == StatusCode::CREATED }).await;
    assert_eq!(status(first.clone()).await, StatusCode::CREATED, "both are valid");

    cli.json(&["secret", "revoke", &first_id]);
    within(second, || async { status(first_ref.clone()).await == StatusCode::UNAUTHORIZED }).await;
    let list = running.http.get(format!("{}/v1/service-requests", running.url)).bearer_auth(&token);
    assert_eq!(
        list.send().await.expect("answered").status(),
        StatusCode::UNAUTHORIZED,
        "its sessions are over"
    );
    assert_eq!(status(rotated.clone()).await, StatusCode::CREATED);

    let key = cli.json(&["apikey", "create", app.as_str().expect("text")]);
    let agent = || async {
        let request = running_ref.http.get(format!("{}/v1/agent/service-requests", running_ref.url));
        request.bearer_auth(text(&key["apiKey"])).send().await.expect("answered").status()
    };
    within(second, || async { agent().await == StatusCode::OK }).await;
    cli.json(&["apikey", "revoke", key["id"].as_str().expect("text")]);
    within(second, || async { agent().await == StatusCode::UNAUTHORIZED }).await;
    cli.json(&["app", "delete", app.as_str().expect("text")]);
    within(second, || async { status(rotated.clone()).await == StatusCode::NOT_FOUND }).await;
}

#[tokio::test]
async fn a_running_service_follows_a_change_of_the_master_key_file() {
    let cli = Cli::new();
    let (app, first, _) = create(&cli);
    let running = Running::start(&cli, &[]);
    assert_eq!(running.sign_in(&app, &first, ANN).await.status(), StatusCode::CREATED);
    cli.json(&["master-key", "rotate"]);
    let rotated = text(&cli.json(&["secret", "rotate", app.as_str().expect("text")])["secret"]);
    let (app_ref, running_ref) = (&app, &running);
    let status = |secret: String| async move { running_ref.sign_in(app_ref, &secret, ANN).await.status() };
    within(Duration::from_secs(10), || async { status(rotated.clone()).await == StatusCode::CREATED }).await;
    assert_eq!(status(first).await, StatusCode::CREATED);
}

#[tokio::test]
async fn the_last_use_of_a_secret_is_shown_once_the_service_has_stopped_at_the_latest() {
    let cli = Cli::new();
    let (app, secret, secret_id) = create(&cli);
    let mut running = Running::start(&cli, &[]);
    let list = || cli.json(&["secret", "list", app.as_str().expect("text")])["secrets"][0].clone();
    assert_eq!((&list()["secretId"], &list()["lastUsedAt"]), (&json!(secret_id), &Value::Null));
    assert_eq!(running.sign_in(&app, "cgs_not_the_secret", ANN).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(running.sign_in(&app, &secret, ANN).await.status(), StatusCode::CREATED);
    running.signal("-TERM");
    let ended =
        tokio::task::spawn_blocking(move || running.child.wait().expect("ends")).await.expect("joined");
    assert!(ended.success());
    assert!(list()["lastUsedAt"].is_string(), "{}", list());
    let shown = cli.json(&["app", "show", app.as_str().expect("text")]);
    assert_eq!(shown["secrets"][0]["lastUsedAt"], list()["lastUsedAt"]);
}

#[tokio::test]
async fn an_acknowledged_message_survives_sudden_death() {
    let cli = Cli::new();
    let (app, secret, _) = create(&cli);
    let running = Running::start(&cli, &[]);
    let token = text(&json_of(running.sign_in(&app, &secret, ANN).await, StatusCode::CREATED).await["token"]);
    let raised = running.raise(&token, "Remember me").await;
    running.signal("-KILL");
    drop(running);

    let running = Running::start(&cli, &[]);
    // The token is as good as before, and the same send is stored once.
    assert_eq!(running.raise(&token, "Remember me").await, raised);
    let list = running.http.get(format!("{}/v1/service-requests", running.url)).bearer_auth(&token);
    let list = json_of(list.send().await.expect("answered"), StatusCode::OK).await;
    assert_eq!(list["serviceRequests"], json!([raised]));
}

#[tokio::test]
async fn a_webhook_survives_kill_9_and_comes_again_under_the_same_id() {
    let cli = Cli::new();
    let (app, secret, _) = create(&cli);
    let receiver = Receiver::start(&[Reply::Silence]).await;
    let hook = cli.json(&["webhook", "create", app.as_str().expect("text"), "--url", &receiver.url()]);
    let flags = ["--webhook-networks", "127.0.0.0/8", "--webhook-timeout", "1s"];
    let running = Running::start(&cli, &flags);
    let token = text(&json_of(running.sign_in(&app, &secret, ANN).await, StatusCode::CREATED).await["token"]);
    running.raise(&token, "Remember me").await;
    receiver.wait_for(1).await;
    // In the middle of a try.
    running.signal("-KILL");
    drop(running);

    let _running = Running::start(&cli, &flags);
    let came = receiver.wait_for(2).await;
    assert_eq!((came[1].id(), &came[1].body), (came[0].id(), &came[0].body));
    let verifier = standardwebhooks::Webhook::new(&text(&hook["secret"])).expect("a secret");
    verifier.verify(came[1].body.as_bytes(), &came[1].headers).expect("signed just now");
    let hook_id = text(&hook["id"]);
    let log = || cli.json(&["webhook", "deliveries", &hook_id])["deliveries"].clone();
    within(Duration::from_secs(10), || async { log()[0]["state"] == "delivered" }).await;
    assert_eq!(log().as_array().map(Vec::len), Some(1));
    assert_eq!(log()[0]["id"], came[0].id());
    let logs = std::fs::read_to_string(cli.dir.path().join("logs")).expect("readable");
    for unwanted in ["in-the-address", "Remember me", &text(&hook["secret"])] {
        assert!(!logs.contains(unwanted), "logged: {unwanted}");
    }
}

// The receiver answers while this thread waits for the program.
#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_goes_over_tls_to_whom_the_system_trusts_alone() {
    let cli = Cli::new();
    let (app, secret, _) = create(&cli);
    let certificate = certificate(cli.dir.path());
    let receiver = Receiver::start_tls(&certificate).await;
    let url = format!("https://localhost:{}/hooks", receiver.address.port());
    let hook = text(&cli.json(&["webhook", "create", app.as_str().expect("text"), "--url", &url])["id"]);
    let flags = ["--webhook-networks", "127.0.0.0/8,::1/128"];
    let log = || cli.json(&["webhook", "deliveries", &hook])["deliveries"][0].clone();

    let running = Running::start(&cli, &flags);
    let token = text(&json_of(running.sign_in(&app, &secret, ANN).await, StatusCode::CREATED).await["token"]);
    running.raise(&token, "Hello").await;
    within(Duration::from_secs(20), || async { log()["attempts"][0].is_object() }).await;
    assert!(text(&log()["attempts"][0]["fault"]).contains("certificate"), "{}", log());
    drop(running);

    let authority = certificate.authority.display().to_string();
    let _running = Running::start_in(&cli, &flags, &[("SSL_CERT_FILE", &authority)]);
    receiver.wait_for(1).await;
    within(Duration::from_secs(20), || async { log()["state"] == "delivered" }).await;
}

#[tokio::test]
async fn logs_hold_nothing_secret_and_nobody() {
    let cli = Cli::new();
    let (app, secret, _) = create(&cli);
    let api_key = text(&cli.json(&["apikey", "create", app.as_str().expect("text")])["apiKey"]);
    let mut running = Running::start(&cli, &["--log-format", "json"]);
    let token = text(&json_of(running.sign_in(&app, &secret, ANN).await, StatusCode::CREATED).await["token"]);
    let id = text(&running.raise(&token, "My private words").await["id"]);
    let http = running.http.clone();
    let url = running.url.clone();
    http.post(format!("{url}/v1/agent/service-requests/{id}/messages"))
        .bearer_auth(&api_key)
        .json(&json!({"clientId": "a", "body": "My private words"}))
        .send()
        .await
        .expect("answered");
    // Misplaced on purpose: in the path, in the query, as a key.
    http.get(format!("{url}/v1/{token}/{ANN}?key={secret}")).send().await.expect("answered");
    http.get(format!("{url}/v1/apps/{secret}?email={ANN}")).send().await.expect("answered");
    let body = json!({"appId": app, "connectionType": "messenger_auth", "connectionEmail": ANN, "connectionKey": secret});
    http.post(format!("{url}/v1/sessions")).json(&body).send().await.expect("answered");

    running.signal("-TERM");
    let ended =
        tokio::task::spawn_blocking(move || running.child.wait().expect("ends")).await.expect("joined");
    assert!(ended.success(), "an orderly end");
    let logs = std::fs::read_to_string(cli.dir.path().join("logs")).expect("text");
    let key = sign_v1(&Secret::from_text(&secret).expect("valid"), ANN);
    for unwanted in [&secret, &token, &api_key, &key, ANN, "My private words"] {
        assert!(!logs.contains(unwanted), "logged: {unwanted}");
    }
    let lines: Vec<Value> =
        logs.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect();
    let answered = |route: &str, status: u16| {
        lines.iter().any(|line| {
            line["message"] == "answered"
                && line["span"]["route"] == route
                && line["status"] == status
                && line["latency_us"].is_u64()
        })
    };
    assert!(answered("/v1/sessions", 201) && answered("/v1/apps/{app_id}", 404), "{logs}");
    assert!(lines.iter().any(|line| line["level"] == "WARN"
        && line["message"].as_str().is_some_and(|text| text.contains("revoked"))));
}
