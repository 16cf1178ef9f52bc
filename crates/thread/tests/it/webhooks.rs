use crate::receiver::{Received, Receiver, Reply};
use crate::support::{ANN, BOB, TestApp, TestThread, json_of, open, text, within};
use protocol::webhook::WebhookEventType;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;
use thread::assets::Assets;
use thread::state::AppState;
use thread::store::{DeliveryState, Revocation, StoredDelivery};
use thread::webhooks::WebhookSecret;

const LOOPBACK: &str = "--webhook-networks=127.0.0.0/8";
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

struct Hook {
    id: String,
    secret: String,
}

async fn hook(thread: &TestThread, app: &TestApp, url: &str, events: &[WebhookEventType]) -> Hook {
    let secret = WebhookSecret::generate();
    let created = thread
        .store
        .create_webhook(&app.id.as_str().into(), url, events, &secret, thread.clock.now_ms())
        .await;
    Hook { id: created.expect("database").expect("app is there"), secret: secret.expose().to_string() }
}

async fn answer(thread: &TestThread, key: &str, id: &str, client_id: &str) -> Value {
    json_of(thread.write("/v1/agent", key, id, client_id, "An answer").await, StatusCode::CREATED).await
}

async fn set_status(thread: &TestThread, key: &str, id: &str, status: &str) {
    let request = thread.request(Method::PATCH, &format!("/v1/agent/service-requests/{id}"));
    let request = request.bearer_auth(key).json(&json!({"status": status}));
    json_of(request.send().await.expect("answered"), StatusCode::OK).await;
}

/// The newest delivery of a webhook once `condition` holds for it.
async fn newest_when(
    thread: &TestThread,
    hook: &Hook,
    condition: impl Fn(&StoredDelivery) -> bool,
) -> StoredDelivery {
    let newest = || async { thread.store.deliveries(&hook.id, None, 1).await.expect("database").pop() };
    within(Duration::from_secs(20), || async { newest().await.is_some_and(|found| condition(&found)) }).await;
    newest().await.expect("just seen")
}

fn is_settled(delivery: &StoredDelivery) -> bool {
    delivery.state != DeliveryState::Waiting
}

fn types(came: &[Received]) -> Vec<String> {
    came.iter().map(Received::event_type).collect()
}

#[tokio::test]
async fn what_happens_goes_out_signed_and_in_order() {
    let thread = TestThread::start_with(&[LOOPBACK]).await;
    let receiver = Receiver::start(&[]).await;
    let hook = hook(&thread, &thread.app, &receiver.url(), &[]).await;
    let other = thread.other_app().await;
    let key = thread.named_api_key(&thread.app, Some("Mia")).await;
    let token = thread.sign_in(ANN).await;

    let raised = thread.raise(&token, "c1", "My order is late.").await;
    let id = text(&raised["id"]);
    let answered = answer(&thread, &key, &id, "a1").await;
    set_status(&thread, &key, &id, "closed").await;
    set_status(&thread, &key, &id, "closed").await;
    json_of(thread.write("/v1", &token, &id, "c2", "It is not done.").await, StatusCode::CREATED).await;
    json_of(thread.write("/v1", &token, &id, "c2", "It is not done.").await, StatusCode::CREATED).await;
    thread.raise(&thread.sign_in_to(&other, ANN).await, "c1", "Not for this receiver").await;

    let came = receiver.wait_for(5).await;
    assert_eq!(
        types(&came),
        [
            "service_request.created",
            "message.from_agent",
            "service_request.status_changed",
            "message.from_contact",
            "service_request.status_changed",
        ],
        "each once, in order; nothing for what changed nothing"
    );
    let mut ids = receiver.ids();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
    for one in &came {
        assert!(one.is_signed_with(&hook.secret), "{one:?}");
        assert!(!one.is_signed_with(&WebhookSecret::generate().expose()));
        assert_eq!(one.path, "/hooks?token=in-the-address");
        assert_eq!(one.header("content-type"), "application/json");
        let stamp: i64 = one.header("webhook-timestamp").parse().expect("seconds");
        assert_eq!(stamp, thread.clock.now_ms() / 1_000);
        assert_eq!(
            (&one.json()["appId"], one.json()["timestamp"].is_string()),
            (&json!(thread.app.id), true)
        );
    }
    let data: Vec<Value> = came.iter().map(|one| one.json()["data"].clone()).collect();
    let created = &data[0]["serviceRequest"];
    assert_eq!((&created["id"], &created["contact"]["email"]), (&json!(id), &json!(ANN)));
    assert_eq!(created["messages"][0]["body"], "My order is late.");
    assert_eq!(
        data[1],
        json!({"serviceRequestId": id, "contact": {"email": ANN}, "message": answered}),
        "as the agent's own answer, client id and all"
    );
    assert_eq!(data[2]["serviceRequest"]["status"], "closed");
    assert_eq!(data[3]["message"]["body"], "It is not done.");
    assert_eq!(data[3]["message"]["clientId"], Value::Null, "the contact's client id is the contact's");
    assert_eq!(data[4]["serviceRequest"]["status"], "open");
}

