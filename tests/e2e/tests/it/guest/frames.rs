//! Pages that are frames themselves.

use crate::partner::{EMAIL, Partner};
use e2e::{Result, until};

#[tokio::test]
async fn a_page_inside_another_frame() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("in-frame", &partner.params(EMAIL)?).await?;
    assert_eq!(page.count().await?, 0, "the outer page has none");
    partner.browser.enter_frame(0).await?;
    assert_eq!(page.outcome().await?, "resolved");
    // A driver that enters a frame in a frame before it has loaded may stay in its first, empty document.
    let open = "window.frameLoaded = false;
        chatgenie.default.messenger().open();
        const { shadowRoot } = document.querySelector('chatgenie-messenger');
        shadowRoot.querySelector('iframe').onload = () => { window.frameLoaded = true; };";
    partner.browser.run::<()>(open).await?;
    until("the panel has loaded", async || partner.browser.run("return window.frameLoaded").await).await?;
    page.enter_panel().await?.wait_for_text(EMAIL).await
}

#[tokio::test]
async fn a_sandboxed_frame_is_told_that_its_origin_is_not_allowed() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("sandboxed", &partner.params(EMAIL)?).await?;
    partner.browser.enter_frame(0).await?;
    assert_eq!(page.outcome().await?, "origin_not_allowed");
    assert_eq!(page.count().await?, 0);
    assert_eq!(partner.browser.run::<Vec<String>>("return faults").await?, Vec::<String>::new());
    Ok(())
}
