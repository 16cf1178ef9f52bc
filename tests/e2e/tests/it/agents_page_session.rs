//! The API key of the agents' page: asked for, kept by the tab, refused, forgotten.

use crate::partner::{EMAIL, Partner};
use e2e::{AgentsPage, Browser, Contact, Result, until};
use serde_json::json;

/// What the browser keeps for this page: in the tab, and for all tabs.
const KEPT: &str = "return [sessionStorage, localStorage].map((kept) => Object.keys(kept))";

async fn field_has_focus(browser: &Browser) -> Result {
    until("the field has the focus", async || {
        browser.run("return document.activeElement?.type === 'password'").await
    })
    .await
}

#[tokio::test]
async fn a_wrong_key_is_told_and_the_field_keeps_the_focus() -> Result {
    let partner = Partner::start().await?;
    let browser = &partner.browser;
    let page = AgentsPage::open(browser, &partner.thread, "").await?;
    page.wait_for_text("thread apikey create").await?;
    field_has_focus(browser).await?;
    for (key, words) in [
        ("", "Please enter an API key"),
        ("cgk_wrong", "This API key is not valid"),
        ("clé", "This API key is not valid"),
    ] {
        page.enter_key(key).await?;
        page.wait_for_text(words).await?;
        field_has_focus(browser).await?;
        let field = page.key_field().await?;
        assert_eq!(field.attr("aria-invalid").await?.as_deref(), Some("true"));
        assert_eq!(field.attr("autocomplete").await?.as_deref(), Some("off"));
    }
    assert_eq!(browser.run::<[Vec<String>; 2]>(KEPT).await?, [vec![], vec![]] as [Vec<String>; 2]);

    let key = partner.thread.api_key(&partner.app, Some("Mia")).await?;
    page.sign_in(&key.api_key).await?;
    page.wait_for_text("You answer as Mia").await?;
    page.wait_for_text("No open requests").await?;
    assert!(!browser.run::<String>("return location.href").await?.contains("cgk_"));
    Ok(())
}

#[tokio::test]
async fn a_reload_keeps_the_key_and_sign_out_forgets_it() -> Result {
    let partner = Partner::start().await?;
    let (browser, thread) = (&partner.browser, &partner.thread);
    let contact = Contact::sign_in(thread, &partner.app, EMAIL).await?;
    let request = contact.raise("Help", &[]).await?;
    let key = thread.api_key(&partner.app, None).await?;
    let page = AgentsPage::open(browser, thread, "").await?;
    page.sign_in(&key.api_key).await?;
    page.choose(request.id.as_str()).await?;
    browser.refresh().await?;
    page.composer().await?.send_keys("Half a thought").await?;
    page.wait_for_text("Help").await?;
    assert_eq!(browser.run::<[Vec<String>; 2]>(KEPT).await?[0], ["chatgenie:agent:key"]);

    page.press_button("sign-out").await?;
    page.wait_for_text("You are signed out").await?;
    assert_eq!(browser.run::<[Vec<String>; 2]>(KEPT).await?, [vec![], vec![]] as [Vec<String>; 2]);
    assert!(!page.text().await?.contains("Help"));
    assert_eq!(browser.run::<String>("return location.hash").await?, "");
    // Nothing is told to this tab any more.
    contact.write(&request, "Are you there?").await?;
    browser.refresh().await?;
    field_has_focus(browser).await?;
    assert!(!page.text().await?.contains("there?"));
    Ok(())
}

#[tokio::test]
async fn a_revoked_key_asks_for_another_and_what_was_typed_is_kept_for_the_same_name() -> Result {
    let partner = Partner::start().await?;
    let (browser, thread) = (&partner.browser, &partner.thread);
    let contact = Contact::sign_in(thread, &partner.app, EMAIL).await?;
    let request = contact.raise("Help", &[]).await?;
    let [first, second] =
        [thread.api_key(&partner.app, Some("Leo")).await?, thread.api_key(&partner.app, Some("Leo")).await?];
    let page = AgentsPage::open(browser, thread, "").await?;
    page.sign_in(&first.api_key).await?;
    page.choose(request.id.as_str()).await?;
    page.composer().await?.send_keys("Half a thought").await?;
    // The socket tells, whatever the page does.
    thread.revoke(&first).await?;
    page.wait_for_text("no longer valid").await?;
    field_has_focus(browser).await?;
    assert_eq!(browser.run::<[Vec<String>; 2]>(KEPT).await?[0], Vec::<String>::new());

    page.sign_in(&second.api_key).await?;
    page.wait_for_text("You answer as Leo").await?;
    assert_eq!(page.typed().await?, "Half a thought", "and the request is shown as before");
    page.send(" is a whole one now").await?;
    until("it was sent once", async || {
        let messages = contact.messages(&request).await?;
        Ok(messages
            .iter()
            .map(|message| message.body.as_str())
            .eq(["Help", "Half a thought is a whole one now"]))
    })
    .await
}

