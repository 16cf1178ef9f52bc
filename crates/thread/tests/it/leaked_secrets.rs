use crate::support::{ANN, TestApp, TestThread, assert_problem};
use reqwest::{Method, StatusCode};
use serde_json::json;

async fn report(thread: &TestThread, body: String) -> StatusCode {
    let request = thread.request(Method::POST, "/v1/leaked-secrets").header("content-type", "text/plain");
    let response = request.header("origin", "https://any.example").body(body).send().await.expect("answered");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    response.status()
}

async fn sign_in_status(thread: &TestThread, app: &TestApp) -> StatusCode {
    thread.sign_in_request(app, ANN, &app.key(ANN)).send().await.expect("answered").status()
}

#[tokio::test]
async fn a_reported_secret_is_void_at_once_and_no_other() {
    let thread = TestThread::start().await;
    let other = thread.other_app().await;
    let token = thread.sign_in(ANN).await;
    let body = json!({"appId": thread.app.id, "sha256": thread.app.secret.digest_hex()});
    assert_eq!(report(&thread, body.to_string()).await, StatusCode::NO_CONTENT);
    assert_eq!(sign_in_status(&thread, &thread.app).await, StatusCode::UNAUTHORIZED);
    let session = thread.get("/v1/service-requests").bearer_auth(token).send().await.expect("answered");
    assert_problem(session, 401, "session_expired").await;
    assert_eq!(sign_in_status(&thread, &other).await, StatusCode::CREATED);
}

#[tokio::test]
async fn a_report_tells_nothing() {
    let thread = TestThread::start().await;
    for body in ["", "{}", "[", r#"{"appId":"x","sha256":"y"}"#] {
        assert_eq!(report(&thread, body.to_owned()).await, StatusCode::NO_CONTENT);
    }
    assert_eq!(sign_in_status(&thread, &thread.app).await, StatusCode::CREATED);
}

#[tokio::test]
async fn a_secret_that_arrives_as_a_key_or_email_is_void() {
    for arrives_as_key in [true, false] {
        let thread = TestThread::start().await;
        let secret = thread.app.secret.expose().to_owned();
        let email = format!("{secret}@x.example");
        let request = if arrives_as_key {
            thread.sign_in_request(&thread.app, ANN, &secret)
        } else {
            thread.sign_in_request(&thread.app, &email, &thread.app.key(&email))
        };
        let answer = request.header("origin", "https://evil.example").send().await.expect("answered");
        assert_problem(answer, 403, "origin_not_allowed").await;
        assert_eq!(sign_in_status(&thread, &thread.app).await, StatusCode::UNAUTHORIZED);
    }
}
