use crate::live::Socket;
use crate::support::{ANN, BOB, TestThread, assert_problem, json_of, text};
use futures_util::future::join_all;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// A picture of 2 x 3 pixels, as far as its head.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0\0\0\0\0";

async fn upload(
    thread: &TestThread,
    prefix: &str,
    token: &str,
    name: &str,
    kind: &str,
    bytes: &[u8],
) -> Response {
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let path = format!("{prefix}/attachments?name={name}");
    let request = thread.request(Method::POST, &path).header("content-type", kind);
    request.body(bytes.to_vec()).bearer_auth(token).send().await.expect("answered")
}

async fn uploaded(thread: &TestThread, prefix: &str, token: &str, name: &str) -> String {
    let response = upload(thread, prefix, token, name, "text/plain", b"content").await;
    text(&json_of(response, StatusCode::CREATED).await["id"])
}

async fn fetch(thread: &TestThread, prefix: &str, token: &str, id: &str) -> Response {
    thread.get(&format!("{prefix}/attachments/{id}")).bearer_auth(token).send().await.expect("answered")
}

async fn send(thread: &TestThread, path: &str, token: &str, body: &Value) -> Response {
    thread.post(path, body).bearer_auth(token).send().await.expect("answered")
}

fn objects(thread: &TestThread) -> usize {
    std::fs::read_dir(thread.dir.path().join("attachments")).expect("readable").count()
}

