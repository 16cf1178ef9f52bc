//! Whether answers take as long for addresses that Thread knows as for others: a real service on a file of its own, asked
//! in turns. Prints a table; what it means is for eyes, since a machine with other work on it varies by more.
//!
//! `cargo run --release -p chatgenie-thread --example equal_times`

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program for developers that prints a table")]

use clap::Parser;
use reqwest::Client;
use serde_json::{Value, json};
use signing::{Secret, sign_v1};
use std::time::{Duration, Instant};
use thread::assets::Assets;
use thread::clock::Clock;
use thread::config::ServeConfig;
use thread::origin::Origin;
use thread::state::AppState;
use thread::store::{NewApp, Store};
use tokio::net::TcpListener;

const ROUNDS: usize = 300;

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: ServeConfig,
}

struct Service {
    url: String,
    http: Client,
    app_id: String,
    secret: Secret,
}

impl Service {
    async fn start(dir: &std::path::Path) -> Self {
        let database = format!("sqlite:{}", dir.join("thread.db").display());
        let store = Store::open(&database, None).await.unwrap();
        let secret = Secret::generate();
        let app = NewApp {
            name: "Shop".into(),
            brand_color: "#2f5bea".into(),
            greeting: None,
            origins: vec!["https://shop.example".into()],
        };
        let clock = Clock::system();
        let (app_id, _) = store.create_app(&app, &secret, clock.now_ms()).await.unwrap();
        let mail = format!("--mail=file:{}", dir.join("mail").display());
        let many = [
            "--limit-pin-mails-per-ip",
            "--limit-sign-in-failures",
            "--limit-pin-failures-per-ip",
            "--limit-messages",
        ];
        let mut flags = vec!["thread", mail.as_str()];
        flags.extend(many.iter().flat_map(|limit| [*limit, "1000000000"]));
        let config = Flags::parse_from(flags).config;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let origin = Origin::parse(&url).unwrap();
        let state = AppState::load(store, &config, origin, Assets::from_files(&[]), clock).await.unwrap();
        tokio::spawn(thread::server::serve(listener, state, std::future::pending()));
        Self { url, http: Client::new(), app_id: app_id.0, secret }
    }

    /// Posts; the time until the whole answer was there, and the answer.
    async fn post(&self, path: &str, body: &Value, bearer: Option<&str>) -> (Duration, Value) {
        let mut request = self.http.post(format!("{}{path}", self.url)).json(body);
        if let Some(bearer) = bearer {
            request = request.bearer_auth(bearer);
        }
        let started = Instant::now();
        let bytes = request.send().await.unwrap().bytes().await.unwrap();
        (started.elapsed(), serde_json::from_slice(&bytes).unwrap_or_default())
    }

    async fn write_once(&self, email: &str) {
        let (_, session) = self.post("/v1/sessions", &self.key_of(email, true), None).await;
        let body = json!({"clientId": "c", "body": "Hello"});
        self.post("/v1/service-requests", &body, session["token"].as_str()).await;
    }

    fn key_of(&self, email: &str, is_right: bool) -> Value {
        let key = if is_right { sign_v1(&self.secret, email) } else { "0".repeat(64) };
        json!({
            "appId": self.app_id, "connectionType": "messenger_auth", "connectionEmail": email, "connectionKey": key,
        })
    }

    fn pin_of(&self, email: &str) -> Value {
        json!({"appId": self.app_id, "email": email})
    }

    fn wrong_pin(&self, challenge_id: &str) -> Value {
        json!({"appId": self.app_id, "connectionType": "pin", "challengeId": challenge_id, "pin": "000000"})
    }
}

/// Median and ninth decile, microseconds.
fn spread(mut times: Vec<Duration>) -> (u128, u128) {
    times.sort_unstable();
    (times[times.len() / 2].as_micros(), times[times.len() * 9 / 10].as_micros())
}

fn row(what: &str, known: Vec<Duration>, unknown: Vec<Duration>) {
    let ((known, known_late), (unknown, unknown_late)) = (spread(known), spread(unknown));
    println!(
        "| {what} | {known} ({known_late}) | {unknown} ({unknown_late}) | {:+.1} % |",
        percent(known, unknown)
    );
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of one request")]
fn percent(known: u128, unknown: u128) -> f64 {
    (known as f64 / unknown as f64 - 1.0) * 100.0
}

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let service = Service::start(dir.path()).await;
    for number in 0..ROUNDS {
        service.write_once(&format!("known{number}@shop.example")).await;
    }
    println!("| call | known: median (90 %), µs | unknown | median differs |\n|---|---|---|---|");
    for what in ["POST /v1/pins", "POST /v1/sessions, wrong key", "POST /v1/sessions, wrong PIN"] {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for number in 0..ROUNDS {
            let emails = [format!("known{number}@shop.example"), format!("other{number}@shop.example")];
            // In turns, and either first, so that whatever else the machine does meets both.
            let order = if number % 2 == 0 { [0, 1] } else { [1, 0] };
            for which in order {
                let email = &emails[which];
                let (took, _) = match what {
                    "POST /v1/pins" => service.post("/v1/pins", &service.pin_of(email), None).await,
                    "POST /v1/sessions, wrong key" => {
                        service.post("/v1/sessions", &service.key_of(email, false), None).await
                    }
                    // A challenge that is there, against one that never was.
                    _ if which == 0 => {
                        let (_, asked) = service.post("/v1/pins", &service.pin_of(email), None).await;
                        let id = asked["challengeId"].as_str().unwrap().to_owned();
                        service.post("/v1/sessions", &service.wrong_pin(&id), None).await
                    }
                    _ => service.post("/v1/sessions", &service.wrong_pin("pin_none"), None).await,
                };
                if which == 0 { known.push(took) } else { unknown.push(took) }
            }
        }
        row(what, known, unknown);
    }
}
