//! What the store asks the database while a service is used in every way, as sqlx reports it.

use crate::live::Socket;
use crate::pins::{Mails, answer, challenge};
use crate::support::{ANN, BOB, START_MS, TestThread, json_of, text};
use protocol::AppId;
use reqwest::{Method, StatusCode};
use serde_json::json;
use signing::Secret;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use thread::store::{AppUpdate, Revocation, StoreError};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<BTreeSet<String>>>);

/// The two fields that hold a statement: a short one is in `summary` alone.
#[derive(Default)]
struct Statement {
    summary: String,
    whole: String,
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.trim().clone_into(&mut self.whole),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut statement = Statement::default();
            event.record(&mut statement);
            let sql = if statement.whole.is_empty() { statement.summary } else { statement.whole };
            let verb = sql.split_whitespace().next().unwrap_or_default();
            if ["SELECT", "INSERT", "UPDATE", "DELETE"].contains(&verb) && !sql.contains("_sqlx_migrations") {
                self.0.lock().expect("not poisoned").insert(sql);
            }
        }
    }
}

/// Every statement of a service that is used in every way. Records for the whole process.
pub async fn of_a_whole_life() -> BTreeSet<String> {
    let recorder = Recorder::default();
    let subscriber = tracing_subscriber::registry().with(LevelFilter::DEBUG).with(recorder.clone());
    tracing::subscriber::set_global_default(subscriber).expect("the only one of this process");
    let mut mails = Mails::new();
    let thread = TestThread::start_with(&[&mails.flag()]).await;
    by_operators(&thread).await.expect("database");
    by_users(&thread, &mut mails).await;
    std::mem::take(&mut *recorder.0.lock().expect("not poisoned"))
}

async fn by_operators(thread: &TestThread) -> Result<(), StoreError> {
    let (store, app) = (&thread.store, AppId::from(thread.app.id.clone()));
    let update = AppUpdate {
        add_origins: vec!["https://new.example".to_owned()],
        remove_origins: vec!["https://new.example".to_owned()],
        ..AppUpdate::default()
    };
    store.update_app(&app, &update).await?;
    store.find_app(&app).await?;
    store.secrets_of(&app).await?;
    store.rotate_secret(&app, &Secret::generate(), 1_000_000, START_MS).await?;
    let (key, _) = store.create_api_key(&app, None, START_MS).await?.expect("the app is there");
    store.revoke_api_key(&key, START_MS).await?;
    let other = thread.other_app().await;
    store.revoke_secret(&other.secret_id, Revocation::Leaked, START_MS).await?;
    store.delete_app(&AppId::from(other.id)).await?;
    store.take_stale_attachments(START_MS).await?;
    store.has_object("none").await?;
    store.ping().await
}

async fn by_users(thread: &TestThread, mails: &mut Mails) {
    let (ann, key) = (thread.sign_in(ANN).await, thread.api_key(&thread.app).await);
    let id = text(&thread.raise(&ann, "c1", "Help").await["id"]);
    thread.raise(&ann, "c1", "Help").await;
    // Signing in asks for the unread ones of a known contact.
    let ended = thread.sign_in(ANN).await;
    let call = |method: Method, path: String, bearer: &str| thread.request(method, &path).bearer_auth(bearer);
    for (prefix, bearer) in [("/v1", &ann), ("/v1/agent", &key)] {
        let path = format!("{prefix}/service-requests");
        let upload = call(Method::POST, format!("{prefix}/attachments?name=a.txt"), bearer);
        let upload =
            upload.header("content-type", "text/plain").body("content").send().await.expect("answered");
        let file = text(&json_of(upload, StatusCode::CREATED).await["id"]);
        let body = json!({"clientId": "c2", "body": "See", "attachmentIds": [file]});
        let written = call(Method::POST, format!("{path}/{id}/messages"), bearer).json(&body);
        json_of(written.send().await.expect("answered"), StatusCode::CREATED).await;
        for (method, path, status) in [
            (Method::GET, path.clone(), 200),
            (Method::GET, format!("{path}/{id}/messages"), 200),
            (Method::GET, format!("{prefix}/attachments/{file}"), 200),
        ] {
            let response = call(method, path.clone(), bearer).send().await.expect("answered");
            assert_eq!(response.status(), status, "{path}");
        }
        let read = call(Method::POST, format!("{path}/{id}/read"), bearer).json(&json!({"seq": 2}));
        assert_eq!(read.send().await.expect("answered").status(), StatusCode::NO_CONTENT);
    }
    for (path, method, body) in [
        ("?status=open", Method::GET, json!({})),
        (&*format!("/{id}/typing"), Method::POST, json!({})),
        (&*format!("/{id}"), Method::PATCH, json!({"status": "closed"})),
    ] {
        let call = call(method, format!("/v1/agent/service-requests{path}"), &key).json(&body);
        assert!(call.send().await.expect("answered").status().is_success(), "{path}");
    }
    let (mut socket, _) = Socket::hello(thread, &ann, Some("0")).await;
    socket.send(&json!({"type": "typing", "serviceRequestId": id}).to_string()).await;
    Socket::hello_agent(thread, &key, Some("0")).await;
    call(Method::DELETE, "/v1/sessions/current".to_owned(), &ended).send().await.expect("answered");

    let asked = challenge(thread, BOB).await;
    let pin = mails.next_pin().await;
    let wrong = if pin == "000000" { "000001" } else { "000000" };
    assert_eq!(answer(thread, &thread.app.id, &asked, wrong).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(answer(thread, &thread.app.id, &asked, &pin).await.status(), StatusCode::CREATED);
    thread.store.mail_failed(&asked, START_MS).await.expect("database");

    // What other nodes would look for, and what is deleted in time.
    let heads = thread.store.event_heads().await.expect("database");
    assert_eq!(heads.len(), 1);
    thread.store.contacts_with_events(&heads[0].0, 0).await.expect("database");
    thread.store.prune(START_MS + 1, 1).await.expect("database");
}
