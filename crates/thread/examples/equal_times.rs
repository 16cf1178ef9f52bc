//! Whether answers take as long for what Thread knows as for what it does not: addresses, challenges, and reasons why a key is
//! refused. A real service on a file of its own, asked in turns. Prints a table; what it means is for eyes, since a machine
//! with other work on it varies by more.
//!
//! `cargo run -p chatgenie-thread --example equal_times`

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program for developers that prints a table")]

use clap::Parser;
use reqwest::Client;
use serde_json::{Value, json};
use signing::{Nonce, Secret, Terms, sign_v1, sign_v2};
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
    /// A challenge that no PIN fits any more.
    used_up: String,
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
        let mut service = Self { url, http: Client::new(), app_id: app_id.0, secret, used_up: String::new() };
        let (_, asked) = service.post("/v1/pins", &service.pin_of("used-up@shop.example"), None).await;
        service.used_up = asked["challengeId"].as_str().unwrap().to_owned();
        for _ in 0..5 {
            service.post("/v1/pins", &service.pin_of("used-up@shop.example"), None).await;
            service.post("/v1/sessions", &service.wrong_pin(&service.used_up), None).await;
        }
        service
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
        let key = sign_v1(&self.secret, email);
        let (_, session) = self.post("/v1/sessions", &self.key_of(email, &key), None).await;
        let body = json!({"clientId": "c", "body": "Hello"});
        self.post("/v1/service-requests", &body, session["token"].as_str()).await;
    }

    fn key_of(&self, email: &str, key: &str) -> Value {
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

#[expect(clippy::cast_precision_loss, reason = "microseconds of one request")]
fn row(what: &str, one: Vec<Duration>, other: Vec<Duration>) {
    let ((one, one_late), (other, other_late)) = (spread(one), spread(other));
    println!("| {what} | {one} ({one_late}) | {other} ({other_late}) | {:.3} |", one as f64 / other as f64);
}

/// Times of two kinds of a request: in turns, and either first, so that whatever else the machine does meets both.
async fn compare(what: &str, mut ask: impl AsyncFnMut(usize, bool) -> Duration) {
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for number in 0..ROUNDS {
        for is_one in [number % 2 == 0, number % 2 != 0] {
            let took = ask(number, is_one).await;
            if is_one { one.push(took) } else { other.push(took) }
        }
    }
    row(what, one, other);
}

fn of(number: usize, is_known: bool) -> String {
    format!("{}{number}@shop.example", if is_known { "known" } else { "other" })
}

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let service = Service::start(dir.path()).await;
    for number in 0..ROUNDS {
        service.write_once(&of(number, true)).await;
    }
    println!("| one | its time: median (90 %), µs | the other’s | ratio |\n|---|---|---|---|");
    compare("a PIN asked for: known address, unknown", async |number, is_known| {
        service.post("/v1/pins", &service.pin_of(&of(number, is_known)), None).await.0
    })
    .await;
    compare("a PIN asked for: address over its limit of mails, not", async |number, is_over| {
        let email = if is_over { "used-up@shop.example" } else { &of(number, false) };
        service.post("/v1/pins", &service.pin_of(email), None).await.0
    })
    .await;
    compare("a wrong key: known address, unknown", async |number, is_known| {
        service.post("/v1/sessions", &service.key_of(&of(number, is_known), &"0".repeat(64)), None).await.0
    })
    .await;
    compare("a wrong PIN: challenge that is there, made up", async |number, is_there| {
        // Either way after a mail, since sending it goes on meanwhile.
        let (_, asked) = service.post("/v1/pins", &service.pin_of(&of(number, is_there)), None).await;
        let id = if is_there {
            asked["challengeId"].as_str().unwrap().to_owned()
        } else {
            // As long as a real one.
            format!("pin_{}", "x".repeat(43))
        };
        service.post("/v1/sessions", &service.wrong_pin(&id), None).await.0
    })
    .await;
    compare("a wrong PIN: challenge over its limit of tries, made up", async |_, is_there| {
        let id = if is_there { &service.used_up } else { "pin_none" };
        service.post("/v1/sessions", &service.wrong_pin(id), None).await.0
    })
    .await;
    // What somebody without the secret can send: all are refused, and which it was shows nowhere.
    let email = of(0, true);
    let own = sign_v1(&service.secret, &email);
    let almost = format!("{}{}", &own[..63], if own.ends_with('0') { '1' } else { '0' });
    let of_another = sign_v1(&Secret::generate(), &email);
    let v2 = |secret: &Secret, expires: u64| {
        let terms = Terms::from_parts(expires, Nonce::generate());
        sign_v2(secret, &service.app_id.as_str().into(), &email, &terms)
    };
    let now = u64::try_from(Clock::system().now_ms() / 1_000).unwrap();
    let wrong = "0".repeat(64);
    for (what, key) in [
        ("right but for its last digit", almost),
        ("of another secret", of_another),
        ("v2 of another secret", v2(&Secret::generate(), now + 300)),
        ("v2 of another secret, expired", v2(&Secret::generate(), now - 300)),
        ("v2 of the own secret, expired", v2(&service.secret, now - 300)),
    ] {
        compare(&format!("a refused key: {what}, all zeros"), async |_, is_one| {
            let key = if is_one { &key } else { &wrong };
            service.post("/v1/sessions", &service.key_of(&email, key), None).await.0
        })
        .await;
    }
}
