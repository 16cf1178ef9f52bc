//! Limits that are counted, and that every limit has its test and its line in the documentation.

use crate::live::Socket;
use crate::pins::{Mails, answer, challenge};
use crate::support::{ANN, BOB, TestThread, assert_problem};
use clap::CommandFactory as _;
use reqwest::StatusCode;
use serde_json::json;
use std::net::IpAddr;
use std::path::Path;
use thread::cli::Cli;
use thread::connections::{Gate, TurnedAway};

#[tokio::test]
async fn failures_are_limited_and_a_valid_key_never_is() {
    let thread = TestThread::start_with(&["--limit-sign-in-failures", "2"]).await;
    let fail = || async {
        thread.sign_in_request(&thread.app, ANN, &"0".repeat(64)).send().await.expect("answered")
    };
    for _ in 0..2 {
        assert_problem(fail().await, 401, "invalid_connection_key").await;
    }
    let limited = fail().await;
    assert_eq!(limited.headers()["retry-after"], "30");
    assert_problem(limited, 429, "rate_limited").await;
    thread.sign_in(ANN).await;
    thread.clock.advance_ms(30_000);
    assert_problem(fail().await, 401, "invalid_connection_key").await;
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_its_own_limit() {
    let thread =
        TestThread::start_with(&["--limit-sign-in-failures", "1", "--trusted-proxies", "127.0.0.0/8"]).await;
    let fail = |forwarded: &'static str| {
        let request =
            thread.sign_in_request(&thread.app, ANN, &"0".repeat(64)).header("x-forwarded-for", forwarded);
        async { request.send().await.expect("answered").status() }
    };
    assert_eq!(fail("1.1.1.1, 198.51.100.1").await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        fail("2.2.2.2, 198.51.100.1").await,
        StatusCode::TOO_MANY_REQUESTS,
        "what the client adds is ignored"
    );
    assert_eq!(fail("198.51.100.2").await, StatusCode::UNAUTHORIZED);
    assert_eq!(fail("2001:db8::1").await, StatusCode::UNAUTHORIZED);
    assert_eq!(fail("2001:db8::2").await, StatusCode::TOO_MANY_REQUESTS, "one /64 is one client");
}

