//! Thread is restarted in the middle: the conversation goes on, and a message is sent once.

use crate::partner::{EMAIL, Partner};
use e2e::{Result, until};

#[tokio::test]
async fn a_conversation_goes_on_when_thread_is_restarted() -> Result {
    let partner = Partner::start().await?;
    let agent = partner.thread.agent(&partner.app).await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.send("Before the restart").await?;
    let request = agent.wait_for_request("Before the restart").await?;

    partner.thread.restart().await?;
    agent.answer(&request, "answer-1", "Here I am again").await?;
    panel.wait_for_text("Here I am again").await?;
    panel.send("After the restart").await?;
    let again = agent.wait_for_request("After the restart").await?;
    assert_eq!(again.id, request.id);
    Ok(())
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_stored_once() -> Result {
    let partner = Partner::start().await?;
    let (agent, tap) = (partner.thread.agent(&partner.app).await?, partner.thread.tap());
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.send("The first").await?;
    let request = agent.wait_for_request("The first").await?;

    // It arrives and is stored, but nobody hears so: then the service goes.
    tap.hold_answers();
    panel.send("Sent in the middle").await?;
    let address = format!("/v1/service-requests/{}/messages", request.id);
    until("it was sent", async || Ok(tap.count("POST", &address) >= 1)).await?;
    tap.cut();
    partner.thread.restart().await?;
    tap.mend();

    panel.send("And one more").await?;
    let now = agent.wait_for_request("And one more").await?;
    assert_eq!(agent.messages(&now).await?, ["The first", "Sent in the middle", "And one more"]);
    Ok(())
}
