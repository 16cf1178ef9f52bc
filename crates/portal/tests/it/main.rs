//! The portal as its users and its enemies meet it: over HTTP, through the whole router.

mod client;

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, SET_COOKIE};
use client::{Client, SECRET};

const ANN: (&str, &str) = ("ann@example.com", "demo-lantern-42");
const BEN: (&str, &str) = ("ben@example.com", "demo-harvest-17");

/// `php -r 'echo hash_hmac("sha256", "ann@example.com", "cgs_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");'`
const ANN_KEY: &str = "4be05be33f4c425c5e25e430e1a81271d05d3234b5fd9affd703feabfb759810";
/// The same for Ben.
const BEN_KEY: &str = "6c957ee8e713fd71fd9ecfaa7c68c059da668290d8d44fb76c880d0672ad9989";

#[tokio::test]
async fn the_login_page_shows_the_demo_users() {
    let page = Client::new().get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    for (email, password) in [ANN, BEN] {
        assert!(page.body.contains(email) && page.body.contains(password), "{email}");
    }
}

#[tokio::test]
async fn signing_in_leads_home_and_signing_out_leads_back() {
    let mut client = Client::new();
    let answer = client.sign_in(ANN).await;
    assert_eq!((answer.status, answer.header(&LOCATION)), (StatusCode::SEE_OTHER, "/home"));
    assert!(
        answer.header(&SET_COOKIE).ends_with("; HttpOnly; SameSite=Lax"),
        "{}",
        answer.header(&SET_COOKIE)
    );

    assert!(client.get("/home").await.body.contains("Ann Okafor"));
    assert_eq!(client.get("/").await.header(&LOCATION), "/home");

    let before = client.clone();
    assert_eq!(client.post_form("/logout", "").await.header(&LOCATION), "/");
    assert_eq!(client.get("/home").await.header(&LOCATION), "/");
    assert_eq!(
        before.get("/home").await.header(&LOCATION),
        "/",
        "a copy of the cookie is worth nothing either"
    );
}

#[tokio::test]
async fn a_wrong_password_signs_nobody_in() {
    for credentials in [(ANN.0, BEN.1), (ANN.0, ""), ("nobody@example.com", ANN.1)] {
        let mut client = Client::new();
        let answer = client.sign_in(credentials).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.body.contains("do not belong together"));
        assert!(!answer.headers.contains_key(SET_COOKIE));
        assert_eq!(client.get("/home").await.header(&LOCATION), "/");
        let json = format!(r#"{{"email":"{}","password":"{}"}}"#, credentials.0, credentials.1);
        assert_eq!(client.post_json("/api/login", &json).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn what_was_typed_comes_back_as_text() {
    let answer = Client::new().sign_in(("\"><script>alert(1)</script>", "x")).await;
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    assert!(
        answer.body.contains("&#60;script&#62;") || answer.body.contains("&lt;script&gt;"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn posts_from_other_origins_are_refused() {
    let mut signed_in = Client::new();
    signed_in.sign_in(ANN).await;
    for origin in [Some("http://evil.example"), Some("http://localhost:9999"), Some("null"), None] {
        let foreign = signed_in.at_origin(origin);
        for path in ["/login", "/logout", "/api/logout"] {
            let answer =
                foreign.clone().post_form(path, "email=ann%40example.com&password=demo-lantern-42").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} from {origin:?}");
            assert!(!answer.headers.contains_key(SET_COOKIE), "{path} from {origin:?}");
        }
        let json = r#"{"email":"ann@example.com","password":"demo-lantern-42"}"#;
        assert_eq!(foreign.clone().post_json("/api/login", json).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(signed_in.get("/home").await.status, StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn a_form_of_another_kind_cannot_call_the_api() {
    let json = r#"{"email":"ann@example.com","password":"demo-lantern-42"}"#;
    assert_eq!(
        Client::new().post("/api/login", "text/plain", json).await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
}

#[tokio::test]
async fn the_page_has_the_key_that_php_makes() {
    for (user, key) in [(ANN, ANN_KEY), (BEN, BEN_KEY)] {
        let mut client = Client::new();
        client.sign_in(user).await;
        let page = client.get("/home").await.body;
        assert!(
            page.contains(&format!("\nconnectionEmail: \"{}\",\nconnectionKey: \"{key}\"\n", user.0)),
            "{page}"
        );
        assert!(page.contains("\nappId: \"app-1\",\n"));
        assert!(page.contains("t.src=\"http://127.0.0.1:8080/widget.js\";"));
    }
}

#[tokio::test]
async fn the_app_learns_who_is_signed_in_and_nobody_else_does() {
    let mut client = Client::new();
    assert_eq!(client.get("/api/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(client.get("/api/devices").await.status, StatusCode::UNAUTHORIZED);

    let json = format!(r#"{{"email":"{}","password":"{}"}}"#, ANN.0, ANN.1);
    assert_eq!(client.post_json("/api/login", &json).await.status, StatusCode::NO_CONTENT);
    let me: serde_json::Value = serde_json::from_str(&client.get("/api/me").await.body).expect("JSON");
    assert_eq!(me["email"], ANN.0);
    assert_eq!(me["connectionKey"], ANN_KEY);
    assert_eq!(client.get("/api/devices").await.status, StatusCode::OK);

    assert_eq!(client.post_json("/api/logout", "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(client.get("/api/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn each_page_has_a_strict_policy_with_a_nonce_of_its_own() {
    let mut client = Client::new();
    client.sign_in(ANN).await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let page = client.get("/home").await;
        let policy = page.header(&CONTENT_SECURITY_POLICY).to_owned();
        let nonce =
            policy.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')).expect("a nonce").0;
        assert!(page.body.contains(&format!("<script nonce=\"{nonce}\">")), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert!(policy.contains("frame-src http://127.0.0.1:8080;"), "{policy}");
        assert_eq!(page.header(&CACHE_CONTROL), "no-store");
        nonces.push(nonce.to_owned());
    }
    assert_ne!(nonces[0], nonces[1]);
    assert_eq!(
        client.get("/app/devices").await.body.matches("<script").count(),
        1,
        "the app has no inline script"
    );
}

#[tokio::test]
async fn no_response_has_the_secret() {
    let mut client = Client::new();
    let mut answers =
        vec![client.get("/").await, client.sign_in((ANN.0, "wrong")).await, client.sign_in(ANN).await];
    for path in [
        "/",
        "/home",
        "/app",
        "/app/devices",
        "/api/me",
        "/api/devices",
        "/static/app.js",
        "/nowhere",
        "/static/nothing",
    ] {
        answers.push(client.get(path).await);
    }
    answers.push(client.post_json("/api/login", "not json").await);
    answers.push(client.post_form("/logout", "").await);
    for answer in answers {
        assert!(!answer.body.contains(SECRET) && !answer.body.contains("cgs_"), "{}", answer.body);
        for value in answer.headers.values() {
            assert!(!value.to_str().expect("ASCII").contains(SECRET));
        }
    }
}
