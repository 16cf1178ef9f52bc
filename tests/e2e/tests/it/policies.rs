//! What `thread csp` advises works, and the widget at a version's own address keeps to its hash.

use crate::partner::{EMAIL, Partner};
use e2e::Result;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Advice {
    ways: Vec<Way>,
}

#[derive(Deserialize)]
struct Way {
    name: String,
    policy: String,
    tag: String,
    engine: String,
}

impl Way {
    /// The value of an attribute of its tag.
    fn attribute(&self, name: &str) -> &str {
        let value = self.tag.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        value.unwrap_or_default()
    }

    /// The policy with the nonce of the test page's own scripts; it stands on the widget's tag where this way says so.
    fn filled(&self) -> (String, &'static str) {
        if self.policy.contains("'nonce-…'") {
            return (self.policy.replace("'nonce-…'", "'nonce-page'"), "page");
        }
        (self.policy.replace("script-src", "script-src 'nonce-page'"), "")
    }
}

impl Partner {
    async fn ways(&self) -> Result<Vec<Way>> {
        let (app, origin) = (self.app.app_id.as_str(), self.thread.origin());
        let advice: Advice =
            self.thread.command(&["csp", "--app", app, "--public-url", &origin, "--json"]).await?;
        Ok(advice.ways)
    }

    /// Opens a page under a policy, with a tag of `way`'s; gives the outcome and which engine ran.
    async fn visit(&self, way: &Way, policy: &str, nonce: &str) -> Result<(String, &'static str)> {
        let values = [
            ("policy", json!(policy)),
            ("nonce", json!(nonce)),
            ("widget", json!(way.attribute("src"))),
            ("integrity", json!(way.attribute("integrity"))),
            ("params", self.params(EMAIL)?),
        ];
        let page = self.open_with_values("advised", values).await?;
        let outcome = page.outcome().await?;
        if outcome == "resolved" {
            page.click_launcher().await?.wait_for_text(EMAIL).await?;
            self.browser.enter_default_frame().await?;
        }
        let script = "return performance.getEntriesByType('resource').some(({ name }) => /engine-[0-9a-f]+[.]js$/.test(name))";
        let plain = self.browser.run::<bool>(script).await?;
        Ok((outcome, if plain { "plain_java_script" } else { "web_assembly" }))
    }
}

#[tokio::test]
async fn every_way_that_thread_advises_works_in_a_browser() -> Result {
    let partner = Partner::start().await?;
    let ways = partner.ways().await?;
    assert_eq!(ways.len(), 5);
    for way in &ways {
        let (policy, nonce) = way.filled();
        let (outcome, engine) = partner.visit(way, &policy, nonce).await?;
        assert_eq!((outcome.as_str(), engine), ("resolved", way.engine.as_str()), "{}: {policy}", way.name);
        // Asking whether WebAssembly may run is reported where it may not.
        let faults: Vec<String> = partner.browser.run("return faults").await?;
        let others: Vec<_> = faults.iter().filter(|fault| !fault.ends_with("wasm-eval")).collect();
        assert!(others.is_empty(), "{}: {others:?}", way.name);
    }
    Ok(())
}

#[tokio::test]
async fn a_pinned_version_brings_its_plain_engine_from_the_same_place_by_its_hash() -> Result {
    let partner = Partner::start().await?;
    let ways = partner.ways().await?;
    let way = ways.iter().find(|way| way.name == "integrity").expect("advised");
    let (policy, nonce) = way.filled();
    let policy = policy.replace(" 'wasm-unsafe-eval'", "");
    let (outcome, engine) = partner.visit(way, &policy, nonce).await?;
    assert_eq!((outcome.as_str(), engine), ("resolved", "plain_java_script"));
    let requests = partner.thread.tap().requests();
    assert!(
        requests.iter().any(|(_, address)| address.starts_with("/v/") && address.contains("/engine-")),
        "{requests:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_not_the_pinned_one_does_not_run() -> Result {
    let partner = Partner::start().await?;
    let mut ways = partner.ways().await?;
    let way = ways.iter_mut().find(|way| way.name == "integrity").expect("advised");
    let integrity = way.attribute("integrity").to_owned();
    way.tag = way.tag.replace(&integrity, &format!("sha384-{}", "A".repeat(64)));
    let (policy, nonce) = way.filled();
    let values = [
        ("policy", json!(policy)),
        ("nonce", json!(nonce)),
        ("widget", json!(way.attribute("src"))),
        ("integrity", json!(way.attribute("integrity"))),
        ("params", Value::Null),
    ];
    partner.open_with_values("advised", values).await?;
    assert!(partner.browser.run::<bool>("return !('chatgenie' in window)").await?);
    Ok(())
}
