//! Through all states of launcher and panel, as a visitor comes by them.

use crate::partner::Partner;
use e2e::{MessengerPage, Panel, Result, until};
use serde_json::Value;

pub const QUESTION: &str = "My printer says PC LOAD LETTER, see https://example.com/printers?model=9000";
/// Somebody who has written nothing yet.
const VISITOR: &str = "visitor@bar.com";
pub const ANSWER: &str = "Put letter paper into tray 2.";

/// What the current frame is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The portal's page, with the launcher.
    Host,
    /// The panel in it.
    Panel,
    /// A page of Thread's own.
    Thread,
}

/// Told at each state: what the current frame is, and the state's name.
pub trait Look {
    async fn look(&mut self, partner: &Partner, place: Place, state: &str) -> Result;
}

/// The states of somebody whom the portal signs in.
pub async fn signed_in(partner: &Partner, params: &Value, looker: &mut impl Look) -> Result {
    let page = partner.initialize(params).await?;
    assert_eq!(page.outcome().await?, "resolved");
    page.launcher().await?;
    looker.look(partner, Place::Host, "closed").await?;

    let panel = page.click_launcher().await?;
    panel.composer().await?;
    looker.look(partner, Place::Panel, "new request").await?;
    panel.leave().await?;
    looker.look(partner, Place::Host, "open").await?;

    let panel = page.enter_panel().await?;
    panel.send(QUESTION).await?;
    let agent = partner.thread.agent(&partner.app).await?;
    let request = agent.wait_for_request(QUESTION).await?;
    agent.answer(&request, "answer-1", ANSWER).await?;
    panel.wait_for_text(ANSWER).await?;
    looker.look(partner, Place::Panel, "conversation").await?;

    panel.back_to_list().await?;
    looker.look(partner, Place::Panel, "list").await?;
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
    looker.look(partner, Place::Panel, "offline").await?;
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
    looker.look(partner, Place::Host, "closed again").await
}

/// The states of somebody whom nobody signs in.
pub async fn visitor(partner: &Partner, params: &Value, looker: &mut impl Look) -> Result {
    let page = partner.initialize(params).await?;
    let panel = page.click_launcher().await?;
    panel.email_field().await?;
    looker.look(partner, Place::Panel, "email").await?;
    panel.email_field().await?.click().await?;
    panel.email_field().await?.send_keys("nobody at all").await?;
    panel.press_button("submit").await?;
    panel.visible("[role=alert]:not(:empty)").await?;
    looker.look(partner, Place::Panel, "no address").await?;
    panel.email_field().await?.clear().await?;
    panel.enter_email(VISITOR).await?;
    looker.look(partner, Place::Panel, "pin").await?;
    let pin = partner.thread.pin(VISITOR).await?;
    let wrong = if pin == "000000" { "000001" } else { "000000" };
    panel.enter_pin(wrong).await?;
    panel.visible("[role=alert]:not(:empty)").await?;
    looker.look(partner, Place::Panel, "wrong pin").await?;
    panel.enter_pin(&pin).await?;
    panel.composer().await?;
    looker.look(partner, Place::Panel, "signed in by pin").await?;
    panel.sign_out().await?;
    looker.look(partner, Place::Panel, "signed out").await?;
    panel.leave().await
}