#[tokio::test]
async fn a_picture_is_uploaded_sent_and_shown_to_both_sides() {
    let thread = TestThread::start().await;
    let (ann, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    let response = upload(&thread, "/v1", &ann, "../Мой кот.png", "image/png", PNG).await;
    let attachment = json_of(response, StatusCode::CREATED).await;
    assert_eq!(attachment["name"], "Мой кот.png");
    assert_eq!(
        (&attachment["contentType"], &attachment["sizeBytes"], &attachment["width"], &attachment["height"]),
        (&json!("image/png"), &json!(PNG.len()), &json!(2), &json!(3))
    );
    let id = text(&attachment["id"]);
    assert_problem(fetch(&thread, "/v1/agent", &key, &id).await, 404, "not_found").await;

    let (mut agent, _) = Socket::hello_agent(&thread, &key, None).await;
    let body = json!({"clientId": "c1", "attachmentIds": [id]});
    let raised = json_of(send(&thread, "/v1/service-requests", &ann, &body).await, StatusCode::CREATED).await;
    assert_eq!(raised["subject"], "Мой кот.png");
    assert_eq!(
        (&raised["messages"][0]["body"], &raised["messages"][0]["attachments"]),
        (&json!(""), &json!([attachment]))
    );
    assert_eq!(agent.frame().await["serviceRequest"]["messages"][0]["attachments"], json!([attachment]));
    let again = json_of(send(&thread, "/v1/service-requests", &ann, &body).await, StatusCode::CREATED).await;
    assert_eq!(again["id"], raised["id"], "the same send is the same request");

    for (prefix, token) in [("/v1", &ann), ("/v1/agent", &key)] {
        let response = fetch(&thread, prefix, token, &id).await;
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name: &str| response.headers()[name].to_str().expect("text").to_owned();
        assert_eq!(header("content-type"), "image/png");
        assert_eq!(
            header("content-disposition"),
            "inline; filename*=UTF-8''%D0%9C%D0%BE%D0%B9%20%D0%BA%D0%BE%D1%82.png"
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(header("cache-control"), "private, no-store");
        assert_eq!(response.bytes().await.expect("whole"), PNG);
    }
}

#[tokio::test]
async fn what_is_no_safe_picture_is_a_download() {
    let thread = TestThread::start_with(&["--attachment-types=text/*,image/*"]).await;
    let ann = thread.sign_in(ANN).await;
    for (kind, bytes) in [
        ("text/plain", &b"hello"[..]),
        ("text/html; charset=utf-8", b"<script>alert(1)</script>"),
        ("image/svg+xml", b"<svg onload=alert(1) xmlns='http://www.w3.org/2000/svg'/>"),
        ("text/plain", PNG),
    ] {
        let response = upload(&thread, "/v1", &ann, "x\"; y.html", kind, bytes).await;
        let id = text(&json_of(response, StatusCode::CREATED).await["id"]);
        let response = fetch(&thread, "/v1", &ann, &id).await;
        assert_eq!(
            response.headers()["content-disposition"],
            "attachment; filename*=UTF-8''x%22%3B%20y.html"
        );
        assert_eq!(response.headers()["content-security-policy"], "sandbox; default-src 'none'");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn size_type_name_and_content_are_checked() {
    let thread = TestThread::start_with(&["--limit-attachment=100000"]).await;
    let ann = thread.sign_in(ANN).await;
    let shown = thread.get(&format!("/v1/apps/{}", thread.app.id)).send().await.expect("answered");
    let limits = json_of(shown, StatusCode::OK).await["attachments"].clone();
    assert_eq!(limits["maxBytes"], 100_000);
    assert!(limits["contentTypes"].as_array().expect("a list").contains(&json!("image/png")));

    let largest = vec![b'x'; 100_000];
    let fits = upload(&thread, "/v1", &ann, "a.txt", "text/plain", &largest).await;
    assert_eq!(fits.status(), StatusCode::CREATED, "a file may be larger than other bodies");
    let larger = upload(&thread, "/v1", &ann, "a.txt", "text/plain", &[largest, vec![b'x']].concat()).await;
    assert_problem(larger, 413, "payload_too_large").await;
    for (kind, bytes) in [
        ("text/html", &b"x"[..]),
        ("", b"x"),
        ("image/svg+xml", b"<svg/>"),
        ("image/png", b"<html>"),
        ("image/gif", PNG),
    ] {
        assert_problem(upload(&thread, "/v1", &ann, "a", kind, bytes).await, 415, "invalid_params").await;
    }
    let nameless = upload(&thread, "/v1", &ann, "/", "text/plain", b"x").await;
    assert_eq!(assert_problem(nameless, 422, "invalid_params").await["field"], "name");
    let empty = upload(&thread, "/v1", &ann, "a", "text/plain", b"").await;
    assert_eq!(assert_problem(empty, 422, "invalid_params").await["field"], "body");
    assert_eq!(objects(&thread), 1, "what is refused leaves nothing");
    let anonymous = thread.request(Method::POST, "/v1/attachments?name=a").body("x").send().await;
    assert_problem(anonymous.expect("answered"), 401, "unauthorized").await;
}

#[tokio::test]
async fn nobody_fetches_or_sends_anothers_attachment() {
    let thread = TestThread::start().await;
    let other = thread.other_app().await;
    let (ann, bob) = (thread.sign_in(ANN).await, thread.sign_in(BOB).await);
    let namesake = thread.sign_in_to(&other, ANN).await;
    let (key, foreign) = (thread.api_key(&thread.app).await, thread.api_key(&other).await);
    let waiting = uploaded(&thread, "/v1", &ann, "waiting.txt").await;
    let sent = uploaded(&thread, "/v1", &ann, "sent.txt").await;
    let body = json!({"clientId": "c1", "body": "See", "attachmentIds": [sent]});
    let raised = json_of(send(&thread, "/v1/service-requests", &ann, &body).await, StatusCode::CREATED).await;
    let agents = uploaded(&thread, "/v1/agent", &key, "agents.txt").await;
    let path = format!("/v1/agent/service-requests/{}/messages", text(&raised["id"]));

    // Fetched: what waits by its sender, what was sent by both sides of its conversation.
    for id in [&waiting, &sent] {
        assert_eq!(fetch(&thread, "/v1", &ann, id).await.status(), StatusCode::OK);
        for (prefix, token) in [("/v1", &bob), ("/v1", &namesake), ("/v1/agent", &foreign)] {
            assert_problem(fetch(&thread, prefix, token, id).await, 404, "not_found").await;
        }
    }
    assert_problem(fetch(&thread, "/v1", &ann, &agents).await, 404, "not_found").await;
    assert_problem(fetch(&thread, "/v1/agent", &ann, &sent).await, 401, "unauthorized").await;

    // Sent: only by whoever uploaded it, once.
    for (path, token, ids) in [
        ("/v1/service-requests", &bob, json!([waiting])),
        ("/v1/service-requests", &bob, json!([sent])),
        ("/v1/service-requests", &namesake, json!([waiting])),
        ("/v1/service-requests", &ann, json!([sent])),
        ("/v1/service-requests", &ann, json!([agents])),
        ("/v1/service-requests", &ann, json!([waiting, waiting])),
        ("/v1/service-requests", &ann, json!(["att_none"])),
        ("/v1/service-requests", &ann, json!(vec![&waiting; 11])),
        (path.as_str(), &key, json!([waiting])),
    ] {
        let body = json!({"clientId": "c9", "body": "Mine", "attachmentIds": ids});
        let refused = send(&thread, path, token, &body).await;
        assert_eq!(assert_problem(refused, 422, "invalid_params").await["field"], "attachmentIds");
    }
    let listed = thread.get("/v1/service-requests").bearer_auth(&bob).send().await.expect("answered");
    assert_eq!(
        json_of(listed, StatusCode::OK).await["serviceRequests"],
        json!([]),
        "a refusal writes nothing"
    );

    let body = json!({"clientId": "a1", "attachmentIds": [agents]});
    let written = json_of(send(&thread, &path, &key, &body).await, StatusCode::CREATED).await;
    assert_eq!(written["attachments"][0]["name"], "agents.txt");
    assert_eq!(fetch(&thread, "/v1", &ann, &agents).await.bytes().await.expect("whole"), "content");
    assert_problem(fetch(&thread, "/v1", &bob, &agents).await, 404, "not_found").await;
}

#[tokio::test]
async fn of_parallel_sends_one_carries_the_attachment() {
    let thread = TestThread::start().await;
    let ann = thread.sign_in(ANN).await;
    let id = uploaded(&thread, "/v1", &ann, "once.txt").await;
    let bodies: Vec<Value> =
        (0..10).map(|index| json!({"clientId": format!("c{index}"), "attachmentIds": [id]})).collect();
    let answers = join_all(bodies.iter().map(|body| send(&thread, "/v1/service-requests", &ann, body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == StatusCode::CREATED).count(), 1);
    let changed = json!({"clientId": "c0", "body": "other"});
    let first = send(&thread, "/v1/service-requests", &ann, &changed).await.status();
    assert!(matches!(first, StatusCode::CONFLICT | StatusCode::CREATED));
}

#[tokio::test]
async fn uploads_that_no_message_carries_go_away_after_a_day() {
    let thread = TestThread::start().await;
    let ann = thread.sign_in(ANN).await;
    let kept = uploaded(&thread, "/v1", &ann, "kept.txt").await;
    let stale = uploaded(&thread, "/v1", &ann, "stale.txt").await;
    send(&thread, "/v1/service-requests", &ann, &json!({"clientId": "c1", "attachmentIds": [kept]})).await;
    let attachments = thread.state.attachments().expect("on");
    thread.clock.advance_ms(DAY_MS - 1);
    attachments.sweep(&thread.store, thread.clock.now_ms()).await;
    assert_eq!(objects(&thread), 2);
    thread.clock.advance_ms(1);
    attachments.sweep(&thread.store, thread.clock.now_ms()).await;
    assert_eq!(objects(&thread), 1);
    let ann = thread.sign_in(ANN).await;
    assert_problem(fetch(&thread, "/v1", &ann, &stale).await, 404, "not_found").await;
    assert_eq!(fetch(&thread, "/v1", &ann, &kept).await.status(), StatusCode::OK);

    // What belonged to a deleted app is an object without a row: it goes once it is a day old.
    thread.store.delete_app(&thread.app.id.as_str().into()).await.expect("database").expect("there");
    attachments.sweep(&thread.store, 0).await;
    assert_eq!(objects(&thread), 1, "it may be an upload on its way");
    attachments.sweep(&thread.store, i64::MAX / 2).await;
    assert_eq!(objects(&thread), 0);
}

#[tokio::test]
async fn uploads_are_limited_and_can_be_off() {
    let thread = TestThread::start_with(&["--limit-uploads=1000"]).await;
    let ann = thread.sign_in(ANN).await;
    let answers = join_all((0..25).map(|_| upload(&thread, "/v1", &ann, "a.txt", "text/plain", b"x"))).await;
    let taken = answers.iter().filter(|answer| answer.status() == StatusCode::CREATED).count();
    assert_eq!((taken, objects(&thread)), (20, 20), "so many may wait for their messages");
    assert!(answers.iter().all(|answer| [201, 429].contains(&answer.status().as_u16())));

    let thread = TestThread::start_with(&["--limit-uploads=1"]).await;
    let ann = thread.sign_in(ANN).await;
    uploaded(&thread, "/v1", &ann, "a.txt").await;
    let second = upload(&thread, "/v1", &ann, "a.txt", "text/plain", b"x").await;
    assert_problem(second, 429, "rate_limited").await;

    let thread = TestThread::start_with(&["--attachments=off"]).await;
    let ann = thread.sign_in(ANN).await;
    let off = upload(&thread, "/v1", &ann, "a.txt", "text/plain", b"x").await;
    assert_problem(off, 404, "not_found").await;
    let shown = thread.get(&format!("/v1/apps/{}", thread.app.id)).send().await.expect("answered");
    assert!(json_of(shown, StatusCode::OK).await.get("attachments").is_none());
}
