//! A tab that the browser puts to sleep, and one that it keeps for the button "back".

use crate::partner::{EMAIL, Partner};
use e2e::{Browser, Result};
use serde_json::json;

#[tokio::test]
async fn a_tab_that_was_frozen_hears_what_came_meanwhile() -> Result {
    let partner = Partner::start_with(Browser::start_chromium(&[]).await?).await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.send("Before the sleep").await?;
    let agent = partner.thread.agent(&partner.app).await?;
    let request = agent.wait_for_request("Before the sleep").await?;
    panel.leave().await?;

    let cdp = partner.browser.cdp();
    cdp.send_raw("Page.setWebLifecycleState", json!({ "state": "frozen" })).await?;
    // Its socket ends while it sleeps, and nobody there sees it.
    partner.thread.restart().await?;
    agent.answer(&request, "answer-1", "While it slept").await?;
    cdp.send_raw("Page.setWebLifecycleState", json!({ "state": "active" })).await?;

    let panel = page.enter_panel().await?;
    panel.wait_for_text("While it slept").await?;
    panel.send("Awake again").await?;
    agent.wait_for_request("Awake again").await?;
    panel.leave().await?;
    assert_eq!(page.count().await?, 1);
    Ok(())
}
