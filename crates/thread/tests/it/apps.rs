use crate::support::{PORTAL, TestThread, assert_problem, json_of};
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_page_learns_what_everybody_may_know() {
    let thread = TestThread::start().await;
    let path = format!("/v1/apps/{}", thread.app.id);
    let response = thread.get(&path).header("origin", PORTAL).send().await.expect("answered");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(
        json_of(response, StatusCode::OK).await,
        json!({"appId": thread.app.id, "name": "Shop", "theme": {"brandColor": "#2f5bea"}, "signIn": ["messenger_auth", "pin"]})
    );
}

#[tokio::test]
async fn unknown_apps_and_foreign_pages_are_refused() {
    let thread = TestThread::start().await;
    let other = thread.other_app().await;
    let unknown = thread.get("/v1/apps/app_none").header("origin", PORTAL).send().await.expect("answered");
    assert_problem(unknown, 404, "unknown_app").await;
    let foreign = thread.get(&format!("/v1/apps/{}", other.id)).header("origin", PORTAL);
    assert_problem(foreign.send().await.expect("answered"), 403, "origin_not_allowed").await;
}