#[tokio::test]
async fn secrets_that_end_are_told() {
    let thread = TestThread::start_with(&[LOOPBACK]).await;
    let receiver = Receiver::start(&[]).await;
    hook(
        &thread,
        &thread.app,
        &receiver.url(),
        &[WebhookEventType::SecretLeaked, WebhookEventType::SecretRevoked],
    )
    .await;
    let token = thread.sign_in(ANN).await;
    thread.raise(&token, "c1", "Not chosen").await;
    let body = json!({"appId": thread.app.id, "sha256": thread.app.secret.digest_hex()});
    thread.post("/v1/leaked-secrets", &body).send().await.expect("answered");
    let secret = signing::Secret::generate();
    let app_id = thread.app.id.as_str().into();
    let rotated = thread.store.rotate_secret(&app_id, &secret, 0, thread.clock.now_ms()).await;
    let second = rotated.expect("database").expect("app is there").secret_id;
    let revoked = thread.store.revoke_secret(&second, Revocation::Ordered, thread.clock.now_ms()).await;
    assert_eq!(revoked.expect("database"), Some(app_id));

    let came = receiver.wait_for(2).await;
    assert_eq!(types(&came), ["secret.leaked", "secret.revoked"], "only what was chosen");
    assert_eq!(came[0].json()["data"], json!({"secretId": thread.app.secret_id}));
    assert_eq!(came[1].json()["data"], json!({"secretId": second}));
    assert!(!came[1].body.contains(secret.expose()));
}

#[tokio::test]
async fn a_failed_delivery_comes_again_under_its_id_and_holds_only_its_own_lane() {
    let thread = TestThread::start_with(&[LOOPBACK]).await;
    let receiver = Receiver::start(&[Reply::Status(500)]).await;
    let hook = hook(&thread, &thread.app, &receiver.url(), &[]).await;
    let token = thread.sign_in(ANN).await;
    let first = thread.raise(&token, "c1", "First").await;
    newest_when(&thread, &hook, |found| !found.attempts.is_empty()).await;
    json_of(
        thread.write("/v1", &token, &text(&first["id"]), "c2", "Second of the first").await,
        StatusCode::CREATED,
    )
    .await;
    thread.raise(&thread.sign_in(BOB).await, "c1", "Other").await;
    let came = receiver.wait_for(2).await;
    assert_eq!(came[1].json()["data"]["serviceRequest"]["subject"], "Other", "others do not wait");
    // The failed one, and what follows in the same service request; the other is settled just after it came.
    let waiting = || thread.store.deliveries(&hook.id, Some(DeliveryState::Waiting), 10);
    within(Duration::from_secs(10), || async { waiting().await.expect("database").len() == 2 }).await;

    thread.clock.advance_ms(MINUTE_MS);
    let came = receiver.wait_for(4).await;
    assert_eq!(
        types(&came[2..]),
        ["service_request.created", "message.from_contact"],
        "the first, and only then the second"
    );
    assert_eq!((came[2].id(), &came[2].body), (came[0].id(), &came[0].body));
    assert_ne!(came[2].header("webhook-timestamp"), came[0].header("webhook-timestamp"));
    assert!(came[2].is_signed_with(&hook.secret));
    // The last one is settled just after it came, too.
    within(Duration::from_secs(10), || async { waiting().await.expect("database").is_empty() }).await;
    let log = thread.store.deliveries(&hook.id, None, 10).await.expect("database").pop().expect("the oldest");
    let said: Vec<_> = log.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!((log.id.as_str(), said), (came[0].id(), vec![Some(500), Some(204)]));
    let metrics = thread.get("/metrics").send().await.expect("answered").text().await.expect("whole");
    for series in ["thread_webhook_attempts_total{result=\"failed\"} 1", "queue=\"webhooks\"} 0"] {
        assert!(metrics.contains(series), "{series}: {metrics}");
    }
}

