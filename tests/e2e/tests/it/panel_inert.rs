//! In the panel, what somebody typed is text.

use crate::inert::{assert_inert, payloads};
use crate::partner::{EMAIL, Partner};
use e2e::{Browser, Contact, Result};

#[tokio::test]
async fn markup_is_shown_as_it_was_typed_and_never_runs() -> Result {
    let payloads = payloads();
    let name = "<img src=x onerror=window.pwned=1>";
    let partner = Partner::start_as(name, Browser::start().await?).await?;
    let contact = Contact::sign_in(&partner.thread, &partner.app, EMAIL).await?;
    let mut files = Vec::new();
    for payload in payloads.iter().filter(|payload| !payload.contains(['/', '\\'])).take(10) {
        files.push(contact.upload(payload, "text/plain", b"text").await?);
    }
    let request = contact.raise(&payloads.join("\n"), &files).await?;
    let agent = partner.thread.agent_named(&partner.app, name).await?;
    agent.answer(&request, "a1", &payloads.join("\n\n")).await?;

    let page = partner.open_with_params("programmatic", &partner.params(EMAIL)?).await?;
    partner.browser.run::<()>("void start(params)").await?;
    let panel = page.click_launcher().await?;
    panel.wait_for_text(name).await?;
    panel.wait_for_text(&request.subject).await?;
    assert_inert(&partner.browser, "in the list").await?;

    panel.open_request(request.id.as_str()).await?;
    panel.wait_for_text(payloads.last().copied().unwrap_or_default()).await?;
    let text = assert_inert(&partner.browser, "in the conversation").await?;
    for payload in &payloads {
        assert!(text.matches(payload).count() >= 2, "{payload} is not shown as it was typed by both sides");
    }
    for file in &files {
        let name = &file.name;
        assert!(!name.is_empty() && text.contains(name), "{name} is not shown as it was named");
    }
    panel.leave().await?;
    assert_eq!(partner.browser.run::<String>("return typeof window.pwned").await?, "undefined");
    assert_eq!(partner.browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}
