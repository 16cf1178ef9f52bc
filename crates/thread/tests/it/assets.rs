use crate::support::{PORTAL, TestThread};
use reqwest::{Method, RequestBuilder, Response, StatusCode};

async fn sent(request: RequestBuilder) -> Response {
    request.send().await.expect("answered")
}

#[tokio::test]
async fn the_widget_is_for_every_page_and_soon_looked_at_again() {
    let thread = TestThread::start().await;
    let response = sent(thread.get("/widget.js").header("accept-encoding", "gzip, br")).await;
    let headers = response.headers().clone();
    assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(headers["content-encoding"], "br");
    assert_eq!(headers["vary"], "Accept-Encoding");
    assert_eq!(headers["cache-control"], "public, max-age=300, stale-while-revalidate=86400");
    assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(headers["timing-allow-origin"], "*");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(response.bytes().await.expect("whole").as_ref(), b"BR");

    let etag = headers["etag"].to_str().expect("text").to_owned();
    assert!(etag.starts_with('"'), "strong");
    for tag in [etag.clone(), format!("\"x\", W/{etag}"), "*".to_owned()] {
        let again =
            sent(thread.get("/widget.js").header("accept-encoding", "br").header("if-none-match", tag)).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers()["etag"], etag.as_str());
        assert_eq!(again.headers()["cache-control"], headers["cache-control"]);
        assert_eq!(again.bytes().await.expect("whole").len(), 0);
    }
    let plain = sent(thread.get("/widget.js").header("if-none-match", etag)).await;
    assert_eq!(plain.status(), StatusCode::OK, "the tag of another form does not fit");
    assert!(!plain.headers().contains_key("content-encoding"));
    assert_eq!(plain.bytes().await.expect("whole").as_ref(), b"widget();");
    let head = sent(thread.request(Method::HEAD, "/widget.js")).await;
    assert_eq!(
        (head.status(), &head.headers()["content-length"]),
        (StatusCode::OK, &"9".parse().expect("valid"))
    );
}

#[tokio::test]
async fn hashed_names_are_kept_for_ever() {
    let thread = TestThread::start().await;
    let response =
        sent(thread.get("/messenger/assets/panel-1a2b.wasm").header("accept-encoding", "br")).await;
    assert_eq!(response.headers()["content-type"], "application/wasm");
    assert_eq!(response.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(response.headers()["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(response.bytes().await.expect("whole").as_ref(), b"BR-WASM");
    for path in [
        "/messenger/assets/none.js",
        "/messenger/assets/..%2f..%2fwidget.js",
        "/messenger/assets/",
        "/widget/none.js",
    ] {
        assert_eq!(sent(thread.get(path)).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn other_files_go_out_by_their_name_and_the_panels_document_does_not() {
    let thread = TestThread::start().await;
    let response = sent(thread.get("/engine-0a1b2c3d.js")).await;
    assert_eq!(response.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(response.bytes().await.expect("whole").as_ref(), b"engine();");
    assert_eq!(
        sent(thread.request(Method::POST, "/engine-0a1b2c3d.js")).await.status(),
        StatusCode::NOT_FOUND
    );
    for path in ["/messenger/index.html", "//messenger/index.html", "/nowhere", "/..%2fCargo.toml"] {
        assert_eq!(sent(thread.get(path)).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_panel_can_be_framed_by_the_apps_pages_only() {
    let thread = TestThread::start().await;
    let response = sent(thread.get(&format!("/messenger/?appId={}", thread.app.id))).await;
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers();
    let (own, socket) = (&thread.url, thread.url.replace("http", "ws"));
    assert_eq!(
        headers["content-security-policy"].to_str().expect("text"),
        format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' {socket}; \
             img-src 'self' data: blob:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {own} {PORTAL}"
        )
    );
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["cross-origin-embedder-policy"], "require-corp");
    assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(headers["cache-control"], "no-cache");
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    assert!(headers["permissions-policy"].to_str().expect("text").contains("camera=()"));
}

#[tokio::test]
async fn no_page_can_frame_the_agents_page_or_fetch_its_files() {
    let thread = TestThread::start().await;
    let response = sent(thread.get("/agent/").header("accept-encoding", "gzip")).await;
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers().clone();
    let socket = thread.url.replace("http", "ws");
    assert_eq!(
        headers["content-security-policy"].to_str().expect("text"),
        format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' {socket}; \
             img-src 'self' data: blob:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'"
        )
    );
    for (name, value) in [
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-cache"),
        ("content-type", "text/html; charset=utf-8"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(headers[name], value, "{name}");
    }
    assert!(!headers.contains_key("access-control-allow-origin"));
    assert_eq!(response.bytes().await.expect("whole").as_ref(), b"GZ-AGENT");

    let file = sent(thread.get("/agent/assets/agent-1a2b.js").header("accept-encoding", "br")).await;
    assert_eq!(file.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(file.headers()["cross-origin-resource-policy"], "same-origin");
    assert_eq!(file.headers()["x-content-type-options"], "nosniff");
    assert!(!file.headers().contains_key("access-control-allow-origin"));
    assert_eq!(file.bytes().await.expect("whole").as_ref(), b"BR-AGENT");

    for path in
        ["/agent/assets/none.js", "/agent/assets/..%2findex.html", "/agent/index.html", "//agent/index.html"]
    {
        assert_eq!(sent(thread.get(path)).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let slash =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let slash = sent(slash.get(format!("{}/agent", thread.url))).await;
    assert_eq!(slash.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(slash.headers()["location"], "/agent/");
}

#[tokio::test]
async fn without_an_app_the_panel_says_what_to_do() {
    let thread = TestThread::start().await;
    for (path, status) in
        [("/messenger/", 422), ("/messenger/?appId=", 422), ("/messenger/?appId=<script>", 404)]
    {
        let response = sent(thread.get(path)).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().expect("text").to_owned();
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
        let page = response.text().await.expect("whole");
        assert!(page.contains("thread app list") && !page.contains("<script"), "{page}");
    }
}

#[tokio::test]
async fn a_binary_without_browser_files_says_so() {
    let thread = TestThread::start_serving(&[], &[]).await;
    for path in ["/widget.js", "/messenger/", "/messenger/assets/x.js", "/agent/", "/agent/assets/x.js"] {
        let response = sent(thread.get(path)).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(response.text().await.expect("whole").contains("./build.sh build"), "{path}");
    }
}
