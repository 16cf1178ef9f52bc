use crate::support::{TestThread, WEB, assert_problem, json_of};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::StatusCode;
use sha2::{Digest as _, Sha384};

#[tokio::test]
async fn every_listed_file_is_there_with_its_integrity_for_ever() {
    let thread = TestThread::start().await;
    let list = json_of(thread.get("/v1/versions").send().await.expect("answered"), StatusCode::OK).await;
    let versions = list["versions"].as_array().expect("a list");
    assert_eq!(versions.len(), 1);
    assert_eq!(list["current"], versions[0]["version"]);
    let files = versions[0]["files"].as_array().expect("a list");
    assert_eq!(files.len(), 2, "widget.js and its engine as plain JavaScript");
    assert!(files[0]["path"].as_str().expect("text").ends_with("/widget.js"));
    for file in files {
        let response = thread.get(file["path"].as_str().expect("text")).send().await.expect("answered");
        let headers = response.headers();
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(headers["access-control-allow-origin"], "*", "without it no integrity can be checked");
        assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
        assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
        let digest = STANDARD.encode(Sha384::digest(response.bytes().await.expect("whole")));
        assert_eq!(file["integrity"], format!("sha384-{digest}"));
    }
}

#[tokio::test]
async fn what_is_no_version_is_explained() {
    let thread = TestThread::start().await;
    let response = thread.get("/v/0.0.1-00000000/widget.js").send().await.expect("answered");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(response.text().await.expect("whole").contains("/v1/versions"));
    let current = thread.state.versions().current().expect("there").id().to_owned();
    for path in [
        format!("/v/{current}/index.html"),
        format!("/v/{current}/messenger%2Findex.html"),
        "/v/..%2f/widget.js".to_owned(),
    ] {
        assert_eq!(
            thread.get(&path).send().await.expect("answered").status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn versions_are_kept_beside_the_database_unless_that_is_off() {
    let thread = TestThread::start().await;
    let folder = thread.store.folder_beside(".widget").expect("a file");
    let current = thread.state.versions().current().expect("there").id().to_owned();
    assert_eq!(std::fs::read(folder.join(current).join("widget.js")).expect("kept"), WEB[0].identity);
    let thread = TestThread::start_with(&["--widget-versions", "off"]).await;
    assert!(!thread.store.folder_beside(".widget").expect("a file").exists());
    assert_eq!(thread.state.versions().all().count(), 1);
}

#[tokio::test]
async fn a_demo_makes_keys_for_its_own_page_and_nothing_else_does() {
    use serde_json::json;
    let thread = TestThread::start_with(&["--demo"]).await;
    let body = json!({"appId": thread.app.id, "email": "ann@shop.example"});
    let own = thread.url.clone();
    let ask = |thread: &TestThread, origin: Option<&str>| {
        let request = thread.post("/playground/key", &body);
        match origin {
            Some(origin) => request.header("origin", origin),
            None => request,
        }
    };
    let made = json_of(ask(&thread, Some(&own)).send().await.expect("answered"), StatusCode::OK).await;
    assert_eq!(made["connectionKey"], thread.app.key("ann@shop.example"));
    for origin in [None, Some("https://evil.example"), Some("null")] {
        let response = ask(&thread, origin).send().await.expect("answered");
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{origin:?}");
    }
    let about =
        json_of(thread.get("/playground/about").send().await.expect("answered"), StatusCode::OK).await;
    assert_eq!(about["apps"], json!([{"appId": thread.app.id, "name": "Shop"}]));

    let thread = TestThread::start().await;
    let own = thread.url.clone();
    let response = ask(&thread, Some(&own)).send().await.expect("answered");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let about =
        json_of(thread.get("/playground/about").send().await.expect("answered"), StatusCode::OK).await;
    assert_eq!((&about["demo"], &about["apps"]), (&json!(false), &json!([])), "apps are nobody's business");
    let response = thread.get("/v1/apps/none").send().await.expect("answered");
    assert_problem(response, 404, "unknown_app").await;
}
