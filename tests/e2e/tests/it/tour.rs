//! Through all states of launcher and panel, as a visitor comes by them.

use crate::partner::Partner;
use e2e::{MessengerPage, Panel, Result, until};
use serde_json::Value;

pub const QUESTION: &str = "My printer says PC LOAD LETTER, see https://example.com/printers?model=9000";
/// Somebody who has written nothing yet.
const VISITOR: &str = "visitor@bar.com";
pub const ANSWER: &str = "Put letter paper into tray 2.";

/// Told at each state: whether the current frame is the panel's, and the state's name.
pub trait Look {
    async fn look(&mut self, partner: &Partner, in_panel: bool, state: &str) -> Result;
}

/// The states of somebody whom the portal signs in.
pub async fn signed_in(partner: &Partner, params: &Value, looker: &mut impl Look) -> Result {
    let page = partner.initialize(params).await?;
    assert_eq!(page.outcome().await?, "resolved");
    page.launcher().await?;
    looker.look(partner, false, "closed").await?;

    let panel = page.click_launcher().await?;
    panel.composer().await?;
    looker.look(partner, true, "new request").await?;
    panel.leave().await?;
    looker.look(partner, false, "open").await?;

    let panel = page.enter_panel().await?;
    panel.send(QUESTION).await?;
    let agent = partner.thread.agent(&partner.app).await?;
    let request = agent.wait_for_request(QUESTION).await?;
    agent.answer(&request, "answer-1", ANSWER).await?;
    panel.wait_for_text(ANSWER).await?;
    looker.look(partner, true, "conversation").await?;

    panel.back_to_list().await?;
    looker.look(partner, true, "list").await?;
    offline(partner, &page, panel, looker).await
}

async fn offline(
    partner: &Partner,
    page: &MessengerPage<'_>,
    panel: Panel<'_>,
    looker: &mut impl Look,
) -> Result {
    panel.visible("[data-request]").await?.click().await?;
    panel.composer().await?;
    partner.thread.tap().cut();
    panel.wait_for_state("offline").await?;
    looker.look(partner, true, "offline").await?;
    partner.thread.tap().mend();
    panel.press_button("reconnect").await?;
    until("the connection is there again", async || {
        let bar =
            partner.browser.run::<bool>("return !!document.querySelector('[data-state=offline]')").await?;
        Ok(!bar)
    })
    .await?;
    // On a phone the panel has the whole screen, and the launcher is not there.
    panel.press_button("close").await?;
    panel.leave().await?;
    until("the panel is closed", async || Ok(!page.is_open().await?)).await?;
    looker.look(partner, false, "closed again").await
}

/// The states of somebody whom nobody signs in.
pub async fn visitor(partner: &Partner, params: &Value, looker: &mut impl Look) -> Result {
    let page = partner.initialize(params).await?;
    let panel = page.click_launcher().await?;
    panel.email_field().await?;
    looker.look(partner, true, "email").await?;
    panel.email_field().await?.click().await?;
    panel.email_field().await?.send_keys("nobody at all").await?;
    panel.press_button("submit").await?;
    panel.visible("[role=alert]:not(:empty)").await?;
    looker.look(partner, true, "no address").await?;
    panel.email_field().await?.clear().await?;
    panel.enter_email(VISITOR).await?;
    looker.look(partner, true, "pin").await?;
    let pin = partner.thread.pin(VISITOR).await?;
    let wrong = if pin == "000000" { "000001" } else { "000000" };
    panel.enter_pin(wrong).await?;
    panel.visible("[role=alert]:not(:empty)").await?;
    looker.look(partner, true, "wrong pin").await?;
    panel.enter_pin(&pin).await?;
    panel.composer().await?;
    looker.look(partner, true, "signed in by pin").await?;
    panel.sign_out().await?;
    looker.look(partner, true, "signed out").await?;
    panel.leave().await
}
