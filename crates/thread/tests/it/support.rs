//! A service on a port of its own, and the calls that tests make.

use crate::database::Database;
use clap::Parser;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use secrecy::SecretString;
use serde_json::{Value, json};
use signing::{Secret, sign_v1};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use thread::assets::{Assets, File};
use thread::clock::Clock;
use thread::config::ServeConfig;
use thread::origin::Origin;
use thread::state::AppState;
use thread::store::{NewApp, Store};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub const PORTAL: &str = "https://shop.example";
pub const ANN: &str = "ann@shop.example";
pub const BOB: &str = "bob@shop.example";
/// Where manual clocks start: a day in 2026.
pub const START_MS: i64 = 1_790_000_000_000;

pub const WEB: &[File] = &[
    File { path: "widget.js", identity: b"widget();", br: Some(b"BR"), gzip: Some(b"GZ") },
    File { path: "engine-0a1b2c3d.js", identity: b"engine();", br: None, gzip: None },
    File { path: "messenger/index.html", identity: b"<!doctype html>", br: None, gzip: Some(b"GZ-INDEX") },
    File { path: "messenger/assets/panel-1a2b.wasm", identity: b"\0asm", br: Some(b"BR-WASM"), gzip: None },
    File { path: "agent/index.html", identity: b"<!doctype html>", br: None, gzip: Some(b"GZ-AGENT") },
    File { path: "agent/assets/agent-1a2b.js", identity: b"agent();", br: Some(b"BR-AGENT"), gzip: None },
];

pub struct TestApp {
    pub id: String,
    pub secret: Secret,
    pub secret_id: String,
}

impl TestApp {
    pub fn key(&self, email: &str) -> String {
        sign_v1(&self.secret, email)
    }
}

pub struct TestThread {
    pub url: String,
    pub address: SocketAddr,
    pub clock: Clock,
    pub store: Store,
    pub state: AppState,
    pub app: TestApp,
    pub dir: TempDir,
    pub database: Database,
    http: Client,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<std::io::Result<()>>>,
}

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: ServeConfig,
}

impl TestThread {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    pub async fn start_with(flags: &[&str]) -> Self {
        Self::start_serving(flags, WEB).await
    }

    pub async fn start_serving(flags: &[&str], files: &[File]) -> Self {
        let dir = tempfile::tempdir().expect("temporary directory");
        let database = Database::new(dir.path());
        let store = open(&database).await;
        let clock = Clock::manual(START_MS);
        let app = create_app(&store, "Shop", &[PORTAL]).await;
        // PostgreSQL has no place for them by itself.
        let attachments = format!("--attachments=file:{}", dir.path().join("attachments").display());
        let is_told = flags.iter().any(|flag| flag.starts_with("--attachments"));
        let own = if is_told { &[][..] } else { &[attachments.as_str()] };
        let config = config(&[own, flags].concat());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let url = format!("http://{address}");
        let origin = Origin::parse(&url).expect("valid");
        let state = AppState::load(store.clone(), &config, origin, Assets::from_files(files), clock.clone())
            .await
            .expect("state loads");
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(thread::server::serve(listener, state.clone(), async {
            let _ = stopped.await;
        }));
        let http = Client::new();
        Self {
            url,
            address,
            clock,
            store,
            state,
            app,
            dir,
            database,
            http,
            stop: Some(stop),
            serving: Some(serving),
        }
    }

    /// Another app of another provider, in force.
    pub async fn other_app(&self) -> TestApp {
        let app = create_app(&self.store, "Other", &["https://other.example"]).await;
        self.state.directory().refresh(&self.store, START_MS).await.expect("refreshed");
        app
    }

    pub async fn api_key(&self, app: &TestApp) -> String {
        self.named_api_key(app, None).await
    }

