//! The pages that Thread itself writes.

use crate::support::TestThread;
use protocol::ErrorCode;
use std::path::Path;

/// A text of the list, as it stands in HTML.
fn in_html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    escaped.split('`').enumerate().fold(String::new(), |html, (index, part)| match index % 2 {
        0 => html + part,
        _ => html + "<code>" + part + "</code>",
    })
}

#[tokio::test]
async fn every_error_has_the_section_that_its_message_links_to() {
    let thread = TestThread::start().await;
    let page = thread.get("/docs/errors").send().await.expect("answered").text().await.expect("whole");
    for code in ErrorCode::ALL {
        let anchor = code.docs_path();
        let anchor = anchor.strip_prefix("/docs/errors#").expect("on this page");
        let section = page.split("<section ").find(|part| part.starts_with(&format!("id=\"{anchor}\"")));
        let section = section.unwrap_or_else(|| panic!("{code:?} has no section"));
        assert!(
            section.contains(&in_html(code.cause())) && section.contains(&in_html(code.cure())),
            "{section}"
        );
    }
    // What a refusal names leads there.
    let refusal = thread.get("/v1/apps/none").send().await.expect("answered");
    let refusal: serde_json::Value = refusal.json().await.expect("JSON");
    assert_eq!(refusal["type"], "/docs/errors#unknown_app");
}

#[test]
fn the_reference_has_a_section_for_every_error() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors.md");
    let reference = std::fs::read_to_string(path).expect("readable");
    for code in ErrorCode::ALL {
        let section =
            format!("## {}\n\n{}\n\n**What to do.** {}\n", code.as_str(), code.cause(), code.cure());
        assert!(reference.contains(&section), "docs/errors.md needs this (./build.sh docs):\n\n{section}\n");
    }
}

#[test]
fn the_types_of_the_page_know_every_error_that_reaches_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/chatgenie.d.ts");
    let types = std::fs::read_to_string(path).expect("readable");
    let union = types.split("export type ErrorCode =").nth(1).and_then(|rest| rest.split(';').next());
    let listed: Vec<&str> = union.expect("there").split('\'').skip(1).step_by(2).collect();
    for code in &listed {
        assert!(ErrorCode::parse(code).is_some(), "{code} is no code");
    }
    // Those of the panel's and the tools' requests never come to a page.
    let elsewhere =
        ["session_expired", "invalid_pin", "unauthorized", "not_found", "conflict", "payload_too_large"];
    for code in ErrorCode::ALL.iter().map(|code| code.as_str()) {
        assert!(listed.contains(&code) != elsewhere.contains(&code), "{code}");
    }
}

#[tokio::test]
async fn a_policy_is_checked_without_a_script() {
    let thread = TestThread::start().await;
    let own = &thread.url;
    let check = async |policy: &str, loading: &str| {
        let request = thread.request(reqwest::Method::POST, "/tools/csp");
        let form = [("policy", policy), ("page", "https://shop.example/x"), ("loading", loading)];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        request.send().await.expect("answered").text().await.expect("whole")
    };
    let page = check("default-src 'self'", "tag").await;
    assert!(
        page.contains("does not work with this policy") && page.contains(&format!("frame-src 'self' {own}")),
        "{page}"
    );
    let good = format!("script-src 'wasm-unsafe-eval' {own}; frame-src {own}; connect-src {own}");
    let page = check(&good, "tag").await;
    assert!(page.contains("The messenger works with this policy.") && !page.contains("Missing"), "{page}");
    let page = check("</textarea><script>alert(1)</script>", "\"><script>").await;
    assert!(!page.contains("<script>"), "what was pasted is text");

    // What no page has costs nobody more than a sentence.
    let empty = thread.get("/tools/csp").send().await.expect("answered").text().await.expect("whole");
    let directives: Vec<String> = (0..1_500).map(|index| format!("d{index};")).collect();
    for (policy, sentence) in [
        ("a,".repeat(32 * 1024), "This is more than 16 KB."),
        ("a,".repeat(3 * 1024), "This has more than 16 policies"),
        (directives.concat(), "This has more than 64 directives."),
    ] {
        let page = check(&policy, "tag").await;
        assert!(page.contains(sentence), "{sentence} {}", page.len());
        assert!(page.len() < empty.len() + policy.len().min(16 * 1024) + 1024, "{}", page.len());
    }

    let shown = thread.get("/tools/csp").send().await.expect("answered");
    let policy = shown.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("script-src"));
    let page = shown.text().await.expect("whole");
    let current = thread.state.versions().current().expect("there");
    assert!(page.contains(current.widget().integrity()));
}