#[tokio::test]
async fn without_a_trusted_proxy_the_header_is_ignored() {
    let thread = TestThread::start_with(&["--limit-sign-in-failures", "1"]).await;
    let fail = |forwarded: &'static str| {
        let request =
            thread.sign_in_request(&thread.app, ANN, &"0".repeat(64)).header("x-forwarded-for", forwarded);
        async { request.send().await.expect("answered").status() }
    };
    assert_eq!(fail("198.51.100.1").await, StatusCode::UNAUTHORIZED);
    assert_eq!(fail("198.51.100.2").await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_client_has_so_many_wrong_pins_and_right_ones_do_not_count() {
    let mut mails = Mails::new();
    let thread = TestThread::start_with(&["--limit-pin-failures-per-ip", "2", &mails.flag()]).await;
    for _ in 0..3 {
        let id = challenge(&thread, ANN).await;
        let right = answer(&thread, &thread.app.id, &id, &mails.next_pin().await).await;
        assert_eq!(right.status(), StatusCode::CREATED);
    }
    for number in 0..2 {
        let id = challenge(&thread, &format!("someone{number}@shop.example")).await;
        assert_problem(answer(&thread, &thread.app.id, &id, "not six").await, 422, "invalid_params").await;
        let wrong = if mails.next_pin().await == "000000" { "000001" } else { "000000" };
        assert_problem(answer(&thread, &thread.app.id, &id, wrong).await, 401, "invalid_pin").await;
    }
    let limited = answer(&thread, &thread.app.id, "pin_none", "000000").await;
    assert_problem(limited, 429, "rate_limited").await;
    thread.clock.advance_ms(30 * 60_000);
    let again = answer(&thread, &thread.app.id, "pin_none", "000000").await;
    assert_problem(again, 401, "invalid_pin").await;
}

#[tokio::test]
async fn a_contact_writes_so_many_messages_a_minute() {
    let thread = TestThread::start_with(&["--limit-messages", "2"]).await;
    let (ann, bob) = (thread.sign_in(ANN).await, thread.sign_in("bob@shop.example").await);
    thread.raise(&ann, "c1", "One").await;
    thread.raise(&ann, "c2", "Two").await;
    let third = thread.post("/v1/service-requests", &json!({"clientId": "c3", "body": "Three"}));
    let limited = third.bearer_auth(&ann).send().await.expect("answered");
    assert_eq!(limited.headers()["retry-after"], "30");
    assert_problem(limited, 429, "rate_limited").await;
    thread.raise(&bob, "c1", "One").await;
    thread.clock.advance_ms(30_000);
    thread.raise(&ann, "c3", "Three").await;
}

#[tokio::test]
async fn reports_over_the_limit_are_not_looked_at_and_not_told() {
    let thread = TestThread::start_with(&["--limit-leaked-secrets", "1"]).await;
    let report = |sha256: String| {
        let request = thread.post("/v1/leaked-secrets", &json!({"appId": thread.app.id, "sha256": sha256}));
        async { request.send().await.expect("answered").status() }
    };
    assert_eq!(report("0".repeat(64)).await, StatusCode::NO_CONTENT);
    assert_eq!(report(thread.app.secret.digest_hex()).await, StatusCode::NO_CONTENT);
    thread.sign_in(ANN).await;
}

#[tokio::test]
async fn a_pin_has_so_many_tries() {
    let mut mails = Mails::new();
    let thread = TestThread::start_with(&["--limit-pin-tries", "2", &mails.flag()]).await;
    for (wrong_tries, status) in [(1, StatusCode::CREATED), (2, StatusCode::UNAUTHORIZED)] {
        let id = challenge(&thread, ANN).await;
        let pin = mails.next_pin().await;
        let wrong = if pin == "000000" { "000001" } else { "000000" };
        for _ in 0..wrong_tries {
            assert_problem(answer(&thread, &thread.app.id, &id, wrong).await, 401, "invalid_pin").await;
        }
        assert_eq!(answer(&thread, &thread.app.id, &id, &pin).await.status(), status, "{wrong_tries} wrong");
    }
}

#[tokio::test]
async fn an_address_gets_so_many_mails_in_a_quarter_of_an_hour() {
    let mut mails = Mails::new();
    let thread = TestThread::start_with(&["--limit-pin-mails", "1", &mails.flag()]).await;
    for email in [ANN, ANN, ANN, BOB] {
        challenge(&thread, email).await;
    }
    let both = [mails.next().await, mails.next().await].concat();
    assert!(both.contains("To: ann@") && both.contains("To: bob@"), "one each");
    thread.clock.advance_ms(15 * 60_000);
    challenge(&thread, ANN).await;
    assert!(mails.next().await.contains("To: ann@"));
    assert_eq!(mails.all().len(), 3);
}

#[tokio::test]
async fn an_apps_agents_have_so_many_sockets() {
    let thread = TestThread::start_with(&["--limit-agent-sockets", "1"]).await;
    let other = thread.other_app().await;
    let (key, second) = (thread.api_key(&thread.app).await, thread.api_key(&thread.app).await);
    let (_kept, first) = Socket::hello_agent(&thread, &key, None).await;
    assert_eq!(first["type"], "ready");
    assert_eq!(Socket::hello_agent(&thread, &second, None).await.1["code"], "rate_limited");
    let foreign = thread.api_key(&other).await;
    assert_eq!(Socket::hello_agent(&thread, &foreign, None).await.1["type"], "ready");
}

#[tokio::test]
async fn a_client_has_so_many_connections() {
    let thread = TestThread::start_with(&["--limit-connections-per-ip", "2"]).await;
    // The service's own gate: clients of this machine are not counted, so there is no other way to be one that is.
    let gate = Gate::new(thread.state.settings().connections.clone());
    let (one, other): (IpAddr, IpAddr) = ([198, 51, 100, 1].into(), [198, 51, 100, 2].into());
    let first = gate.admit(one).expect("a place");
    let _second = gate.admit(one).expect("a place");
    assert_eq!(gate.admit(one).err(), Some(TurnedAway::Client));
    let _other = gate.admit(other).expect("another client's");
    drop(first);
    assert!(gate.admit(one).is_ok());
}

#[test]
fn every_limit_has_a_test_of_its_flag_and_a_line_in_the_documentation() {
    let command = Cli::command();
    let serve = command.find_subcommand("serve").expect("there");
    let flags: Vec<_> = serve.get_arguments().filter_map(|argument| argument.get_long()).collect();
    let limits: Vec<_> = flags.into_iter().filter(|flag| flag.starts_with("limit-")).collect();
    assert!(limits.len() > 20, "{limits:?}");
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tests: String = std::fs::read_dir(crate_folder.join("tests/it"))
        .expect("readable")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_file())
        .map(|path| std::fs::read_to_string(path).expect("readable"))
        .collect();
    let operations =
        std::fs::read_to_string(crate_folder.join("../../docs/OPERATIONS.md")).expect("readable");
    for limit in limits {
        let flag = format!("--{limit}");
        let is_tested = [format!("\"{flag}\""), format!("\"{flag}=")].iter().any(|text| tests.contains(text));
        assert!(is_tested, "no test sets {flag}");
        assert!(operations.contains(&format!("| `{flag}` |")), "docs/OPERATIONS.md has no line of {flag}");
    }
}