#[tokio::test]
async fn a_receiver_that_asks_for_time_gets_it() {
    let thread = TestThread::start_with(&[LOOPBACK]).await;
    let receiver = Receiver::start(&[Reply::Later(503, 600)]).await;
    let hook = hook(&thread, &thread.app, &receiver.url(), &[]).await;
    thread.raise(&thread.sign_in(ANN).await, "c1", "Hello").await;
    let waits = newest_when(&thread, &hook, |found| !found.attempts.is_empty()).await;
    assert_eq!(waits.next_at, Some(thread.clock.now_ms() + 10 * MINUTE_MS));
    thread.clock.advance_ms(10 * MINUTE_MS);
    receiver.wait_for(2).await;
}

#[tokio::test]
async fn what_fails_for_too_long_is_given_up_and_can_be_sent_again() {
    let thread = TestThread::start_with(&[LOOPBACK, "--webhook-give-up-after=2d"]).await;
    let receiver = Receiver::start(&[Reply::Status(500), Reply::Status(404)]).await;
    let hook = hook(&thread, &thread.app, &receiver.url(), &[]).await;
    let token = thread.sign_in(ANN).await;
    let raised = thread.raise(&token, "c1", "Hello").await;
    newest_when(&thread, &hook, |found| found.attempts.len() == 1).await;
    thread.clock.advance_ms(2 * DAY_MS);
    let given_up = newest_when(&thread, &hook, is_settled).await;
    assert_eq!((given_up.state, given_up.attempts.len()), (DeliveryState::GivenUp, 2));

    // What comes after it is not held up.
    let key = thread.api_key(&thread.app).await;
    answer(&thread, &key, &text(&raised["id"]), "a1").await;
    receiver.wait_for(3).await;
    assert_eq!(thread.store.redeliver_given_up(&hook.id, thread.clock.now_ms()).await.expect("database"), 1);
    let came = receiver.wait_for(4).await;
    assert_eq!(came[3].id(), came[0].id(), "a receiver knows that it is the same");
    let id = came[3].id();
    let webhook = thread.store.find_webhook(&hook.id).await.expect("database").expect("there");
    within(Duration::from_secs(20), || async {
        let counts = thread.store.webhook_counts(&webhook).await.expect("database");
        (counts.waiting, counts.delivered, counts.given_up) == (0, 2, 0)
    })
    .await;
    assert!(thread.store.redeliver(id, thread.clock.now_ms()).await.expect("database").is_some());
    assert_eq!(receiver.wait_for(5).await[4].id(), id);
    assert_eq!(thread.store.redeliver("msg_none", 0).await.expect("database"), None);
}

#[tokio::test]
async fn a_receiver_that_is_gone_gets_nothing_until_it_is_enabled() {
    let thread = TestThread::start_with(&[LOOPBACK]).await;
    let receiver = Receiver::start(&[Reply::Status(410)]).await;
    let hook = hook(&thread, &thread.app, &receiver.url(), &[]).await;
    let token = thread.sign_in(ANN).await;
    thread.raise(&token, "c1", "One").await;
    newest_when(&thread, &hook, is_settled).await;
    thread.raise(&token, "c2", "Two").await;
    assert!(
        thread.store.find_webhook(&hook.id).await.expect("database").expect("there").disabled_at.is_some()
    );
    thread.store.enable_webhook(&hook.id).await.expect("database").expect("there");
    thread.raise(&token, "c3", "Three").await;
    let came = receiver.wait_for(2).await;
    assert_eq!(came[1].json()["data"]["serviceRequest"]["subject"], "Three");
}

