use crate::support::{ANN, BOB, TestThread, assert_problem, json_of, text};
use reqwest::{Method, StatusCode};
use serde_json::json;

async fn list(thread: &TestThread, token: &str) -> serde_json::Value {
    let response = thread.get("/v1/service-requests").bearer_auth(token).send().await.expect("answered");
    json_of(response, StatusCode::OK).await["serviceRequests"].clone()
}

#[tokio::test]
async fn a_request_is_raised_listed_and_written_to() {
    let thread = TestThread::start().await;
    let token = thread.sign_in(ANN).await;
    assert_eq!(list(&thread, &token).await, json!([]));
    let raised = thread.raise(&token, "c1", "  My order\nis late").await;
    let id = text(&raised["id"]);
    assert_eq!(raised["subject"], "My order");
    assert_eq!(raised["status"], "open");
    assert_eq!(raised["createdAt"], "2026-09-21T14:13:20Z");
    assert_eq!(raised["messages"][0]["body"], "  My order\nis late", "kept as it was typed");
    assert_eq!(raised["messages"][0]["clientId"], "c1");
    assert_eq!(raised["messages"][0]["author"], "contact");
    assert!(raised.get("contact").is_none());

    thread.clock.advance_ms(1_000);
    let second = thread.raise(&token, "c2", "Another").await;
    thread.clock.advance_ms(1_000);
    let message =
        json_of(thread.write("/v1", &token, &id, "c3", "Since <b>Monday</b>").await, StatusCode::CREATED)
            .await;
    assert_eq!((&message["seq"], &message["body"]), (&json!(2), &json!("Since <b>Monday</b>")));

    let listed = list(&thread, &token).await;
    assert_eq!((&listed[0]["id"], &listed[1]["id"]), (&json!(id), &second["id"]), "newest change first");
    assert_eq!(listed[0]["messages"], json!([message]), "with the last message");

    let path = format!("/v1/service-requests/{id}/messages");
    let all = thread.get(&path).bearer_auth(&token).send().await.expect("answered");
    assert_eq!(json_of(all, StatusCode::OK).await["messages"].as_array().expect("list").len(), 2);
    let after = thread.get(&format!("{path}?after=1")).bearer_auth(&token).send().await.expect("answered");
    assert_eq!(json_of(after, StatusCode::OK).await, json!({"messages": [message]}));
    let wrong = thread.get(&format!("{path}?after=x")).bearer_auth(&token).send().await.expect("answered");
    assert_problem(wrong, 422, "invalid_params").await;
}

#[tokio::test]
async fn the_same_send_is_stored_once() {
    let thread = TestThread::start().await;
    let token = thread.sign_in(ANN).await;
    let raised = thread.raise(&token, "c1", "Hello").await;
    assert_eq!(thread.raise(&token, "c1", "Hello").await, raised);
    let id = text(&raised["id"]);
    let written = json_of(thread.write("/v1", &token, &id, "c2", "More").await, StatusCode::CREATED).await;
    assert_eq!(
        json_of(thread.write("/v1", &token, &id, "c2", "More").await, StatusCode::CREATED).await,
        written
    );
    // Raised again after more was written: still the first message.
    assert_eq!(thread.raise(&token, "c1", "Hello").await["messages"], raised["messages"]);

    assert_problem(thread.write("/v1", &token, &id, "c2", "Else").await, 409, "conflict").await;
    let other = text(&thread.raise(&token, "c3", "Other").await["id"]);
    assert_problem(thread.write("/v1", &token, &other, "c2", "More").await, 409, "conflict").await;
    let raise = thread.post("/v1/service-requests", &json!({"clientId": "c1", "body": "Else"}));
    assert_problem(raise.bearer_auth(&token).send().await.expect("answered"), 409, "conflict").await;
    assert_eq!(list(&thread, &token).await.as_array().expect("list").len(), 2);

    let bob = thread.sign_in(BOB).await;
    assert_ne!(
        thread.raise(&bob, "c1", "Hello").await["id"],
        raised["id"],
        "client ids are each contact's own"
    );
}

#[tokio::test]
async fn many_sends_at_once_are_stored_once() {
    let thread = TestThread::start().await;
    let token = thread.sign_in(ANN).await;
    let sends = (0..8).map(|_| thread.raise(&token, "c1", "Hello"));
    let raised = futures_util::future::join_all(sends).await;
    assert!(raised.iter().all(|one| one["id"] == raised[0]["id"]));
    assert_eq!(list(&thread, &token).await.as_array().expect("list").len(), 1);
}

