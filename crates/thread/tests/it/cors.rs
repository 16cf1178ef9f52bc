use crate::support::{PORTAL, TestThread, assert_problem};
use reqwest::{Method, StatusCode};

#[tokio::test]
async fn preflights_are_answered_for_long() {
    let thread = TestThread::start().await;
    for path in
        ["/v1/service-requests", "/v1/sessions/current", "/v1/agent/service-requests/x", "/v1/nowhere"]
    {
        let request = thread.request(Method::OPTIONS, path).header("origin", PORTAL);
        let response =
            request.header("access-control-request-method", "DELETE").send().await.expect("answered");
        assert_eq!(response.status(), StatusCode::NO_CONTENT, "{path}");
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        assert_eq!(response.headers()["access-control-allow-methods"], "GET, POST, PATCH, DELETE");
        // A monitor in the page adds headers of its own to every request.
        assert_eq!(response.headers()["access-control-allow-headers"], "authorization, content-type, *");
        assert_eq!(response.headers()["access-control-max-age"], "86400");
        assert!(!response.headers().contains_key("access-control-allow-credentials"));
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let thread = TestThread::start().await;
    for path in ["/v1", "/v1/", "/v1/nowhere", "/v1/apps", "/v1/apps/%FF"] {
        let response = thread.get(path).send().await.expect("answered");
        if path.starts_with("/v1/") && path.len() > 4 {
            assert_problem(response, 404, "not_found").await;
        } else {
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(response.headers()["content-type"], "application/problem+json");
        }
    }
    let response = thread.request(Method::PUT, "/v1/sessions").send().await.expect("answered");
    assert_eq!(response.headers()["allow"], "POST");
    assert_problem(response, 405, "not_found").await;
}

#[tokio::test]
async fn answers_with_anything_personal_are_not_cached() {
    let thread = TestThread::start().await;
    let response = thread.get("/v1/service-requests").send().await.expect("answered");
    assert_eq!(response.headers()["cache-control"], "no-store");
}
