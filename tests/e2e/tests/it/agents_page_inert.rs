//! In the agents' page, what somebody typed is text: there an API key is at stake.

use crate::inert::{assert_inert, payloads};
use crate::partner::{EMAIL, Partner};
use e2e::{AgentsPage, Browser, Contact, Result, until};

#[tokio::test]
async fn markup_is_shown_as_it_was_typed_and_never_runs() -> Result {
    let payloads = payloads();
    let name = "<img src=x onerror=window.pwned=1>";
    let partner = Partner::start_as(name, Browser::start().await?).await?;
    let (thread, browser) = (&partner.thread, &partner.browser);
    let contact = Contact::sign_in(thread, &partner.app, EMAIL).await?;
    let mut files = Vec::new();
    for payload in payloads.iter().filter(|payload| !payload.contains(['/', '\\'])).take(10) {
        files.push(contact.upload(payload, "text/plain", b"text").await?);
    }
    let request = contact.raise(&payloads.join("\n"), &files).await?;
    let key = thread.api_key(&partner.app, Some(name)).await?;

    let page = AgentsPage::open(browser, thread, "").await?;
    page.sign_in(&key.api_key).await?;
    page.wait_for_text(&format!("You answer as {name}")).await?;
    page.wait_for_text(&request.subject).await?;
    assert_inert(browser, "in the list").await?;

    page.choose(request.id.as_str()).await?;
    page.wait_for_text(payloads.last().copied().unwrap_or_default()).await?;
    // What an agent types comes back to them.
    page.send(payloads[0]).await?;
    let text = assert_inert(browser, "in the conversation").await?;
    for payload in &payloads {
        assert!(text.contains(payload), "{payload} is not shown as it was typed");
    }
    for file in &files {
        assert!(!file.name.is_empty() && text.contains(&file.name), "{} is not shown", file.name);
    }
    // Told live, and to those who hear it.
    let live = payloads[12];
    contact.write(&request, live).await?;
    until("it is announced", async || Ok(page.announced().await?.contains(live))).await?;
    assert_inert(browser, "told live").await?;
    assert_eq!(browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn an_address_leads_to_a_service_request_and_nowhere_else() -> Result {
    let partner = Partner::start().await?;
    let (thread, browser) = (&partner.thread, &partner.browser);
    let key = thread.api_key(&partner.app, None).await?;
    let page = AgentsPage::open(browser, thread, "x/../../../apps/none?").await?;
    page.sign_in(&key.api_key).await?;
    page.wait_for_state("none").await?;
    let foreign: Vec<_> =
        thread.tap().requests().into_iter().filter(|(_, path)| path.contains("none")).collect();
    assert_eq!(foreign, vec![], "nothing of the address gets into a call");
    Ok(())
}
