//! The panel is loaded before it is opened only for whoever will open it, and only when the page has time.

use crate::partner::{EMAIL, Partner};
use anyhow::ensure;
use e2e::{Result, until};

const OTHER_EMAIL: &str = "other@bar.com";

/// Keeps what waits for an idle moment of the page.
const KEEP_IDLE: &str = "window.idle = []; window.requestIdleCallback = (work) => idle.push(work);";
const SAVES_DATA: &str = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });";

/// How often the panel was asked for.
fn panels(partner: &Partner) -> usize {
    let requests = partner.thread.tap().requests();
    requests.iter().filter(|(_, address)| address.starts_with("/messenger/?")).count()
}

/// Signs in in a new page; gives how much waits for an idle moment then.
async fn waiting(partner: &Partner, email: &str, before: &str) -> Result<usize> {
    let page = partner.open_with_params("programmatic", &partner.params(email)?).await?;
    partner.browser.run::<()>(&format!("{KEEP_IDLE} {before} void start(params)")).await?;
    ensure!(page.outcome().await? == "resolved");
    partner.browser.run("return idle.length").await
}

#[tokio::test]
async fn the_panel_is_loaded_in_an_idle_moment_for_whoever_has_an_open_request() -> Result {
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.send("When will it be done?").await?;
    panel.leave().await?;
    let before = panels(&partner);
    assert_eq!(waiting(&partner, OTHER_EMAIL, "").await?, 0, "nothing is open for them");
    assert_eq!(waiting(&partner, EMAIL, SAVES_DATA).await?, 0, "they asked to save data");
    assert_eq!(waiting(&partner, EMAIL, "").await?, 1);
    assert_eq!(panels(&partner), before, "the page has had no time yet");

    partner.browser.run::<()>("idle.forEach((work) => work())").await?;
    until("the panel is asked for", async || Ok(panels(&partner) == before + 1)).await?;
    assert!(!page.is_open().await?, "quietly");
    page.click_launcher().await?.wait_for_text("When will it be done?").await?;
    assert_eq!(panels(&partner), before + 1, "and not again");
    Ok(())
}