    pub async fn named_api_key(&self, app: &TestApp, name: Option<&str>) -> String {
        use secrecy::ExposeSecret as _;
        let created =
            self.store.create_api_key(&app.id.as_str().into(), name, START_MS).await.expect("database");
        self.state.directory().refresh(&self.store, START_MS).await.expect("refreshed");
        created.expect("app is there").1.expose_secret().to_owned()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.request(Method::POST, path).json(body)
    }

    pub fn sign_in_request(&self, app: &TestApp, email: &str, key: &str) -> RequestBuilder {
        let body = json!({
            "appId": app.id, "connectionType": "messenger_auth", "connectionEmail": email, "connectionKey": key,
        });
        self.post("/v1/sessions", &body)
    }

    /// Signs in to the test's own app; the token.
    pub async fn sign_in(&self, email: &str) -> String {
        self.sign_in_to(&self.app, email).await
    }

    pub async fn sign_in_to(&self, app: &TestApp, email: &str) -> String {
        let response = self.sign_in_request(app, email, &app.key(email)).send().await.expect("answered");
        let body = json_of(response, StatusCode::CREATED).await;
        text(&body["token"])
    }

    pub async fn raise(&self, token: &str, client_id: &str, body: &str) -> Value {
        let request = self.post("/v1/service-requests", &json!({"clientId": client_id, "body": body}));
        json_of(request.bearer_auth(token).send().await.expect("answered"), StatusCode::CREATED).await
    }

    pub async fn write(&self, prefix: &str, token: &str, id: &str, client_id: &str, body: &str) -> Response {
        let path = format!("{prefix}/service-requests/{id}/messages");
        self.post(&path, &json!({"clientId": client_id, "body": body}))
            .bearer_auth(token)
            .send()
            .await
            .expect("answered")
    }

    pub async fn renewed(&self, token: &str) -> Response {
        self.request(Method::POST, "/v1/sessions/current/renew")
            .bearer_auth(token)
            .send()
            .await
            .expect("answered")
    }

    /// Begins the orderly end; done when the service is.
    pub fn stop(&mut self) -> JoinHandle<std::io::Result<()>> {
        self.stop.take().expect("still running").send(()).expect("still running");
        self.serving.take().expect("still running")
    }
}

/// What these flags of `thread serve` say.
pub fn config(flags: &[&str]) -> ServeConfig {
    Flags::parse_from([&["thread"], flags].concat()).config
}

pub async fn open(database: &Database) -> Store {
    let master_key = database.master_key.map(SecretString::from);
    Store::open(&database.address, master_key.as_ref()).await.expect("database opens")
}

pub async fn create_app(store: &Store, name: &str, origins: &[&str]) -> TestApp {
    let secret = Secret::generate();
    let app = NewApp {
        name: name.to_owned(),
        brand_color: "#2f5bea".to_owned(),
        greeting: None,
        origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
    };
    let (id, secret_id) = store.create_app(&app, &secret, START_MS).await.expect("database");
    TestApp { id: id.0, secret, secret_id }
}

/// The JSON body of an answer that must have this status.
pub async fn json_of(response: Response, status: StatusCode) -> Value {
    let found = response.status();
    let body = response.text().await.expect("whole");
    assert_eq!(found, status, "{body}");
    serde_json::from_str(&body).expect("JSON")
}

/// A refusal: a problem document with this code, readable by any page.
pub async fn assert_problem(response: Response, status: u16, code: &str) -> Value {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(response.headers()["access-control-expose-headers"], "Retry-After");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert!(response.headers().contains_key("x-request-id"));
    let body = json_of(response, StatusCode::from_u16(status).expect("a status")).await;
    assert_eq!((&body["code"], &body["status"]), (&json!(code), &json!(status)), "{body}");
    body
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

/// Waits until `condition` holds; fails if it does not within `limit`.
pub async fn within<F: Future<Output = bool>>(limit: Duration, mut condition: impl FnMut() -> F) {
    let started = Instant::now();
    while !condition().await {
        assert!(started.elapsed() < limit, "did not come true within {limit:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
