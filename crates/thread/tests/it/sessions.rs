use crate::support::{ANN, PORTAL, TestThread, assert_problem, json_of, text};
use proptest::prelude::Strategy as _;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use signing::Secret;
use thread::store::Revocation;

const HOUR_MS: i64 = 3_600_000;

#[tokio::test]
async fn a_portals_user_signs_in_by_key() {
    let thread = TestThread::start().await;
    let request =
        thread.sign_in_request(&thread.app, "Ann@Shop.example", &thread.app.key("Ann@Shop.example"));
    let body =
        json_of(request.header("origin", PORTAL).send().await.expect("answered"), StatusCode::CREATED).await;
    assert_eq!(body["user"], json!({"email": ANN}));
    assert_eq!(body["method"], "messenger_auth");
    assert_eq!(body["expiresAt"], "2026-09-21T15:13:20Z", "an hour after the clock's time");
    assert_eq!(body["app"]["appId"], thread.app.id);
    assert_eq!((&body["unread"], &body["openServiceRequests"]), (&json!(0), &json!(0)));
    assert!(text(&body["token"]).starts_with("cgt_"));
}

#[tokio::test]
async fn a_simple_request_signs_in_without_a_preflight() {
    let thread = TestThread::start().await;
    let body = json!({
        "appId": thread.app.id, "connectionType": "messenger_auth", "connectionEmail": ANN,
        "connectionKey": thread.app.key(ANN).to_uppercase(), "attemptId": "a1", "unknown": true,
    });
    let request =
        thread.request(Method::POST, "/v1/sessions").header("content-type", "text/plain;charset=UTF-8");
    let response = request.header("origin", PORTAL).body(body.to_string()).send().await.expect("answered");
    assert_eq!(response.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn a_wrong_key_signs_nobody_in() {
    let thread = TestThread::start().await;
    let other = thread.other_app().await;
    let v2 = format!("v2.1893456000.3q2-7wAAAAAAAAAAAAAAAA.{}", "0".repeat(64));
    for key in [
        thread.app.key("bob@shop.example"),
        thread.app.key("Ann@shop.example"),
        other.key(ANN),
        "0".repeat(64),
        String::new(),
        "XXXXXXXX".to_owned(),
        v2,
    ] {
        let response = thread.sign_in_request(&thread.app, ANN, &key).send().await.expect("answered");
        assert_problem(response, 401, "invalid_connection_key").await;
    }
}

#[tokio::test]
async fn a_refusal_names_the_field_and_never_the_value() {
    let thread = TestThread::start().await;
    let whole = json!({
        "appId": thread.app.id, "connectionType": "messenger_auth", "connectionEmail": "no address",
        "connectionKey": "hunter2",
    });
    let response = thread.post("/v1/sessions", &whole).send().await.expect("answered");
    assert_eq!(assert_problem(response, 422, "invalid_params").await["field"], "connectionEmail");
    for (field, without) in
        [("connectionKey", "connectionKey"), ("appId", "appId"), ("connectionType", "connectionType")]
    {
        let mut body = whole.clone();
        body.as_object_mut().expect("object").remove(without);
        let response = thread.post("/v1/sessions", &body).send().await.expect("answered");
        assert_eq!(assert_problem(response, 422, "invalid_params").await["field"], field);
    }
    let mut wrong_type = whole.clone();
    wrong_type["connectionKey"] = json!(4711);
    let mut wrong_kind = whole;
    wrong_kind["connectionType"] = json!("hunter2");
    for body in [
        wrong_type.to_string(),
        wrong_kind.to_string(),
        "{\"hunter2".to_owned(),
        String::new(),
        "[]".to_owned(),
    ] {
        let request = thread.request(Method::POST, "/v1/sessions").body(body);
        let problem = assert_problem(request.send().await.expect("answered"), 422, "invalid_params").await;
        assert!(
            !problem.to_string().contains("hunter2") && !problem.to_string().contains("4711"),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn only_the_apps_pages_can_sign_in() {
    let thread = TestThread::start().await;
    let key = thread.app.key(ANN);
    for origin in [
        "https://evil.example",
        "null",
        "https://shop.example.evil.example",
        "http://shop.example",
        "https://other.example",
    ] {
        let request = thread.sign_in_request(&thread.app, ANN, &key).header("origin", origin);
        assert_problem(request.send().await.expect("answered"), 403, "origin_not_allowed").await;
    }
    let own = thread.url.clone();
    for origin in [PORTAL, own.as_str()] {
        let request = thread.sign_in_request(&thread.app, ANN, &key).header("origin", origin);
        assert_eq!(request.send().await.expect("answered").status(), StatusCode::CREATED, "{origin}");
    }
}

#[tokio::test]
async fn a_refused_page_is_told_the_command_that_lets_it_in() {
    let thread = TestThread::start().await;
    let key = thread.app.key(ANN);
    let told = async |origin: &str| {
        let request = thread.sign_in_request(&thread.app, ANN, &key).header("origin", origin);
        let answer = request.send().await.expect("answered");
        let problem = assert_problem(answer, 403, "origin_not_allowed").await;
        problem["detail"].as_str().expect("text").to_owned()
    };
    let command = format!("`thread app update {} --origin ", thread.app.id);
    let detail = told("https://new.example:8443").await;
    assert!(detail.contains(&format!("{command}https://new.example:8443`")), "{detail}");
    // What is no origin is nobody's to copy into a shell.
    let long = format!("https://{}.example", ["a"; 60].join("."));
    for origin in ["null", "https://x.example; rm -rf .", "https://$(id).example", long.as_str()] {
        let detail = told(origin).await;
        assert!(detail.contains(&format!("{command}ORIGIN`")) && !detail.contains(origin), "{detail}");
    }
}

#[tokio::test]
async fn two_origins_are_none_of_the_apps() {
    let thread = TestThread::start().await;
    let key = thread.app.key(ANN);
    for (first, second) in
        [(PORTAL, "https://evil.example"), ("https://evil.example", PORTAL), (PORTAL, PORTAL)]
    {
        let request = thread.sign_in_request(&thread.app, ANN, &key);
        let request = request.header("origin", first).header("origin", second);
        assert_problem(request.send().await.expect("answered"), 403, "origin_not_allowed").await;
    }
}

#[tokio::test]
async fn two_bearers_are_none() {
    let thread = TestThread::start().await;
    let token = thread.sign_in(ANN).await;
    let request = thread.get("/v1/service-requests").bearer_auth(&token).bearer_auth(&token);
    assert_problem(request.send().await.expect("answered"), 401, "unauthorized").await;
}

#[tokio::test]
async fn a_look_alike_of_an_address_is_another_contact() {
    let thread = TestThread::start().await;
    let mike = thread.sign_in("mike@shop.example").await;
    thread.raise(&mike, "c1", "My words").await;
    let kelvin = thread.sign_in("mi\u{212a}e@shop.example").await;
    let list = thread.get("/v1/service-requests").bearer_auth(kelvin).send().await.expect("answered");
    assert_eq!(json_of(list, StatusCode::OK).await, json!({"serviceRequests": []}));
}

#[tokio::test]
async fn a_session_is_bound_to_the_apps_pages_too() {
    let thread = TestThread::start().await;
    let token = thread.sign_in(ANN).await;
    let request =
        thread.get("/v1/service-requests").bearer_auth(token).header("origin", "https://evil.example");
    assert_problem(request.send().await.expect("answered"), 403, "origin_not_allowed").await;
}

async fn opens(thread: &TestThread, token: &str) -> reqwest::Response {
    thread.get("/v1/service-requests").bearer_auth(token).send().await.expect("answered")
}

#[tokio::test]
async fn a_token_lapses_after_an_hour_and_renewal_carries_on_for_a_day() {
    let thread = TestThread::start().await;
    let first = thread.sign_in(ANN).await;
    thread.clock.advance_ms(HOUR_MS - 1);
    assert_eq!(opens(&thread, &first).await.status(), StatusCode::OK);
    let renewed = json_of(thread.renewed(&first).await, StatusCode::OK).await;
    thread.clock.advance_ms(1);
    assert_problem(opens(&thread, &first).await, 401, "session_expired").await;
    assert_problem(thread.renewed(&first).await, 401, "session_expired").await;
    let mut token = text(&renewed["token"]);
    assert_eq!(opens(&thread, &token).await.status(), StatusCode::OK);
    let mut ends = String::new();
    for _ in 0..45 {
        thread.clock.advance_ms(HOUR_MS / 2);
        let renewed = json_of(thread.renewed(&token).await, StatusCode::OK).await;
        (token, ends) = (text(&renewed["token"]), text(&renewed["expiresAt"]));
    }
    assert_eq!(ends, "2026-09-22T14:13:20Z", "a day after the sign-in, no later");
    thread.clock.advance_ms(HOUR_MS);
    assert_problem(thread.renewed(&token).await, 401, "session_expired").await;
}

#[tokio::test]
async fn signing_out_ends_every_token_of_the_session_and_no_other() {
    let thread = TestThread::start().await;
    let (first, other) = (thread.sign_in(ANN).await, thread.sign_in(ANN).await);
    let renewed = json_of(thread.renewed(&first).await, StatusCode::OK).await;
    let ended = thread.request(Method::DELETE, "/v1/sessions/current").bearer_auth(&first);
    let ended = ended.send().await.expect("answered");
    assert_eq!(ended.status(), StatusCode::NO_CONTENT);
    assert_eq!(ended.headers()["access-control-allow-origin"], "*");
    for token in [first, text(&renewed["token"])] {
        assert_problem(opens(&thread, &token).await, 401, "session_expired").await;
    }
    assert_eq!(opens(&thread, &other).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_revoked_secret_ends_its_sessions_and_a_lapsed_one_does_not() {
    let thread = TestThread::start().await;
    let old = thread.sign_in(ANN).await;
    let new_secret = Secret::generate();
    let id = thread.app.id.as_str().into();
    let now_ms = thread.clock.now_ms();
    let rotated =
        thread.store.rotate_secret(&id, &new_secret, 60_000, now_ms).await.expect("database").expect("app");
    assert_eq!(rotated.previous_expires_at, Some(now_ms + 60_000));
    let refresh = || async {
        thread.state.directory().refresh(&thread.store, thread.clock.now_ms()).await.expect("refreshed");
    };
    refresh().await;

    let key = thread.app.key(ANN);
    let sign_in = |key: String| {
        let request = thread.sign_in_request(&thread.app, ANN, &key);
        async { request.send().await.expect("answered") }
    };
    assert_eq!(sign_in(key.clone()).await.status(), StatusCode::CREATED, "both are valid meanwhile");
    assert_eq!(sign_in(signing::sign_v1(&new_secret, ANN)).await.status(), StatusCode::CREATED);
    thread.clock.advance_ms(60_000);
    assert_problem(sign_in(key).await, 401, "invalid_connection_key").await;
    assert_eq!(opens(&thread, &old).await.status(), StatusCode::OK, "the session runs on");

    thread
        .store
        .revoke_secret(&thread.app.secret_id, Revocation::Ordered, thread.clock.now_ms())
        .await
        .expect("database")
        .expect("there");
    refresh().await;
    assert_problem(opens(&thread, &old).await, 401, "session_expired").await;
}

#[tokio::test]
async fn a_third_secret_is_never_valid() {
    let thread = TestThread::start().await;
    let id = thread.app.id.as_str().into();
    for _ in 0..2 {
        let secret = Secret::generate();
        let rotated = thread.store.rotate_secret(&id, &secret, 60_000, thread.clock.now_ms()).await;
        rotated.expect("database").expect("app");
    }
    thread.state.directory().refresh(&thread.store, thread.clock.now_ms()).await.expect("refreshed");
    let response =
        thread.sign_in_request(&thread.app, ANN, &thread.app.key(ANN)).send().await.expect("answered");
    assert_problem(response, 401, "invalid_connection_key").await;
}

#[tokio::test]
async fn a_deleted_app_ends_its_sessions() {
    let thread = TestThread::start().await;
    let token = thread.sign_in(ANN).await;
    thread.raise(&token, "c1", "Hello").await;
    thread.store.delete_app(&thread.app.id.as_str().into()).await.expect("database").expect("there");
    thread.state.directory().refresh(&thread.store, thread.clock.now_ms()).await.expect("refreshed");
    assert_problem(opens(&thread, &token).await, 401, "session_expired").await;
}

#[tokio::test]
async fn only_a_bearer_of_this_service_opens_anything() {
    let thread = TestThread::start().await;
    let token = thread.sign_in(ANN).await;
    let call = || thread.get("/v1/service-requests");
    assert_problem(call().send().await.expect("answered"), 401, "unauthorized").await;
    for header in
        ["Bearer", "Bearer ", "Basic abc", "Bearer cgt_e30.AAAA", &format!("Bearer {token}x"), &token]
    {
        let response = call().header("authorization", header).send().await.expect("answered");
        assert_problem(response, 401, "unauthorized").await;
    }
    let response = call().header("authorization", format!("bearer {token}")).send().await.expect("answered");
    assert_eq!(response.status(), StatusCode::OK, "the scheme's case does not matter");
}

#[tokio::test]
async fn any_email_of_plausible_shape_is_signed_byte_for_byte() {
    let thread = TestThread::start_with(&["--limit-sign-in-failures", "100000"]).await;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..40 {
        let tree = proptest::strategy::Strategy::new_tree(
            &"\\PC{1,20}".prop_map(|local| format!("{local}@x.example")),
            &mut runner,
        );
        let email = proptest::strategy::ValueTree::current(&tree.expect("generates"));
        let Ok(parsed) = protocol::Email::parse(&email) else { continue };
        let response = thread
            .sign_in_request(&thread.app, &email, &thread.app.key(&email))
            .send()
            .await
            .expect("answered");
        let body: Value = json_of(response, StatusCode::CREATED).await;
        assert_eq!(body["user"]["email"], parsed.identity());
    }
}
