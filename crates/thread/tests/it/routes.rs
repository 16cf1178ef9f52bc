//! Every call that the service's own document lists: none lets in who may not.

use crate::support::{ANN, TestThread, assert_problem, json_of};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

const FOREIGN_PAGES: [&str; 3] = ["https://evil.example", "https://other.example", "null"];

struct Call {
    method: Method,
    path: String,
    /// `session`, `apiKey`, or none.
    bearer: Option<String>,
}

async fn calls(thread: &TestThread) -> Vec<Call> {
    let answer = thread.get("/openapi.json").send().await.expect("answered");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    let document = json_of(answer, StatusCode::OK).await;
    let mut calls = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let security = &operation["security"][0];
            calls.push(Call {
                method: Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method"),
                path: path.replace("{app_id}", &thread.app.id).replace("{id}", "none"),
                bearer: security.as_object().and_then(|kinds| kinds.keys().next().cloned()),
            });
        }
    }
    assert!(calls.len() > 20, "{}", calls.len());
    calls
}

async fn send(thread: &TestThread, call: &Call, bearer: Option<&str>, origin: Option<&str>) -> Response {
    // What the calls without a bearer need to get as far as their app.
    let body: Value = json!({
        "appId": thread.app.id, "email": ANN, "connectionType": "messenger_auth", "connectionEmail": ANN,
        "connectionKey": thread.app.key(ANN), "sha256": "0", "clientId": "c", "body": "b",
    });
    let mut request = thread.request(call.method.clone(), &call.path);
    if matches!(call.method, Method::POST | Method::PATCH) {
        request = request.json(&body);
    }
    if let Some(bearer) = bearer {
        request = request.bearer_auth(bearer);
    }
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    request.send().await.expect("answered")
}

#[tokio::test]
async fn no_call_lets_a_foreign_page_in() {
    let thread = TestThread::start().await;
    let other = thread.other_app().await;
    let (session, api_key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    for call in calls(&thread).await {
        let bearer = match call.bearer.as_deref() {
            Some("session") => Some(session.as_str()),
            Some("apiKey") => Some(api_key.as_str()),
            _ => None,
        };
        for page in FOREIGN_PAGES {
            let answer = send(&thread, &call, bearer, Some(page)).await;
            match (call.path.as_str(), page) {
                // The same for everybody, as the files that it lists.
                ("/v1/versions", _) => assert_eq!(answer.status(), StatusCode::OK),
                // Any page may report a secret that it found, and learns nothing by it.
                ("/v1/leaked-secrets", _) => assert_eq!(answer.status(), StatusCode::NO_CONTENT),
                // Which app a socket is for, its first frame tells: until then, pages of any app may come.
                ("/v1/live" | "/v1/agent/live", "https://other.example") => {
                    assert_eq!(answer.status(), StatusCode::UPGRADE_REQUIRED);
                }
                _ => {
                    assert_problem(answer, 403, "origin_not_allowed").await;
                }
            }
        }
    }
    drop(other);
}

#[tokio::test]
async fn no_call_lets_in_without_its_own_kind_of_bearer() {
    let thread = TestThread::start().await;
    let (session, api_key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    for call in calls(&thread).await {
        let other_kind = match call.bearer.as_deref() {
            Some("session") => api_key.as_str(),
            Some("apiKey") => session.as_str(),
            _ => continue,
        };
        for bearer in [None, Some("nonsense"), Some(""), Some(other_kind)] {
            let answer = send(&thread, &call, bearer, None).await;
            assert_problem(answer, 401, "unauthorized").await;
        }
    }
}

#[tokio::test]
async fn another_apps_bearer_finds_nothing_of_this_one() {
    let thread = TestThread::start().await;
    let other = thread.other_app().await;
    let token = thread.sign_in(ANN).await;
    let raised = thread.raise(&token, "c1", "My words").await;
    let id = raised["id"].as_str().expect("text");
    let (session, api_key) = (thread.sign_in_to(&other, ANN).await, thread.api_key(&other).await);
    for mut call in calls(&thread).await {
        let bearer = match call.bearer.as_deref() {
            Some("session") => session.as_str(),
            Some("apiKey") => api_key.as_str(),
            _ => continue,
        };
        if !call.path.contains("/service-requests/none") {
            continue;
        }
        call.path = call.path.replace("none", id);
        let mut request = thread.request(call.method.clone(), &call.path).bearer_auth(bearer);
        if call.method != Method::GET {
            request = request.json(&json!({"clientId": "c", "body": "b", "seq": 1, "status": "closed"}));
        }
        assert_problem(request.send().await.expect("answered"), 404, "not_found").await;
    }
}
