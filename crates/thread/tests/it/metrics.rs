use crate::support::{ANN, TestThread};
use reqwest::StatusCode;
use signing::Secret;
use thread::clock::MINUTE_MS;

async fn scrape(thread: &TestThread) -> String {
    let answer = thread.get("/metrics").send().await.expect("answered");
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers()["content-type"].to_str().expect("text").starts_with("text/plain"));
    answer.text().await.expect("whole")
}

/// The value of the series that has all these parts.
fn value(metrics: &str, parts: &[&str]) -> f64 {
    let lines = metrics.lines().filter(|line| !line.starts_with('#'));
    let mut found = lines.filter(|line| parts.iter().all(|part| line.contains(part)));
    let line = found.next().unwrap_or_else(|| panic!("no {parts:?} in {metrics}"));
    line.rsplit(' ').next().expect("a value").parse().expect("a number")
}

#[tokio::test]
async fn requests_sign_ins_and_limits_are_counted_and_nobody_is_named() {
    let thread = TestThread::start_with(&["--limit-sign-in-failures", "1"]).await;
    let token = thread.sign_in(ANN).await;
    for _ in 0..2 {
        thread.sign_in_request(&thread.app, ANN, "nonsense").send().await.expect("answered");
    }
    thread.get(&format!("/v1/{token}/{ANN}")).send().await.expect("answered");
    thread
        .request(reqwest::Method::from_bytes(b"PINEAPPLE").expect("a method"), "/")
        .send()
        .await
        .expect("answered");
    let metrics = scrape(&thread).await;
    let sign_ins = |result: &str| value(&metrics, &["thread_sign_ins_total", "messenger_auth", result]);
    assert!((sign_ins("\"ok\"") - 1.0).abs() < 0.1);
    assert!((sign_ins("invalid_connection_key") - 1.0).abs() < 0.1);
    assert!((sign_ins("rate_limited") - 1.0).abs() < 0.1);
    assert!(value(&metrics, &["thread_limited_total", "sign_in_failures"]) > 0.5);
    assert!(value(&metrics, &["thread_http_requests_total", "/v1/sessions", "201"]) > 0.5);
    assert!(value(&metrics, &["duration_seconds_bucket", "/v1/sessions", "le=\"0.1\""]) >= 0.0);
    assert!(value(&metrics, &["thread_connections "]) > 0.5);
    assert!(value(&metrics, &["thread_queue_entries", "pin_mails"]).abs() < 0.1);
    assert!(value(&metrics, &["thread_live_sockets", "contacts"]).abs() < 0.1);
    assert!(metrics.contains("thread_build_info{version="));
    for unwanted in [ANN, &token, thread.app.secret.expose(), "PINEAPPLE", "127.0.0.1"] {
        assert!(!metrics.contains(unwanted), "{unwanted} in {metrics}");
    }
}

#[tokio::test]
async fn what_alarms_look_at_begins_at_zero() {
    let thread = TestThread::start().await;
    let metrics = scrape(&thread).await;
    assert!(value(&metrics, &["thread_leaked_secrets_total 0"]).abs() < 0.1);
    let series = [
        ("connections_refused", "reason", &["connections", "connections_per_ip"][..]),
        ("webhook_attempts", "result", &["delivered", "failed", "given_up", "gone"]),
        ("pruned", "what", &["service_requests", "contacts", "events"]),
        (
            "limited",
            "limit",
            &[
                "sign_in_failures",
                "pin_failures_per_ip",
                "leaked_secrets",
                "messages",
                "uploads",
                "typing",
                "request_time",
                "uploads_in_flight",
            ],
        ),
    ];
    for (name, label, values) in series {
        for value in values {
            let line = format!("thread_{name}_total{{{label}=\"{value}\"}} 0");
            assert!(metrics.lines().any(|found| found == line), "no {line} in {metrics}");
        }
    }
}

#[tokio::test]
async fn metrics_are_for_the_named_networks_and_not_through_a_proxy() {
    let thread = TestThread::start_with(&["--metrics-from", "10.0.0.0/8"]).await;
    assert_eq!(thread.get("/metrics").send().await.expect("answered").status(), StatusCode::NOT_FOUND);
    let thread = TestThread::start().await;
    let proxied = thread.get("/metrics").header("x-forwarded-for", "127.0.0.1");
    assert_eq!(proxied.send().await.expect("answered").status(), StatusCode::NOT_FOUND);
    let thread = TestThread::start_with(&["--metrics-listen", "127.0.0.1:0"]).await;
    assert_eq!(thread.get("/metrics").send().await.expect("answered").status(), StatusCode::NOT_FOUND);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(thread::server::serve_metrics(listener, thread.state.clone()));
    let own = reqwest::get(format!("http://{address}/metrics")).await.expect("answered");
    assert_eq!(own.status(), StatusCode::OK);
    let other = reqwest::get(format!("http://{address}/v1/apps/{}", thread.app.id)).await.expect("answered");
    assert_eq!(other.status(), StatusCode::NOT_FOUND, "nothing else is there");
}

#[tokio::test]
async fn a_former_secret_is_told_of_when_it_is_used_near_its_end() {
    let thread = TestThread::start().await;
    let day_ms = 24 * 60 * MINUTE_MS;
    let rotated = thread
        .store
        .rotate_secret(&thread.app.id.as_str().into(), &Secret::generate(), day_ms, thread.clock.now_ms())
        .await;
    rotated.expect("database").expect("app");
    thread.state.directory().refresh(&thread.store, thread.clock.now_ms()).await.expect("refreshed");
    thread.sign_in(ANN).await;
    assert!(!scrape(&thread).await.contains("thread_old_secret_uses_total{"), "it has a day");
    thread.clock.advance_ms(day_ms - 60 * MINUTE_MS);
    thread.sign_in(ANN).await;
    thread.sign_in(ANN).await;
    let metrics = scrape(&thread).await;
    let uses = value(&metrics, &["thread_old_secret_uses_total", &thread.app.id, &thread.app.secret_id]);
    assert!((uses - 2.0).abs() < 0.1);
}

#[tokio::test]
async fn a_leaked_secret_is_counted_once() {
    let thread = TestThread::start().await;
    for _ in 0..2 {
        thread.sign_in_request(&thread.app, ANN, thread.app.secret.expose()).send().await.expect("answered");
    }
    assert!((value(&scrape(&thread).await, &["thread_leaked_secrets_total"]) - 1.0).abs() < 0.1);
}
