use crate::support::{ANN, BOB, PORTAL, TestThread, assert_problem, json_of, text, within};
use futures_util::future::join_all;
use reqwest::{Response, StatusCode};
use serde_json::json;
use std::collections::HashSet;
use std::time::Duration;
use tempfile::TempDir;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// A folder that mails arrive in.
pub struct Mails {
    pub dir: TempDir,
    read: HashSet<String>,
}

impl Mails {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("temporary directory"), read: HashSet::new() }
    }

    pub fn flag(&self) -> String {
        format!("--mail=file:{}", self.dir.path().display())
    }

    /// All whole mails, oldest first.
    pub fn all(&self) -> Vec<(String, String)> {
        let mut mails: Vec<(String, String)> = std::fs::read_dir(self.dir.path())
            .expect("readable")
            .map(|entry| entry.expect("readable").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
            .map(|path| (path.display().to_string(), std::fs::read_to_string(path).expect("readable")))
            .collect();
        mails.sort();
        mails
    }

    /// The next mail that was not read yet.
    pub async fn next(&mut self) -> String {
        let unread = || self.all().into_iter().find(|(name, _)| !self.read.contains(name));
        within(Duration::from_secs(10), || async { unread().is_some() }).await;
        let (name, mail) = unread().expect("just seen");
        self.read.insert(name);
        mail
    }

    pub async fn next_pin(&mut self) -> String {
        pin_of(&self.next().await)
    }
}

/// The six digits of the subject.
pub fn pin_of(mail: &str) -> String {
    let subject = mail.lines().find_map(|line| line.strip_prefix("Subject: ")).expect("a subject");
    let pin: String = subject.chars().take_while(char::is_ascii_digit).collect();
    assert_eq!(pin.len(), 6, "{subject}");
    pin
}

pub async fn ask(thread: &TestThread, email: &str) -> Response {
    let body = json!({"appId": thread.app.id, "email": email});
    thread.post("/v1/pins", &body).header("origin", PORTAL).send().await.expect("answered")
}

pub async fn challenge(thread: &TestThread, email: &str) -> String {
    text(&json_of(ask(thread, email).await, StatusCode::ACCEPTED).await["challengeId"])
}

pub async fn answer(thread: &TestThread, app_id: &str, challenge_id: &str, pin: &str) -> Response {
    let body = json!({"connectionType": "pin", "appId": app_id, "challengeId": challenge_id, "pin": pin});
    thread.post("/v1/sessions", &body).send().await.expect("answered")
}

/// Another PIN than this one.
fn wrong(pin: &str, by: u32) -> String {
    format!("{:06}", (pin.parse::<u32>().expect("digits") + by) % 1_000_000)
}

async fn started() -> (TestThread, Mails) {
    let mails = Mails::new();
    (TestThread::start_with(&[&mails.flag()]).await, mails)
}

#[tokio::test]
async fn a_pin_from_the_mail_signs_in_once() {
    let (thread, mut mails) = started().await;
    let challenge_id = challenge(&thread, " Ann@Shop.example ").await;
    let mail = mails.next().await;
    assert!(mail.contains("To: ann@shop.example\r\n"), "{mail}");
    let pin = pin_of(&mail);
    let spaced = format!("{} {}", &pin[..3], &pin[3..]);
    let body =
        json_of(answer(&thread, &thread.app.id, &challenge_id, &spaced).await, StatusCode::CREATED).await;
    assert_eq!((&body["method"], &body["user"]), (&json!("pin"), &json!({"email": ANN})));
    assert_eq!(body["app"]["signIn"], json!(["messenger_auth", "pin"]));
    assert_eq!(body["expiresAt"], "2026-10-21T14:13:20Z", "thirty days after the clock's time");
    thread.raise(&text(&body["token"]), "c1", "Hello").await;
    assert_problem(answer(&thread, &thread.app.id, &challenge_id, &pin).await, 401, "invalid_pin").await;

    // It is one contact, whichever way it comes in.
    let listed = thread.get("/v1/service-requests").bearer_auth(thread.sign_in(ANN).await);
    let listed = json_of(listed.send().await.expect("answered"), StatusCode::OK).await;
    assert_eq!(listed["serviceRequests"][0]["subject"], "Hello");
}

#[tokio::test]
async fn a_pin_session_is_renewed_up_to_its_end() {
    let mails = Mails::new();
    let flags = [&mails.flag(), "--pin-session-lifetime=1d", "--pin-session-max-lifetime=2d"];
    let (thread, mut mails) = (TestThread::start_with(&flags).await, mails);
    let challenge_id = challenge(&thread, ANN).await;
    let pin = mails.next_pin().await;
    let body = json_of(answer(&thread, &thread.app.id, &challenge_id, &pin).await, StatusCode::CREATED).await;
    assert_eq!(body["expiresAt"], "2026-09-22T14:13:20Z");
    thread.clock.advance_ms(DAY_MS - 1_000);
    let renewed = json_of(thread.renewed(&text(&body["token"])).await, StatusCode::OK).await;
    assert_eq!((&renewed["method"], &renewed["expiresAt"]), (&json!("pin"), &json!("2026-09-23T14:13:19Z")));
    thread.clock.advance_ms(DAY_MS - 1_000);
    let renewed = json_of(thread.renewed(&text(&renewed["token"])).await, StatusCode::OK).await;
    assert_eq!(renewed["expiresAt"], "2026-09-23T14:13:20Z", "not past the end");
    thread.clock.advance_ms(2_000);
    assert_problem(thread.renewed(&text(&renewed["token"])).await, 401, "session_expired").await;
}

