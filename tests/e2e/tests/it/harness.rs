//! The harness itself: a test that cannot see an error proves nothing.

use e2e::{Browser, BrowserKind, HostPages, MessengerPage, Result, Values, until};
use serde_json::json;

#[tokio::test]
async fn errors_of_a_page_and_of_a_frame_of_another_site_are_seen() -> Result {
    let (host, browser) = (HostPages::start().await?, Browser::start().await?);
    let inner = host.page("console-frame", &Values::new())?.replace("localhost", "127.0.0.1");
    let page =
        MessengerPage::open(&browser, &host.page("console", &Values::from([("frame", json!(inner))]))?)
            .await?;

    // WebKit's driver tells nothing of the console; the page's own recorder cannot see into the frame.
    let sees_frames = browser.kind() != BrowserKind::Webkit;
    let mut errors = Vec::new();
    until("the errors are seen", async || {
        errors.extend(browser.console_errors().await?);
        Ok(errors.len() > usize::from(sees_frames))
    })
    .await?;
    let has = |text: &str| errors.iter().any(|error| error.contains(text));
    assert!(has("an error of the page") && (has("an error of the frame") || !sees_frames), "{errors:?}");
    assert!(!has("only a warning"));
    assert_eq!((page.count().await?, page.has_launcher().await?, page.is_open().await?), (0, false, false));
    Ok(())
}

#[tokio::test]
async fn headers_of_a_host_page_are_in_force() -> Result {
    let (host, browser) = (HostPages::start().await?, Browser::start().await?);
    MessengerPage::open(&browser, &host.page("headers", &Values::new())?).await?;
    assert!(!browser.run::<bool>("return 'inlineScriptRan' in window").await?);
    let errors = browser.console_errors().await?;
    assert!(errors.iter().any(|error| error.contains("script-src")), "{errors:?}");
    Ok(())
}
