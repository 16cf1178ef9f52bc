//! The browser's buttons "back" and "forward": a page may come from memory, as it was left, or be loaded anew.

use crate::partner::{EMAIL, Partner};
use e2e::{Result, until};
use serde_json::json;

#[tokio::test]
async fn a_page_that_is_left_and_come_back_to_has_one_messenger_that_knows_what_came_meanwhile() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_snippet("right-spelling", EMAIL, &partner.app.key(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.send("Before I went").await?;
    panel.leave().await?;
    let agent = partner.thread.agent(&partner.app).await?;
    let request = agent.wait_for_request("Before I went").await?;
    for (index, answer) in ["While you were away", "And once more"].into_iter().enumerate() {
        let empty = partner.open_with_params("empty", &json!(null)).await?;
        assert_eq!(empty.count().await?, 0);
        agent.answer(&request, &format!("answer-{index}"), answer).await?;
        partner.browser.back().await?;
        page.launcher().await?;
        partner.browser.run::<()>("chatgenie.default.messenger().open()").await?;
        let panel = page.enter_panel().await?;
        until("the answer is told of", async || {
            let text = panel.text().await?;
            Ok(text.contains(answer))
        })
        .await?;
        panel.leave().await?;
        assert_eq!(page.count().await?, 1);
    }
    Ok(())
}