#[tokio::test]
async fn a_pin_fits_its_challenge_and_app_only_and_for_ten_minutes() {
    let (thread, mut mails) = started().await;
    let other = thread.other_app().await;
    let (anns, pin) = (challenge(&thread, ANN).await, mails.next_pin().await);
    let (bobs, bobs_pin) = (challenge(&thread, BOB).await, mails.next_pin().await);
    if pin != bobs_pin {
        assert_problem(answer(&thread, &thread.app.id, &bobs, &pin).await, 401, "invalid_pin").await;
    }
    assert_problem(answer(&thread, &other.id, &anns, &pin).await, 401, "invalid_pin").await;
    thread.clock.advance_ms(10 * MINUTE_MS - 1);
    assert_eq!(answer(&thread, &thread.app.id, &anns, &pin).await.status(), StatusCode::CREATED);
    thread.clock.advance_ms(1);
    assert_problem(answer(&thread, &thread.app.id, &bobs, &bobs_pin).await, 401, "invalid_pin").await;
}

#[tokio::test]
async fn a_wrong_used_old_or_made_up_challenge_looks_the_same() {
    let (thread, mut mails) = started().await;
    let (id, pin) = (challenge(&thread, ANN).await, mails.next_pin().await);
    let made_up = format!("pin_{}", "A".repeat(43));
    let mut replies = HashSet::new();
    for (challenge_id, pin) in [(id.as_str(), wrong(&pin, 1)), (&made_up, pin.clone()), ("", pin.clone())] {
        let body =
            assert_problem(answer(&thread, &thread.app.id, challenge_id, &pin).await, 401, "invalid_pin")
                .await;
        replies.insert(body.to_string());
    }
    assert_eq!(answer(&thread, &thread.app.id, &id, &pin).await.status(), StatusCode::CREATED);
    let used = assert_problem(answer(&thread, &thread.app.id, &id, &pin).await, 401, "invalid_pin").await;
    replies.insert(used.to_string());
    assert_eq!(replies.len(), 1, "{replies:?}");
    for pin in ["", "12345", "abcdef", "1234567"] {
        let refused = answer(&thread, &thread.app.id, &id, pin).await;
        assert_eq!(assert_problem(refused, 422, "invalid_params").await["field"], "pin");
    }
}

#[tokio::test]
async fn after_five_wrong_tries_the_right_pin_is_wrong() {
    let (thread, mut mails) = started().await;
    let (id, pin) = (challenge(&thread, ANN).await, mails.next_pin().await);
    for by in 1..=5 {
        assert_problem(answer(&thread, &thread.app.id, &id, &wrong(&pin, by)).await, 401, "invalid_pin")
            .await;
    }
    assert_problem(answer(&thread, &thread.app.id, &id, &pin).await, 401, "invalid_pin").await;
    let (id, pin) = (challenge(&thread, ANN).await, mails.next_pin().await);
    assert_eq!(
        answer(&thread, &thread.app.id, &id, &pin).await.status(),
        StatusCode::CREATED,
        "a new one is fine"
    );
}

