//! Texts that one of the databases does not take: refused as any other that is not there, on both.

use crate::live::Socket;
use crate::support::{ANN, TestThread, assert_problem, json_of, text};
use reqwest::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn an_identifier_with_a_nul_is_nobodys() {
    let thread = TestThread::start().await;
    let (ann, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    for (path, bearer) in [
        ("/v1/service-requests/a%00/messages", &ann),
        ("/v1/attachments/%00", &ann),
        ("/v1/agent/service-requests/%00b/messages", &key),
        ("/v1/agent/attachments/%00", &key),
    ] {
        let answer = thread.get(path).bearer_auth(bearer).send().await.expect("answered");
        assert_problem(answer, 404, "not_found").await;
    }
    let app = thread.get("/v1/apps/%00").send().await.expect("answered");
    assert_problem(app, 404, "unknown_app").await;
    let list = thread.get("/v1/service-requests?before=1.%00").bearer_auth(&ann);
    assert_problem(list.send().await.expect("answered"), 422, "invalid_params").await;

    let pin = json!({"appId": thread.app.id, "connectionType": "pin", "challengeId": "\0", "pin": "000000"});
    assert_problem(thread.post("/v1/sessions", &pin).send().await.expect("answered"), 401, "invalid_pin")
        .await;
    let email = thread.post("/v1/pins", &json!({"appId": thread.app.id, "email": "a\0@shop.example"}));
    assert_problem(email.send().await.expect("answered"), 422, "invalid_params").await;
    let with = json!({"clientId": "c", "body": "x", "attachmentIds": ["\0"]});
    let raised = thread.post("/v1/service-requests", &with).bearer_auth(&ann);
    assert_problem(raised.send().await.expect("answered"), 422, "invalid_params").await;
}

#[tokio::test]
async fn a_client_id_and_a_files_name_may_have_any_character() {
    let thread = TestThread::start().await;
    let ann = thread.sign_in(ANN).await;
    let raised = thread.raise(&ann, "a\0b", "Help").await;
    assert_eq!(thread.raise(&ann, "a\0b", "Help").await["id"], raised["id"], "stored once");
    let upload = thread.request(Method::POST, "/v1/attachments?name=a%00b.txt").bearer_auth(&ann);
    let upload = upload.header("content-type", "text/plain").body("x").send().await.expect("answered");
    assert_eq!(json_of(upload, StatusCode::CREATED).await["name"], "ab.txt");
    // Typing in what cannot be is let pass, and the socket lives on.
    let (mut socket, _) = Socket::hello(&thread, &ann, None).await;
    socket.send(&json!({"type": "typing", "serviceRequestId": "\0"}).to_string()).await;
    thread.write("/v1", &ann, &text(&raised["id"]), "c2", "Still here").await;
    assert_eq!(socket.frame().await["message"]["body"], "Still here");
}
