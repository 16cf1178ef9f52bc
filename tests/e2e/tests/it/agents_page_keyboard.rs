//! The agents' page by the keyboard alone.

use crate::partner::{EMAIL, Partner};
use anyhow::Context as _;
use e2e::{AgentsPage, Contact, Result, until};
use std::collections::BTreeSet;
use thirtyfour::Key;

/// How often Tab is pressed at most, once around.
const MAX_TABS: usize = 40;

/// What has the focus: its request, its action, its role or its name.
const FOCUSED: &str = "const active = document.activeElement;
    return active.dataset.request || active.dataset.action || active.getAttribute('role') || active.localName";

/// All that can be reached by Tab.
const FOCUSABLE: &str = "return [...document.querySelectorAll('button, textarea, input, a[href], [tabindex=\"0\"]')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0)
    .map((active) => active.dataset.request || active.dataset.action || active.getAttribute('role') || active.localName)";

async fn press(partner: &Partner, key: Key) -> Result {
    Ok(partner.browser.action_chain().send_keys(String::from(char::from(key))).perform().await?)
}

async fn has_focus(partner: &Partner, expected: &str) -> Result {
    until(&format!("{expected} has the focus"), async || {
        Ok(partner.browser.run::<String>(FOCUSED).await? == expected)
    })
    .await
}

#[tokio::test]
async fn arrows_go_through_tabs_and_list_and_enter_opens() -> Result {
    let partner = Partner::start().await?;
    let contact = Contact::sign_in(&partner.thread, &partner.app, EMAIL).await?;
    let mut ids = Vec::new();
    for body in ["One", "Two", "Three"] {
        ids.insert(0, contact.raise(body, &[]).await?.id.0);
    }
    let [three, two, one] = ids.as_slice() else { unreachable!("three were raised") };
    let key = partner.thread.api_key(&partner.app, None).await?;
    let page = AgentsPage::open(&partner.browser, &partner.thread, "").await?;
    // The field has the focus by itself.
    page.key_field().await?;
    has_focus(&partner, "input").await?;
    partner
        .browser
        .action_chain()
        .send_keys(format!("{}{}", key.api_key, char::from(Key::Enter)))
        .perform()
        .await?;
    page.wait_for_list(&[three, two, one]).await?;

    while partner.browser.run::<String>(FOCUSED).await? != "open" {
        press(&partner, Key::Tab).await?;
    }
    press(&partner, Key::Right).await?;
    has_focus(&partner, "closed").await?;
    page.wait_for_state("empty").await?;
    press(&partner, Key::Left).await?;
    has_focus(&partner, "open").await?;
    page.wait_for_list(&[three, two, one]).await?;
    press(&partner, Key::Tab).await?;
    has_focus(&partner, three).await?;
    for (key, at) in [
        (Key::Down, two),
        (Key::Down, one),
        (Key::Down, one),
        (Key::Up, two),
        (Key::Home, three),
        (Key::End, one),
    ] {
        press(&partner, key).await?;
        has_focus(&partner, at).await?;
    }
    // A message lifts another line above, and the one with the focus, too: it stays.
    contact.write(&contact_request(&partner, one).await?, "Anybody?").await?;
    page.wait_for_list(&[one, three, two]).await?;
    has_focus(&partner, one).await?;

    press(&partner, Key::Enter).await?;
    until("the composer has the focus", async || page.composer_has_focus().await).await?;
    assert_eq!(partner.browser.run::<String>("return location.hash").await?, format!("#{one}"));
    partner.browser.action_chain().send_keys("By keyboard").perform().await?;
    press(&partner, Key::Enter).await?;
    page.wait_for_text("By keyboard").await?;

    let all: BTreeSet<String> = partner.browser.run::<Vec<String>>(FOCUSABLE).await?.into_iter().collect();
    assert!(all.len() >= 9, "{all:?}");
    let mut reached = BTreeSet::new();
    for _ in 0..MAX_TABS {
        press(&partner, Key::Tab).await?;
        reached.insert(partner.browser.run::<String>(FOCUSED).await?);
    }
    assert!(all.is_subset(&reached), "{:?}", all.difference(&reached));
    Ok(())
}

async fn contact_request(partner: &Partner, id: &str) -> Result<protocol::conversation::ServiceRequest> {
    let agent = partner.thread.agent(&partner.app).await?;
    let found = agent.open_requests().await?.into_iter().find(|request| request.id.as_str() == id);
    found.context("it is open")
}

/// The page of an agent who has signed in with a contact's request in the address.
pub async fn open_conversation<'a>(partner: &'a Partner, name: Option<&str>) -> Result<AgentsPage<'a>> {
    let contact = Contact::sign_in(&partner.thread, &partner.app, EMAIL).await?;
    let request = contact.raise("Help", &[]).await?;
    let key = partner.thread.api_key(&partner.app, name).await?;
    let page = AgentsPage::open(&partner.browser, &partner.thread, request.id.as_str()).await?;
    page.sign_in(&key.api_key).await?;
    Ok(page)
}

#[tokio::test]
async fn closing_keeps_the_focus_and_is_told() -> Result {
    let partner = Partner::start().await?;
    let page = open_conversation(&partner, None).await?;
    until("the composer has the focus", async || page.composer_has_focus().await).await?;
    while partner.browser.run::<String>(FOCUSED).await? != "status" {
        partner
            .browser
            .action_chain()
            .key_down(Key::Shift)
            .send_keys(String::from(char::from(Key::Tab)))
            .key_up(Key::Shift)
            .perform()
            .await?;
    }
    for (told, name) in
        [("The request is closed", "Reopen request"), ("The request is open again", "Close request")]
    {
        press(&partner, Key::Enter).await?;
        until(told, async || Ok(page.announced().await?.contains(told))).await?;
        has_focus(&partner, "status").await?;
        let label: String = partner.browser.run("return document.activeElement.textContent").await?;
        assert_eq!(label, name);
    }
    Ok(())
}

#[tokio::test]
async fn everything_that_can_be_pressed_is_24_pixels_or_more() -> Result {
    let partner = Partner::start().await?;
    let page = open_conversation(&partner, None).await?;
    page.send("Hello").await?;
    let small = "return [...document.querySelectorAll('button, a, textarea, input')].filter((element) => element.checkVisibility())
        .filter((element) => { const { width, height } = element.getBoundingClientRect(); return width < 24 || height < 24; })
        .map((element) => element.outerHTML)";
    assert_eq!(partner.browser.run::<Vec<String>>(small).await?, Vec::<String>::new());
    Ok(())
}
