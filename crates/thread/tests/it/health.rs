use crate::support::TestThread;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use protocol::ErrorCode;
use reqwest::StatusCode;
use sha2::{Digest as _, Sha256};

#[tokio::test]
async fn it_says_that_it_lives_and_is_ready() {
    let thread = TestThread::start().await;
    for path in ["/healthz", "/readyz", "/"] {
        let response = thread.get(path).send().await.expect("answered");
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
    let about = thread.get("/").send().await.expect("answered").text().await.expect("whole");
    for page in ["/agent/", "/playground/", "/tools/csp", "/docs/errors"] {
        assert!(about.contains(page), "{page}: {about}");
    }
}

#[tokio::test]
async fn without_its_database_it_lives_but_is_not_ready() {
    let thread = TestThread::start().await;
    thread.store.close().await;
    let response = thread.get("/readyz").send().await.expect("answered");
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(thread.get("/healthz").send().await.expect("answered").status(), StatusCode::OK);
}

#[tokio::test]
async fn every_error_code_is_explained() {
    let thread = TestThread::start().await;
    let response = thread.get("/docs/errors").send().await.expect("answered");
    let policy = response.headers()["content-security-policy"].to_str().expect("text").to_owned();
    let page = response.text().await.expect("whole");
    for code in ErrorCode::ALL {
        assert!(page.contains(&format!("<section id=\"{}\">", code.as_str())), "{code:?}");
    }
    assert!(page.contains("<code>thread app list</code>") && !page.contains('`'));
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).expect("a style");
    assert!(policy.contains(&format!("'sha256-{}'", STANDARD.encode(Sha256::digest(style)))), "{policy}");
}

/// For databases in a file.
mod sqlite {
    use super::*;

    #[tokio::test]
    async fn anybody_may_ask_for_readiness_and_the_database_is_written_once_a_second() {
        let thread = TestThread::start().await;
        let log = thread.dir.path().join("thread.db-wal");
        let written = || std::fs::metadata(&log).expect("there").len();
        let before = written();
        let ask = || async { thread.get("/readyz").send().await.expect("answered").status() };
        for _ in 0..20 {
            assert!(join_all((0..50).map(|_| ask())).await.iter().all(|status| *status == StatusCode::OK));
        }
        // A commit each would be a thousand pages of 4 KiB.
        let more = written() - before;
        assert!(more < 1_000_000, "{more} bytes");
    }
}