#[tokio::test]
async fn nobodys_words_are_shown_to_or_sent_by_an_agent_of_another_name() -> Result {
    let partner = Partner::start().await?;
    let (browser, thread) = (&partner.browser, &partner.thread);
    let contact = Contact::sign_in(thread, &partner.app, EMAIL).await?;
    let request = contact.raise("Help", &[]).await?;
    let [mia, leo] =
        [thread.api_key(&partner.app, Some("Mia")).await?, thread.api_key(&partner.app, Some("Leo")).await?];
    let page = AgentsPage::open(browser, thread, "").await?;
    page.sign_in(&mia.api_key).await?;
    page.choose(request.id.as_str()).await?;
    page.composer().await?.send_keys("What Mia thinks").await?;
    thread.revoke(&mia).await?;
    page.wait_for_text("no longer valid").await?;

    page.sign_in(&leo.api_key).await?;
    page.wait_for_text("You answer as Leo").await?;
    page.choose(request.id.as_str()).await?;
    assert_eq!(page.typed().await?, "");
    Ok(())
}

#[tokio::test]
async fn a_key_that_was_revoked_while_the_tab_was_away_is_told() -> Result {
    let partner = Partner::start().await?;
    let (browser, thread) = (&partner.browser, &partner.thread);
    let key = thread.api_key(&partner.app, None).await?;
    let page = AgentsPage::open(browser, thread, "").await?;
    page.sign_in(&key.api_key).await?;
    browser.goto("about:blank").await?;
    thread.revoke(&key).await?;
    browser.back().await?;
    page.wait_for_text("no longer valid").await
}

#[tokio::test]
async fn drafts_are_kept_for_each_request_and_over_a_reload() -> Result {
    let partner = Partner::start().await?;
    let (browser, thread) = (&partner.browser, &partner.thread);
    let contact = Contact::sign_in(thread, &partner.app, EMAIL).await?;
    let (one, two) = (contact.raise("One", &[]).await?, contact.raise("Two", &[]).await?);
    let key = thread.api_key(&partner.app, None).await?;
    let page = AgentsPage::open(browser, thread, "").await?;
    page.sign_in(&key.api_key).await?;
    page.choose(one.id.as_str()).await?;
    page.composer().await?.send_keys("to one").await?;
    page.choose(two.id.as_str()).await?;
    page.wait_for_text("Two").await?;
    until("it is empty", async || Ok(page.typed().await?.is_empty())).await?;
    page.composer().await?.send_keys("to two").await?;
    page.choose(one.id.as_str()).await?;
    until("the first is there", async || Ok(page.typed().await? == "to one")).await?;
    browser.refresh().await?;
    until("the first is there again", async || Ok(page.typed().await? == "to one")).await?;
    page.choose(two.id.as_str()).await?;
    until("the second is there", async || Ok(page.typed().await? == "to two")).await
}

#[tokio::test]
async fn without_a_network_a_reload_says_so_and_tries_again() -> Result {
    let partner = Partner::start().await?;
    let (browser, thread) = (&partner.browser, &partner.thread);
    let key = thread.api_key(&partner.app, None).await?;
    let page = AgentsPage::open(browser, thread, "").await?;
    page.sign_in(&key.api_key).await?;
    let cdp = browser.cdp();
    let block = async |urls: &[&str]| cdp.send_raw("Network.setBlockedURLs", json!({ "urls": urls })).await;
    cdp.send_raw("Network.enable", json!({})).await?;
    block(&["*/v1/agent"]).await?;
    browser.refresh().await?;
    page.wait_for_text("We could not be reached").await?;
    page.visible("[data-action=sign-out]").await?;
    block(&["*/v1/agent/service-requests*"]).await?;
    page.press_button("retry").await?;
    page.visible("[role=tablist]").await?;
    page.wait_for_state("failed").await?;
    block(&[]).await?;
    page.press_button("retry").await?;
    page.wait_for_text("No open requests").await
}