#[tokio::test]
async fn parallel_guesses_do_not_slip_past_the_limit() {
    let (thread, mut mails) = started().await;
    let (id, pin) = (challenge(&thread, ANN).await, mails.next_pin().await);
    let guesses: Vec<String> = (1..=40).map(|by| wrong(&pin, by)).collect();
    let answers = join_all(guesses.iter().map(|guess| answer(&thread, &thread.app.id, &id, guess))).await;
    assert!(answers.iter().all(|answer| answer.status() == StatusCode::UNAUTHORIZED));
    assert_problem(answer(&thread, &thread.app.id, &id, &pin).await, 401, "invalid_pin").await;
    // Of the forty, five were looked at: fifteen of the day's twenty are left.
    for _ in 0..3 {
        let (id, pin) = (challenge(&thread, ANN).await, mails.next_pin().await);
        let guesses: Vec<String> = (1..=10).map(|by| wrong(&pin, by)).collect();
        join_all(guesses.iter().map(|guess| answer(&thread, &thread.app.id, &id, guess))).await;
    }
    // Of parallel right ones, one signs in.
    let (id, pin) = (challenge(&thread, BOB).await, mails.next_pin().await);
    let answers = join_all((0..10).map(|_| answer(&thread, &thread.app.id, &id, &pin))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == StatusCode::CREATED).count(), 1);

    // Ann's twenty are used up: for a day there is neither mail nor sign-in, and no reply says so.
    let mails_before = mails.all().len();
    thread.clock.advance_ms(16 * MINUTE_MS);
    challenge(&thread, ANN).await;
    challenge(&thread, BOB).await;
    assert!(mails.next().await.contains("To: bob@"), "Bob's is the next mail");
    assert_eq!(mails.all().len(), mails_before + 1);
    thread.clock.advance_ms(DAY_MS);
    let (id, pin) = (challenge(&thread, ANN).await, mails.next_pin().await);
    assert_eq!(answer(&thread, &thread.app.id, &id, &pin).await.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn a_blocked_address_cannot_use_a_pin_that_was_mailed_before() {
    let mails = Mails::new();
    let flags = [&mails.flag(), "--limit-pin-failures=2"];
    let (thread, mut mails) = (TestThread::start_with(&flags).await, mails);
    let (first, pin) = (challenge(&thread, ANN).await, mails.next_pin().await);
    let (second, other_pin) = (challenge(&thread, ANN).await, mails.next_pin().await);
    for by in 1..=2 {
        answer(&thread, &thread.app.id, &second, &wrong(&other_pin, by)).await;
    }
    assert_problem(answer(&thread, &thread.app.id, &first, &pin).await, 401, "invalid_pin").await;
}

#[tokio::test]
async fn mails_to_an_address_are_limited_and_no_reply_tells() {
    let (thread, mut mails) = started().await;
    let ids = join_all((0..12).map(|_| challenge(&thread, ANN))).await;
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 12);
    assert_eq!(ids.iter().map(String::len).collect::<HashSet<_>>().len(), 1, "all of one form");
    challenge(&thread, BOB).await;
    let mut to_ann = 0;
    for _ in 0..6 {
        to_ann += usize::from(mails.next().await.contains("To: ann@"));
    }
    assert_eq!((to_ann, mails.all().len()), (5, 6));
    thread.clock.advance_ms(15 * MINUTE_MS);
    challenge(&thread, ANN).await;
    assert!(mails.next().await.contains("To: ann@"));
}

#[tokio::test]
async fn mails_by_one_client_are_limited() {
    let mails = Mails::new();
    let flags = [&mails.flag(), "--limit-pin-mails-per-ip=3", "--trusted-proxies=127.0.0.0/8"];
    let (thread, mut mails) = (TestThread::start_with(&flags).await, mails);
    let from = async |client: &str, email: &str| {
        let body = json!({"appId": thread.app.id, "email": email});
        let response = thread.post("/v1/pins", &body).header("x-forwarded-for", client).send().await;
        assert_eq!(response.expect("answered").status(), StatusCode::ACCEPTED);
    };
    for index in 0..5 {
        from("198.51.100.1", &format!("a{index}@x.example")).await;
    }
    from("198.51.100.2", "b@x.example").await;
    for _ in 0..4 {
        mails.next().await;
    }
    assert_eq!(mails.all().len(), 4);
    assert!(!format!("{:?}", mails.all()).contains("a3@x.example"));
    thread.clock.advance_ms(60 * MINUTE_MS);
    from("198.51.100.1", "a9@x.example").await;
    assert!(mails.next().await.contains("To: a9@"));
}

#[tokio::test]
async fn only_addresses_of_known_apps_on_their_pages_get_mail() {
    let (thread, mails) = started().await;
    for email in [
        "",
        "ann",
        "ann@shop.example\r\nBcc: eve@x.example",
        "\"a b\"@x.example",
        "ann@localhost",
        "a,b@x.example",
    ] {
        assert_eq!(assert_problem(ask(&thread, email).await, 422, "invalid_params").await["field"], "email");
    }
    let unknown = thread.post("/v1/pins", &json!({"appId": "app_none", "email": ANN}));
    assert_problem(unknown.send().await.expect("answered"), 404, "unknown_app").await;
    let foreign = thread.post("/v1/pins", &json!({"appId": thread.app.id, "email": ANN}));
    let foreign = foreign.header("origin", "https://evil.example").send().await.expect("answered");
    assert_problem(foreign, 403, "origin_not_allowed").await;
    let simple = thread
        .request(reqwest::Method::POST, "/v1/pins")
        .header("content-type", "text/plain")
        .body(json!({"appId": thread.app.id, "email": "用户@例子.公司"}).to_string());
    assert_eq!(simple.send().await.expect("answered").status(), StatusCode::ACCEPTED);
    within(Duration::from_secs(5), || async { !mails.all().is_empty() }).await;
    assert_eq!(mails.all().len(), 1);
}

#[tokio::test]
async fn no_pin_is_stored_in_clear() {
    let (thread, mut mails) = started().await;
    let mut pins = vec![];
    for index in 0..3 {
        challenge(&thread, &format!("ann{index}@shop.example")).await;
        pins.push(mails.next_pin().await);
    }
    let database = thread.database.dump();
    assert!(contains(&database, b"ann2@shop.example"), "the search finds what is there");
    for pin in pins {
        assert!(!contains(&database, pin.as_bytes()), "{pin}");
    }
    assert!(!contains(&database, b"127.0.0.1"), "nor a client's address");
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
