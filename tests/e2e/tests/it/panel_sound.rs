//! The sound of an answer: for those alone who have switched it on, and remembered.

use crate::partner::{EMAIL, Partner};
use e2e::{Panel, Result, until};

/// Counts the notes that the panel plays. Nobody hears them: there is no loudspeaker.
const COUNT_NOTES: &str = "window.notes = 0;
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (...when) { window.notes += 1; return start.apply(this, when); };";

async fn until_notes(partner: &Partner, count: u32) -> Result {
    until(&format!("{count} notes were played"), async || {
        Ok(partner.browser.run::<u32>("return window.notes").await? == count)
    })
    .await
}

#[tokio::test]
async fn an_answer_is_heard_by_who_has_switched_the_sound_on_also_after_a_reload() -> Result {
    let partner = Partner::start().await?;
    let url = format!("{}/messenger/?appId={}&locale=en", partner.thread.origin(), partner.app.app_id);
    partner.browser.goto(&url).await?;
    let panel = Panel::whole_page(&partner.browser);
    panel.enter_email(EMAIL).await?;
    panel.enter_pin(&partner.thread.pin(EMAIL).await?).await?;
    panel.send("Is anybody there?").await?;
    let agent = partner.thread.agent(&partner.app).await?;
    let request = agent.wait_for_request("Is anybody there?").await?;

    partner.browser.run::<()>(COUNT_NOTES).await?;
    agent.answer(&request, "a1", "Silent at first").await?;
    panel.wait_for_text("Silent at first").await?;
    until_notes(&partner, 0).await?;

    // Switching it on lets one hear it.
    panel.press_button("sound").await?;
    until_notes(&partner, 2).await?;
    agent.answer(&request, "a2", "Heard").await?;
    panel.wait_for_text("Heard").await?;
    until_notes(&partner, 4).await?;

    partner.browser.refresh().await?;
    panel.open_request(request.id.as_str()).await?;
    partner.browser.run::<()>(COUNT_NOTES).await?;
    let label = "return document.querySelector('[data-action=sound]').getAttribute('aria-label')";
    assert_eq!(partner.browser.run::<String>(label).await?, "Turn off sound");
    agent.answer(&request, "a3", "Heard again").await?;
    panel.wait_for_text("Heard again").await?;
    until_notes(&partner, 2).await?;

    panel.press_button("sound").await?;
    agent.answer(&request, "a4", "Silent again").await?;
    panel.wait_for_text("Silent again").await?;
    until_notes(&partner, 2).await
}
