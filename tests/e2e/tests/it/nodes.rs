//! Several nodes behind one address, without sticky sessions: whoever is at one hears of the other, and the end of one
//! ends no conversation.

use crate::partner::{EMAIL, Partner};
use e2e::{Browser, Panel, Result, Thread, until, until_some};
use serde_json::json;

/// How often a message stands in the open conversation.
async fn occurrences(partner: &Partner, body: &str) -> Result<usize> {
    let script = "return [...document.querySelectorAll('[data-author]')]
        .filter((message) => message.innerText.includes(arguments[0])).length";
    partner.browser.run_with(script, &[json!(body)]).await
}

/// The node that the panel's socket is at.
async fn node_of_the_socket(partner: &Partner) -> Result<usize> {
    until_some("the panel's socket is open", async || Ok(partner.thread.tap().node_of("GET", "/v1/live")))
        .await
}

async fn sent(panel: &Panel<'_>, bodies: &[String]) -> Result {
    for body in bodies {
        panel.send(body).await?;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs PostgreSQL: ./build.sh test"]
async fn a_conversation_runs_over_two_nodes_and_outlives_the_end_of_each() -> Result {
    let thread = Thread::start_nodes(2).await?;
    let partner = Partner::start_at(thread, Browser::start().await?).await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.send("From one node").await?;
    let near = node_of_the_socket(&partner).await?;
    let far = 1 - near;

    // Whatever is written at the other node comes over this one's socket.
    let agent = partner.thread.agent_at(far, &partner.app).await?;
    let request = agent.wait_for_request("From one node").await?;
    agent.answer(&request, "a1", "From the other").await?;
    panel.wait_for_text("From the other").await?;
    assert!(partner.thread.tap().connections().iter().all(|count| *count > 0), "the contact was at both");

    // The node of the socket is killed while the contact writes.
    let words: Vec<String> = (1..=6).map(|number| format!("Word number {number}")).collect();
    sent(&panel, &words[..3]).await?;
    partner.thread.kill_node(near);
    agent.answer(&request, "a2", "While you were cut off").await?;
    sent(&panel, &words[3..]).await?;
    panel.wait_for_text("While you were cut off").await?;
    agent.wait_for_request(&words[5]).await?;

    // It comes back, and the other one goes: as when all are replaced one by one.
    partner.thread.start_node(near).await?;
    partner.thread.kill_node(far);
    let agent = partner.thread.agent_at(near, &partner.app).await?;
    agent.answer(&request, "a3", "At the first node again").await?;
    panel.wait_for_text("At the first node again").await?;
    panel.send("And so am I").await?;
    let now = agent.wait_for_request("And so am I").await?;

    let mut expected = vec!["From one node".to_owned(), "From the other".to_owned()];
    expected.extend(words);
    expected.extend(["While you were cut off", "At the first node again", "And so am I"].map(str::to_owned));
    let mut stored = agent.messages(&now).await?;
    assert_eq!(stored.len(), expected.len(), "{stored:?}");
    for body in &expected {
        until(&format!("{body:?} stands there once"), async || Ok(occurrences(&partner, body).await? == 1))
            .await?;
    }
    stored.sort();
    expected.sort();
    assert_eq!(stored, expected, "nothing is lost, and nothing is there twice");
    Ok(())
}

#[tokio::test]
#[ignore = "needs PostgreSQL: ./build.sh test"]
async fn users_come_and_go_at_whichever_node() -> Result {
    let thread = Thread::start_nodes(2).await?;
    let partner = Partner::start_at(thread, Browser::start().await?).await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.send("Signed in at either").await?;
    panel.leave().await?;
    for round in 0..4 {
        partner.browser.run::<()>("messenger.destroy()").await?;
        page.wait_until_gone().await?;
        partner.browser.run::<()>("void start(params)").await?;
        assert_eq!(page.outcome().await?, "resolved", "round {round}");
    }
    let panel = page.click_launcher().await?;
    panel.wait_for_text("Signed in at either").await?;
    assert_eq!(partner.browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}
