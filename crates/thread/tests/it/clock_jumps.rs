//! The clock jumps, by days, both ways: nobody is locked out, nothing acknowledged is lost, and order holds.

use crate::live::Socket;
use crate::pins::{Mails, answer, challenge};
use crate::support::{ANN, TestThread, assert_problem, json_of, text};
use reqwest::StatusCode;
use serde_json::Value;

const DAY_MS: i64 = 86_400_000;

async fn bodies(thread: &TestThread, token: &str, id: &str) -> Vec<String> {
    let request = thread.get(&format!("/v1/service-requests/{id}/messages")).bearer_auth(token);
    let list = json_of(request.send().await.expect("answered"), StatusCode::OK).await;
    list["messages"].as_array().expect("a list").iter().map(|one| text(&one["body"])).collect()
}

async fn write(thread: &TestThread, token: &str, id: &str, body: &str) -> Value {
    json_of(thread.write("/v1", token, id, body, body).await, StatusCode::CREATED).await
}

#[tokio::test]
async fn set_back_by_days_it_goes_on_in_order() {
    let mut mails = Mails::new();
    let thread = TestThread::start_with(&[&mails.flag(), "--limit-messages", "4"]).await;
    let token = thread.sign_in(ANN).await;
    let id = text(&thread.raise(&token, "c1", "One").await["id"]);
    let (mut socket, ready) = Socket::hello(&thread, &token, None).await;
    // All that a minute allows.
    for body in ["Two", "Three", "Four"] {
        write(&thread, &token, &id, body).await;
        assert_eq!(socket.frame().await["message"]["body"], body);
    }
    let before = challenge(&thread, ANN).await;
    let pin_before = mails.next_pin().await;

    thread.clock.advance_ms(-3 * DAY_MS);
    let written = write(&thread, &token, &id, "Five").await;
    assert_eq!(written["seq"], 5, "nobody waits for the clock to come back");
    assert_eq!(socket.frame().await["message"]["body"], "Five");
    assert_eq!(bodies(&thread, &token, &id).await, ["One", "Two", "Three", "Four", "Five"]);
    let cursor = text(&ready["cursor"]);
    let (mut again, first) = Socket::hello(&thread, &token, Some(&cursor)).await;
    assert_eq!(first["message"]["body"], "Two");
    for body in ["Three", "Four", "Five"] {
        assert_eq!(again.frame().await["message"]["body"], body);
    }
    // A new session and a new PIN, and a second request beside the one "of the future".
    let other = thread.sign_in(ANN).await;
    thread.raise(&other, "c9", "Another").await;
    let list = thread.get("/v1/service-requests").bearer_auth(&other).send().await.expect("answered");
    let list = json_of(list, StatusCode::OK).await;
    assert_eq!(list["serviceRequests"].as_array().map(Vec::len), Some(2));
    let after = challenge(&thread, ANN).await;
    let pin_after = mails.next_pin().await;
    for (id, pin) in [(&after, &pin_after), (&before, &pin_before)] {
        assert_eq!(answer(&thread, &thread.app.id, id, pin).await.status(), StatusCode::CREATED);
    }
}

#[tokio::test]
async fn set_ahead_by_days_sessions_end_and_all_else_goes_on() {
    let mut mails = Mails::new();
    let thread = TestThread::start_with(&[&mails.flag()]).await;
    let token = thread.sign_in(ANN).await;
    let id = text(&thread.raise(&token, "c1", "One").await["id"]);
    let (mut socket, _) = Socket::hello(&thread, &token, None).await;
    let old = challenge(&thread, ANN).await;
    let old_pin = mails.next_pin().await;

    thread.clock.advance_ms(3 * DAY_MS);
    assert_eq!(socket.frame().await["code"], "session_expired");
    let refused = thread.write("/v1", &token, &id, "c2", "Two").await;
    assert_problem(refused, 401, "session_expired").await;
    assert_problem(answer(&thread, &thread.app.id, &old, &old_pin).await, 401, "invalid_pin").await;
    let token = thread.sign_in(ANN).await;
    write(&thread, &token, &id, "Two").await;
    let asked = challenge(&thread, ANN).await;
    let pin = mails.next_pin().await;
    assert_eq!(answer(&thread, &thread.app.id, &asked, &pin).await.status(), StatusCode::CREATED);

    // And back again, as by a time server that has come to its senses.
    thread.clock.advance_ms(-3 * DAY_MS);
    write(&thread, &token, &id, "Three").await;
    assert_eq!(bodies(&thread, &token, &id).await, ["One", "Two", "Three"]);
    thread.sign_in(ANN).await;
}
