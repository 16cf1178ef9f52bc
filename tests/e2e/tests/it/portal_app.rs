//! The example portal's single-page app: users come and go without a reload.

use e2e::{ANN, BEN, Browser, MessengerPage, Portal, PortalUser, Result, Thread, until};
use thirtyfour::By;

/// Fills in the app's form. Its fields are in the page as soon as the app has started.
async fn sign_in(browser: &Browser, user: &PortalUser) -> Result {
    until("the app asks who is there", async || {
        Ok(!browser.find_all(By::Css("#login-form")).await?.is_empty())
    })
    .await?;
    browser.find(By::Name("email")).await?.send_keys(user.email).await?;
    browser.find(By::Name("password")).await?.send_keys(user.password).await?;
    browser.find(By::Css("#login-form button")).await?.click().await?;
    Ok(())
}

async fn sign_out(browser: &Browser) -> Result {
    Ok(browser.find(By::Id("sign-out")).await?.click().await?)
}

#[tokio::test]
async fn users_come_and_go_and_see_nothing_of_each_other() -> Result {
    let thread = Thread::start().await?;
    let portal = Portal::start(&thread).await?;
    let browser = Browser::start().await?;
    let page = MessengerPage::open(&browser, &portal.url("/app")).await?;
    assert_eq!(page.count().await?, 0, "nobody is signed in");
    // Lost by a reload, and there must be none.
    browser.run::<()>("window.sameDocument = true").await?;

    sign_in(&browser, &ANN).await?;
    let panel = page.click_launcher().await?;
    panel.wait_for_text(ANN.email).await?;
    panel.send("Ann's own trouble").await?;
    thread.agent(&portal.app).await?.wait_for_request("Ann's own trouble").await?;
    panel.leave().await?;

    // In a low window the open panel lies over the page's button.
    page.close_by_launcher().await?;
    browser.find(By::Css("nav a[href='/app/devices']")).await?.click().await?;
    until("the second route is there", async || {
        Ok(!browser.find_all(By::Css("#devices li")).await?.is_empty())
    })
    .await?;
    assert_eq!(page.count().await?, 1, "a change of route leaves the messenger");

    sign_out(&browser).await?;
    page.wait_until_gone().await?;
    let tap = thread.tap();
    until("Ann's session is revoked", async || Ok(tap.count("DELETE", "/v1/sessions/current") == 1)).await?;

    sign_in(&browser, &BEN).await?;
    let panel = page.click_launcher().await?;
    panel.wait_for_text(BEN.email).await?;
    panel.composer().await?;
    let seen = panel.text().await?;
    assert!(!seen.contains("Ann's own trouble") && !seen.contains(ANN.email), "{seen}");
    panel.leave().await?;
    page.close_by_launcher().await?;

    sign_out(&browser).await?;
    page.wait_until_gone().await?;
    sign_in(&browser, &ANN).await?;
    page.click_launcher().await?.wait_for_text("Ann's own trouble").await?;
    browser.enter_default_frame().await?;
    assert!(browser.run::<bool>("return window.sameDocument === true").await?, "the page was reloaded");
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_brings_no_messenger() -> Result {
    let thread = Thread::start().await?;
    let portal = Portal::start(&thread).await?;
    let browser = Browser::start().await?;
    let page = MessengerPage::open(&browser, &portal.url("/app")).await?;
    sign_in(&browser, &PortalUser { password: BEN.password, ..ANN }).await?;
    until("the app says why", async || {
        Ok(browser
            .find(By::Css("#login-form .error"))
            .await?
            .text()
            .await?
            .contains("do not belong together"))
    })
    .await?;
    assert_eq!(page.count().await?, 0);
    assert_eq!(thread.tap().count("POST", "/v1/sessions"), 0);
    Ok(())
}
