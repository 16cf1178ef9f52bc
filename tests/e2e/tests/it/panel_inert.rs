//! What somebody typed is text, whatever it looks like: in names, subjects, messages and names of files.

use crate::partner::{EMAIL, Partner};
use anyhow::Context as _;
use e2e::{Browser, Result};
use serde_json::{Value, json};

/// One a line: markup, addresses and templates that have run as code somewhere.
const PAYLOADS: &str = include_str!("payloads.txt");

/// All elements that the panel makes of its own.
const OWN: &str = "a bdi body button div form h1 h2 header head html img input label li link main meta noscript ol p path script span svg textarea time title ul";

/// A customer's session, without a browser.
struct Contact {
    origin: String,
    token: String,
    client: reqwest::Client,
}

impl Contact {
    async fn sign_in(partner: &Partner) -> Result<Self> {
        let (origin, client) = (partner.thread.origin(), reqwest::Client::new());
        let url = format!("{origin}/v1/sessions");
        let answer = client.post(url).json(&partner.params(EMAIL)?).send().await?.error_for_status()?;
        let session: Value = answer.json().await?;
        let token = session["token"].as_str().context("a session has a token")?.to_owned();
        Ok(Self { origin, token, client })
    }

    async fn upload(&self, name: &str) -> Result<Value> {
        let url =
            reqwest::Url::parse_with_params(&format!("{}/v1/attachments", self.origin), [("name", name)])?;
        let request = self.client.post(url).bearer_auth(&self.token);
        let answer =
            request.header("content-type", "text/plain").body("text").send().await?.error_for_status()?;
        Ok(answer.json().await?)
    }

    async fn raise(&self, client_id: &str, body: &str, files: &[Value]) -> Result {
        let url = format!("{}/v1/service-requests", self.origin);
        let message = json!({ "clientId": client_id, "body": body, "attachmentIds": files });
        self.client.post(url).bearer_auth(&self.token).json(&message).send().await?.error_for_status()?;
        Ok(())
    }
}

fn payloads() -> Vec<&'static str> {
    PAYLOADS.lines().collect()
}

/// Which elements are there that the panel does not make, and what ran or could run.
const INSPECT: &str = "
    const own = new Set(arguments[0].split(' '));
    const all = [...document.querySelectorAll('*')];
    return {
      foreign: all.filter(({ localName }) => !own.has(localName)).map(({ outerHTML }) => outerHTML),
      scripts: document.scripts.length,
      handlers: all.filter((e) => [...e.attributes].some(({ name }) => name.startsWith('on'))).length,
      links: [...document.links].map(({ protocol }) => protocol)
        .filter((p) => !['http:', 'https:', 'mailto:', 'blob:'].includes(p)),
      pwned: typeof window.pwned,
      text: document.body.textContent,
    }";

fn assert_inert(seen: &Value, place: &str) {
    let (nothing, one) = (json!([]), json!(1));
    assert_eq!(seen["foreign"], nothing, "{place}");
    assert_eq!(seen["scripts"], one, "{place}");
    assert_eq!(seen["handlers"], json!(0), "{place}");
    assert_eq!(seen["links"], nothing, "{place}");
    assert_eq!(seen["pwned"], "undefined", "{place}");
}

#[tokio::test]
async fn markup_is_shown_as_it_was_typed_and_never_runs() -> Result {
    let payloads = payloads();
    assert!(payloads.len() >= 100, "a corpus, not a handful");
    let name = "<img src=x onerror=window.pwned=1>";
    let partner = Partner::start_as(name, Browser::start().await?).await?;
    let contact = Contact::sign_in(&partner).await?;
    let mut files = Vec::new();
    for payload in payloads.iter().filter(|payload| !payload.contains(['/', '\\'])).take(10) {
        files.push(contact.upload(payload).await?);
    }
    let ids: Vec<_> = files.iter().map(|file| file["id"].clone()).collect();
    contact.raise("c1", &payloads.join("\n"), &ids).await?;
    let agent = partner.thread.agent_named(&partner.app, name).await?;
    let request = agent.open_requests().await?.pop().context("the request was raised")?;
    agent.answer(&request, "a1", &payloads.join("\n\n")).await?;

    let page = partner.open_with_params("programmatic", &partner.params(EMAIL)?).await?;
    partner.browser.run::<()>("void start(params)").await?;
    let panel = page.click_launcher().await?;
    panel.wait_for_text(name).await?;
    panel.wait_for_text(&request.subject).await?;
    let seen: Value = partner.browser.run_with(INSPECT, &[json!(OWN)]).await?;
    assert_inert(&seen, "in the list");

    panel.open_request(request.id.as_str()).await?;
    panel.wait_for_text(payloads.last().copied().unwrap_or_default()).await?;
    let seen: Value = partner.browser.run_with(INSPECT, &[json!(OWN)]).await?;
    assert_inert(&seen, "in the conversation");
    let text = seen["text"].as_str().unwrap_or_default();
    for payload in &payloads {
        assert!(text.matches(payload).count() >= 2, "{payload} is not shown as it was typed by both sides");
    }
    for file in &files {
        let name = file["name"].as_str().unwrap_or_default();
        assert!(!name.is_empty() && text.contains(name), "{name} is not shown as it was named");
    }
    panel.leave().await?;
    assert_eq!(partner.browser.run::<String>("return typeof window.pwned").await?, "undefined");
    assert_eq!(partner.browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}
