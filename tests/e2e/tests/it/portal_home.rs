//! The example portal's server-rendered page, as its user meets it.

use e2e::{ANN, Browser, MessengerPage, Portal, PortalUser, Result, Thread, until};
use thirtyfour::{By, Key};

pub async fn sign_in(browser: &Browser, portal: &Portal, user: &PortalUser) -> Result {
    browser.goto(&portal.url("/")).await?;
    browser.find(By::Name("email")).await?.send_keys(user.email).await?;
    browser.find(By::Name("password")).await?.send_keys(user.password).await?;
    browser.find(By::Css("form button")).await?.click().await?;
    let home = portal.url("/home");
    until("the portal shows its home page", async || Ok(browser.current_url().await?.as_str() == home)).await
}

#[tokio::test]
async fn a_user_raises_a_service_request_and_reads_the_answer_live() -> Result {
    let thread = Thread::start().await?;
    let portal = Portal::start(&thread).await?;
    let agent = thread.agent(&portal.app).await?;
    assert!(agent.open_requests().await?.is_empty());

    let browser = Browser::start().await?;
    sign_in(&browser, &portal, &ANN).await?;
    let page = MessengerPage::new(&browser);
    let panel = page.click_launcher().await?;
    panel.wait_for_text(ANN.email).await?;
    panel.send("My <b>printer</b> says PC LOAD LETTER & nothing else").await?;

    let request = agent.wait_for_request("My <b>printer</b> says PC LOAD LETTER & nothing else").await?;
    assert_eq!(request.contact.as_ref().map(|contact| contact.email.as_str()), Some(ANN.email));
    assert_eq!(request.messages.len(), 1);
    agent.answer(&request, "answer-1", "Put <i>letter</i> paper into tray 2").await?;
    panel.wait_for_text("Put <i>letter</i> paper into tray 2").await?;

    panel.send("That helped, thank you").await?;
    let again = agent.wait_for_request("That helped, thank you").await?;
    assert_eq!(again.id, request.id, "the conversation goes on in the same request");
    assert_eq!(agent.open_requests().await?.len(), 1);
    assert_eq!(browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn the_conversation_is_there_again_after_a_reload() -> Result {
    let thread = Thread::start().await?;
    let portal = Portal::start(&thread).await?;
    let browser = Browser::start().await?;
    sign_in(&browser, &portal, &ANN).await?;
    let page = MessengerPage::new(&browser);
    let panel = page.click_launcher().await?;
    panel.send("Still here tomorrow").await?;
    thread.agent(&portal.app).await?.wait_for_request("Still here tomorrow").await?;
    panel.leave().await?;

    browser.refresh().await?;
    page.click_launcher().await?.wait_for_text("Still here tomorrow").await
}

#[tokio::test]
async fn the_keyboard_alone_is_enough() -> Result {
    let thread = Thread::start().await?;
    let portal = Portal::start(&thread).await?;
    let browser = Browser::start().await?;
    sign_in(&browser, &portal, &ANN).await?;

    let page = MessengerPage::new(&browser);
    page.tab_to_launcher().await?;
    page.press(Key::Enter).await?;
    let panel = page.enter_panel().await?;
    until("the composer has the focus", async || panel.composer_has_focus().await).await?;
    browser.action_chain().send_keys("Typed without a mouse").perform().await?;
    page.press(Key::Enter).await?;
    thread.agent(&portal.app).await?.wait_for_request("Typed without a mouse").await?;

    page.press(Key::Escape).await?;
    panel.leave().await?;
    until("the panel is closed", async || Ok(!page.is_open().await?)).await?;
    until("the launcher has the focus", async || page.launcher_has_focus().await).await?;
    assert_eq!(browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn the_portal_ends_well_when_it_is_told_to() -> Result {
    let thread = Thread::start().await?;
    Portal::start(&thread).await?.stop().await
}