#[tokio::test]
async fn a_rotated_secret_signs_beside_the_one_before_it() {
    let thread = TestThread::start_with(&[LOOPBACK]).await;
    let receiver = Receiver::start(&[]).await;
    let hook = hook(&thread, &thread.app, &receiver.url(), &[]).await;
    let second = WebhookSecret::generate();
    let until = thread.clock.now_ms() + MINUTE_MS;
    thread.store.rotate_webhook_secret(&hook.id, &second, until).await.expect("database").expect("there");
    let token = thread.sign_in(ANN).await;
    thread.raise(&token, "c1", "One").await;
    let came = receiver.wait_for(1).await;
    assert!(came[0].is_signed_with(&hook.secret) && came[0].is_signed_with(&second.expose()));
    thread.clock.advance_ms(MINUTE_MS);
    thread.raise(&token, "c2", "Two").await;
    let came = receiver.wait_for(2).await;
    assert!(!came[1].is_signed_with(&hook.secret) && came[1].is_signed_with(&second.expose()));

    let stored = thread.database.dump();
    for secret in [hook.secret.as_bytes(), second.expose().as_bytes(), second.bytes()] {
        assert!(!stored.windows(secret.len()).any(|part| part == secret), "sealed at rest");
    }
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let thread = TestThread::start_with(&[LOOPBACK]).await;
    let receiver = Receiver::start(&[Reply::Redirect]).await;
    let hook = hook(&thread, &thread.app, &receiver.url(), &[]).await;
    thread.raise(&thread.sign_in(ANN).await, "c1", "Hello").await;
    let tried = newest_when(&thread, &hook, |found| !found.attempts.is_empty()).await;
    assert_eq!((tried.attempts[0].status, tried.state), (Some(307), DeliveryState::Waiting));
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn addresses_of_the_providers_own_network_are_refused() {
    let thread = TestThread::start().await;
    let receiver = Receiver::start(&[]).await;
    let port = receiver.address.port();
    let token = thread.sign_in(ANN).await;
    let mut hooks = Vec::new();
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://2130706433:{port}/"),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
    ] {
        hooks.push((hook(&thread, &thread.app, &url, &[]).await, url));
    }
    thread.raise(&token, "c1", "Hello").await;
    for (hook, url) in &hooks {
        let tried = newest_when(&thread, hook, |found| !found.attempts.is_empty()).await;
        let fault = tried.attempts[0].fault.clone().unwrap_or_default();
        assert!(fault.contains("--webhook-networks"), "{url}: {fault}");
    }
    assert_eq!(receiver.received().len(), 0);
}

#[tokio::test]
async fn a_silent_receiver_is_left_and_keeps_nobody_waiting() {
    let thread = TestThread::start_with(&[LOOPBACK, "--webhook-timeout=1s"]).await;
    let silent = Receiver::start(&[Reply::Silence; 40]).await;
    let quick = Receiver::start(&[]).await;
    let slow = hook(&thread, &thread.app, &silent.url(), &[]).await;
    hook(&thread, &thread.app, &quick.url(), &[]).await;
    let token = thread.sign_in(ANN).await;
    for number in 0..20 {
        thread.raise(&token, &format!("c{number}"), "Hello").await;
    }
    quick.wait_for(20).await;
    let log = || async { thread.store.deliveries(&slow.id, None, 50).await.expect("database") };
    within(Duration::from_secs(20), || async { log().await.iter().any(|one| !one.attempts.is_empty()) })
        .await;
    let tried = log().await.into_iter().flat_map(|one| one.attempts).next().expect("just seen");
    assert!(tried.fault.expect("no answer").contains("no answer within"));
}

#[tokio::test]
async fn two_nodes_send_each_event_once() {
    let thread = TestThread::start_with(&[LOOPBACK]).await;
    let receiver = Receiver::start(&[]).await;
    hook(&thread, &thread.app, &receiver.url(), &[]).await;
    let store = open(&thread.database).await;
    let second = AppState::load(
        store,
        &crate::support::config(&[LOOPBACK]),
        thread.state.public_origin().clone(),
        Assets::from_files(&[]),
        thread.clock.clone(),
    )
    .await
    .expect("loads");
    let working = tokio::spawn(thread::webhooks::work(second.clone()));

    let key = thread.api_key(&thread.app).await;
    let token = thread.sign_in(ANN).await;
    for number in 0..4 {
        let raised = thread.raise(&token, &format!("c{number}"), "Hello").await;
        for answers in 0..5 {
            answer(&thread, &key, &text(&raised["id"]), &format!("a{number}-{answers}")).await;
            second.webhooks().wake();
        }
    }
    let came = receiver.wait_for(24).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut ids = receiver.ids();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), receiver.received().len()), (24, 24));
    let mut seqs: HashMap<String, Vec<i64>> = HashMap::new();
    for one in &came {
        let data = &one.json()["data"];
        if let Some(id) = data["serviceRequestId"].as_str() {
            seqs.entry(id.to_owned()).or_default().push(data["message"]["seq"].as_i64().expect("a number"));
        }
    }
    assert!(seqs.values().all(|seqs| *seqs == [2, 3, 4, 5, 6]), "{seqs:?}");
    second.shutdown().cancel();
    working.await.expect("ends");
}
