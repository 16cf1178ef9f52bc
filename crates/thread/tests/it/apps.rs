use crate::support::{ANN, PORTAL, START_MS, TestThread, assert_problem, json_of};
use reqwest::StatusCode;
use serde_json::json;
use thread::store::AppUpdate;

#[tokio::test]
async fn a_page_learns_what_everybody_may_know() {
    let thread = TestThread::start_with(&["--attachments=off"]).await;
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
    let thread = TestThread::start_with(&["--attachments=off"]).await;
    let other = thread.other_app().await;
    let unknown = thread.get("/v1/apps/app_none").header("origin", PORTAL).send().await.expect("answered");
    assert_problem(unknown, 404, "unknown_app").await;
    let foreign = thread.get(&format!("/v1/apps/{}", other.id)).header("origin", PORTAL);
    assert_problem(foreign.send().await.expect("answered"), 403, "origin_not_allowed").await;
}

#[tokio::test]
async fn the_operators_configuration_is_shown_and_away_follows_the_clock() {
    let thread = TestThread::start().await;
    let update = AppUpdate {
        position: Some("left".into()),
        away_text: Some("Back tomorrow".into()),
        // The test's clock starts on a Monday at 14:13 UTC, 16:13 in Berlin.
        office_hours: Some("Mon-Fri 09:00-17:00 Europe/Berlin".into()),
        greeting: Some("Hello!".into()),
        ..AppUpdate::default()
    };
    let id = thread.app.id.as_str().into();
    thread.store.update_app(&id, &update).await.expect("database").expect("there");
    thread.state.directory().refresh(&thread.store, START_MS).await.expect("refreshed");
    let path = format!("/v1/apps/{}", thread.app.id);
    let shown = json_of(thread.get(&path).send().await.expect("answered"), StatusCode::OK).await;
    assert_eq!(shown["theme"], json!({"brandColor": "#2f5bea", "position": "left"}));
    assert_eq!((&shown["greeting"], &shown["awayText"]), (&json!("Hello!"), &json!("Back tomorrow")));
    assert_eq!(shown["officeHours"], "Mon-Fri 09:00-17:00 Europe/Berlin");
    assert_eq!(shown["away"], false);
    thread.clock.advance_ms(60 * 60_000);
    let shown = json_of(thread.get(&path).send().await.expect("answered"), StatusCode::OK).await;
    assert_eq!(shown["away"], true, "after five");
    let key = thread.app.key(ANN);
    let session = thread.sign_in_request(&thread.app, ANN, &key).send().await.expect("answered");
    assert_eq!(json_of(session, StatusCode::CREATED).await["app"]["away"], true);
    thread.clock.advance_ms(16 * 60 * 60_000);
    let shown = json_of(thread.get(&path).send().await.expect("answered"), StatusCode::OK).await;
    assert_eq!(shown["away"], false, "on Tuesday at nine");
}
