//! v2 connection keys over HTTP: once, in time, for one app and email, and refused like any wrong key.

use crate::support::{ANN, BOB, START_MS, TestApp, TestThread, assert_problem, json_of};
use protocol::AppId;
use reqwest::{Response, StatusCode};
use serde_json::json;
use signing::{Nonce, Terms, sign_v1, sign_v2};
use std::collections::HashSet;
use thread::store::AppUpdate;

const START_S: u64 = START_MS.cast_unsigned() / 1_000;

fn v2(app: &TestApp, email: &str) -> String {
    v2_until(app, email, START_S + 300)
}

fn v2_until(app: &TestApp, email: &str, expires_s: u64) -> String {
    let terms = Terms::from_parts(expires_s, Nonce::generate());
    sign_v2(&app.secret, &app.id.as_str().into(), email, &terms)
}

async fn sign_in(thread: &TestThread, email: &str, key: &str, attempt: Option<&str>) -> Response {
    let mut body = json!({
        "appId": thread.app.id, "connectionType": "messenger_auth", "connectionEmail": email, "connectionKey": key,
    });
    if let Some(attempt) = attempt {
        body["attemptId"] = attempt.into();
    }
    thread.post("/v1/sessions", &body).send().await.expect("answered")
}

#[tokio::test]
async fn the_first_attempt_owns_a_v2_key_and_may_come_again() {
    let thread = TestThread::start().await;
    let key = v2(&thread.app, ANN);
    for _ in 0..3 {
        let session = json_of(sign_in(&thread, ANN, &key, Some("load-1")).await, StatusCode::CREATED).await;
        assert_eq!(session["user"]["email"], ANN);
    }
    for other in [Some("load-2"), None] {
        assert_problem(sign_in(&thread, ANN, &key, other).await, 401, "invalid_connection_key").await;
    }
    let (head, mac) = key.rsplit_once('.').expect("dots");
    let respelt = format!("{head}.{}", mac.to_uppercase());
    assert_problem(sign_in(&thread, ANN, &respelt, Some("load-2")).await, 401, "invalid_connection_key")
        .await;
    let again = sign_in(&thread, ANN, &key, Some("load-1")).await;
    assert_eq!(again.status(), StatusCode::CREATED, "refusals of others change nothing");
    thread.clock.advance_ms(301_000);
    let late = sign_in(&thread, ANN, &key, Some("load-1")).await;
    assert_problem(late, 401, "invalid_connection_key").await;
}

#[tokio::test]
async fn without_an_attempt_id_a_v2_key_is_good_once() {
    let thread = TestThread::start().await;
    let key = v2(&thread.app, ANN);
    assert_eq!(sign_in(&thread, ANN, &key, None).await.status(), StatusCode::CREATED);
    for attempt in [None, Some("load-1")] {
        assert_problem(sign_in(&thread, ANN, &key, attempt).await, 401, "invalid_connection_key").await;
    }
}

#[tokio::test]
async fn of_parallel_uses_of_a_v2_key_one_wins() {
    let thread = TestThread::start_with(&["--limit-sign-in-failures", "1000"]).await;
    for with_attempts in [true, false] {
        let key = v2(&thread.app, ANN);
        let attempts: Vec<Option<String>> =
            (0..20).map(|number| with_attempts.then(|| format!("load-{number}"))).collect();
        let uses = attempts.iter().map(|attempt| sign_in(&thread, ANN, &key, attempt.as_deref()));
        let statuses: Vec<_> =
            futures_util::future::join_all(uses).await.iter().map(Response::status).collect();
        let won = statuses.iter().filter(|status| **status == StatusCode::CREATED).count();
        let lost = statuses.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
        assert_eq!((won, lost), (1, 19), "{statuses:?}");
    }
    let key = v2(&thread.app, ANN);
    let uses = (0..20).map(|_| sign_in(&thread, ANN, &key, Some("one load")));
    let all = futures_util::future::join_all(uses).await;
    assert!(all.iter().all(|answer| answer.status() == StatusCode::CREATED), "retries of one load all pass");
}