#[tokio::test]
async fn a_client_id_is_any_text_of_1_to_64_bytes() {
    let thread = TestThread::start().await;
    let token = thread.sign_in(ANN).await;
    for (index, client_id) in
        ["\0", "'; DROP TABLE messages; --", "é", &"x".repeat(64), " ", "\u{1F600}"].iter().enumerate()
    {
        let raised = thread.raise(&token, client_id, &format!("Hello {index}")).await;
        assert_eq!(raised["messages"][0]["clientId"], *client_id);
        assert_eq!(thread.raise(&token, client_id, &format!("Hello {index}")).await["id"], raised["id"]);
    }
    for client_id in ["", &"x".repeat(65), &"é".repeat(33)] {
        let request = thread.post("/v1/service-requests", &json!({"clientId": client_id, "body": "Hello"}));
        let response = request.bearer_auth(&token).send().await.expect("answered");
        assert_eq!(assert_problem(response, 422, "invalid_params").await["field"], "clientId");
    }
}

#[tokio::test]
async fn bodies_have_limits() {
    let thread = TestThread::start().await;
    let token = thread.sign_in(ANN).await;
    let longest = "é".repeat(10_000);
    assert_eq!(thread.raise(&token, "c0", &longest).await["messages"][0]["body"], longest);
    for body in ["", " \n ", "\0", &"x".repeat(10_001)] {
        let request = thread.post("/v1/service-requests", &json!({"clientId": "c1", "body": body}));
        let response = request.bearer_auth(&token).send().await.expect("answered");
        assert_eq!(assert_problem(response, 422, "invalid_params").await["field"], "body");
    }
    let request = thread.post("/v1/service-requests", &json!({"clientId": "c1", "body": "x".repeat(70_000)}));
    assert_problem(request.bearer_auth(&token).send().await.expect("answered"), 413, "payload_too_large")
        .await;
    let request = thread.request(Method::POST, "/v1/service-requests").header("content-type", "text/plain");
    let response =
        request.body(r#"{"clientId":"c1","body":"x"}"#).bearer_auth(&token).send().await.expect("answered");
    assert_problem(response, 415, "invalid_params").await;
}

#[tokio::test]
async fn nobody_sees_or_writes_to_anothers_request() {
    let thread = TestThread::start().await;
    let other_app = thread.other_app().await;
    let ann = thread.sign_in(ANN).await;
    let id = text(&thread.raise(&ann, "c1", "Private").await["id"]);
    let strangers = [thread.sign_in(BOB).await, thread.sign_in_to(&other_app, ANN).await];
    let path = format!("/v1/service-requests/{id}/messages");
    for token in &strangers {
        assert_eq!(list(&thread, token).await, json!([]));
        assert_problem(
            thread.get(&path).bearer_auth(token).send().await.expect("answered"),
            404,
            "not_found",
        )
        .await;
        assert_problem(thread.write("/v1", token, &id, "c1", "Private").await, 404, "not_found").await;
        // The same after the stranger has a row of its own.
        thread.raise(token, "c1", "Mine").await;
        assert_problem(
            thread.get(&path).bearer_auth(token).send().await.expect("answered"),
            404,
            "not_found",
        )
        .await;
        assert_problem(thread.write("/v1", token, &id, "c2", "Private").await, 404, "not_found").await;
    }
    let missing =
        thread.get("/v1/service-requests/none/messages").bearer_auth(&ann).send().await.expect("answered");
    let foreign = thread.get(&path).bearer_auth(&strangers[0]).send().await.expect("answered");
    assert_eq!(missing.text().await.expect("whole"), foreign.text().await.expect("whole"), "not told apart");
}

#[tokio::test]
async fn spellings_of_one_address_are_one_contact() {
    let thread = TestThread::start().await;
    let id = thread.raise(&thread.sign_in("ann@shop.example").await, "c1", "Hello").await["id"].clone();
    assert_eq!(list(&thread, &thread.sign_in(" ANN@Shop.Example ").await).await[0]["id"], id);
}

#[tokio::test]
async fn signing_in_writes_no_row() {
    let thread = TestThread::start().await;
    let token = thread.sign_in(ANN).await;
    list(&thread, &token).await;
    assert_eq!(thread.store.contacts_after(0).await.expect("database").len(), 0);
    thread.raise(&token, "c1", "Hello").await;
    assert_eq!(thread.store.contacts_after(0).await.expect("database").len(), 1);
}
