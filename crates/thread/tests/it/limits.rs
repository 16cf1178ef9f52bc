use crate::pins::{Mails, answer, challenge};
use crate::support::{ANN, TestThread, assert_problem};
use reqwest::StatusCode;
use serde_json::json;

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