#[tokio::test]
async fn every_refusal_of_a_key_reads_the_same() {
    let thread = TestThread::start_with(&["--limit-sign-in-failures", "1000"]).await;
    let other = thread.other_app().await;
    let used = v2(&thread.app, ANN);
    assert_eq!(sign_in(&thread, ANN, &used, None).await.status(), StatusCode::CREATED);
    let mut answers = HashSet::new();
    for key in [
        used,
        v2(&thread.app, BOB),
        v2(&other, ANN),
        sign_v2(
            &thread.app.secret,
            &AppId::from("app_x"),
            ANN,
            &Terms::from_parts(START_S + 60, Nonce::generate()),
        ),
        v2_until(&thread.app, ANN, START_S - 1),
        v2_until(&thread.app, ANN, START_S + 601),
        sign_v1(&other.secret, ANN),
        sign_v1(&thread.app.secret, &ANN.to_uppercase()),
        "0".repeat(64),
        "nonsense".to_owned(),
        String::new(),
    ] {
        let answer = sign_in(&thread, ANN, &key, Some("load-1")).await;
        answers.insert(assert_problem(answer, 401, "invalid_connection_key").await.to_string());
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(sign_in(&thread, ANN, &v2_until(&thread.app, ANN, START_S + 600), None).await.status(), 201);
}

#[tokio::test]
async fn an_app_may_take_v2_keys_alone() {
    let thread = TestThread::start().await;
    let id = thread.app.id.as_str().into();
    for (require_v2, v1_status) in [(true, StatusCode::UNAUTHORIZED), (false, StatusCode::CREATED)] {
        let update = AppUpdate { require_v2: Some(require_v2), ..AppUpdate::default() };
        thread.store.update_app(&id, &update).await.expect("database").expect("there");
        thread.state.directory().refresh(&thread.store, START_MS).await.expect("refreshed");
        let v1 = sign_in(&thread, ANN, &thread.app.key(ANN), None).await;
        assert_eq!(v1.status(), v1_status);
        assert_eq!(sign_in(&thread, ANN, &v2(&thread.app, ANN), None).await.status(), StatusCode::CREATED);
    }
}

#[tokio::test]
async fn an_attempt_id_out_of_bounds_is_refused_and_uses_nothing_up() {
    let thread = TestThread::start().await;
    let key = v2(&thread.app, ANN);
    for attempt in [String::new(), "x".repeat(65)] {
        let problem = sign_in(&thread, ANN, &key, Some(&attempt)).await;
        assert_eq!(assert_problem(problem, 422, "invalid_params").await["field"], "attemptId");
    }
    let with_nul = sign_in(&thread, ANN, &key, Some("a\0b")).await;
    assert_eq!(with_nul.status(), StatusCode::CREATED, "any text will do");
}

#[tokio::test]
async fn a_refused_page_uses_no_key_up() {
    let thread = TestThread::start().await;
    let key = v2(&thread.app, ANN);
    let foreign = thread.sign_in_request(&thread.app, ANN, &key).header("origin", "https://evil.example");
    assert_problem(foreign.send().await.expect("answered"), 403, "origin_not_allowed").await;
    assert_eq!(sign_in(&thread, ANN, &key, None).await.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn used_keys_are_forgotten_an_hour_after_their_end_and_not_before() {
    let thread = TestThread::start().await;
    let key = v2(&thread.app, ANN);
    assert_eq!(sign_in(&thread, ANN, &key, None).await.status(), StatusCode::CREATED);
    let end_ms = START_MS + 300_000;
    let prune = |now_ms| thread.store.prune_used_keys(now_ms);
    assert_eq!(
        prune(end_ms + 3_600_000).await.expect("database"),
        0,
        "a clock set back makes it no good again"
    );
    assert_eq!(sign_in(&thread, ANN, &key, None).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(prune(end_ms + 3_600_001).await.expect("database"), 1);
    assert!(!thread.database.dump().windows(64).any(|part| key.as_bytes().ends_with(part)), "never in clear");
}

#[tokio::test]
async fn failed_keys_do_not_stop_a_good_v2_key() {
    let thread = TestThread::start_with(&["--limit-sign-in-failures", "1"]).await;
    sign_in(&thread, ANN, "nonsense", None).await;
    assert_problem(sign_in(&thread, ANN, "nonsense", None).await, 429, "rate_limited").await;
    assert_eq!(sign_in(&thread, ANN, &v2(&thread.app, ANN), None).await.status(), StatusCode::CREATED);
}
