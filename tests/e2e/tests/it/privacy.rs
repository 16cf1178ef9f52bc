//! Keys and tokens are where they have to be, and nowhere else.

use crate::portal_home::sign_in;
use e2e::{ANN, Browser, MessengerPage, Portal, Result, Thread};
use std::collections::BTreeSet;

/// What a page keeps, and every address it has asked for.
const KEPT: &str = "return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, document.referrer,
    performance.getEntriesByType('resource').map((entry) => entry.name), history.state])";

#[tokio::test]
async fn no_key_and_no_token_is_in_an_address_in_the_portals_storage_or_in_a_log() -> Result {
    let thread = Thread::start().await?;
    let portal = Portal::start(&thread).await?;
    let browser = Browser::start().await?;
    sign_in(&browser, &portal, &ANN).await?;
    let page = MessengerPage::new(&browser);
    let panel = page.click_launcher().await?;
    panel.send("A quiet question").await?;
    thread.agent(&portal.app).await?.wait_for_request("A quiet question").await?;
    let kept_by_the_panel: String = browser.run(KEPT).await?;
    panel.leave().await?;
    let kept_by_the_portal: String = browser.run(KEPT).await?;

    // What must not be found has to be known: the key from PHP or Python, the tokens from the wire.
    let sent = thread.tap().sent();
    let key = portal.app.key(ANN.email)?;
    assert!(sent.contains(&key), "the key was sent as it should be");
    let tokens = bearer_tokens(&sent);
    assert!(!tokens.is_empty(), "a token was sent as it should be");

    let addresses: String = thread.tap().requests().into_iter().map(|(_, address)| address + "\n").collect();
    for (place, text) in [
        ("an address at Thread", &addresses),
        ("what the portal's page keeps", &kept_by_the_portal),
        ("Thread's log", &thread.log()),
        ("the portal's log", &portal.log()),
    ] {
        for value in tokens.iter().chain([&key, &portal.app.secret]) {
            assert!(!text.contains(value.as_str()), "a key, a token or the secret is in {place}: {text}");
        }
    }
    // The panel may keep a token in its own storage; the key is not its business, nor is the secret anybody's.
    assert!(!kept_by_the_panel.contains(&key), "{kept_by_the_panel}");
    assert!(!sent.contains(portal.app.secret.trim_start_matches("cgs_")), "the secret was sent");
    assert!(!browser.source().await?.contains(&portal.app.secret), "the secret is in the page");
    Ok(())
}

fn bearer_tokens(sent: &str) -> BTreeSet<String> {
    let header = |line: &str| {
        let (name, value) = line.split_once(": ")?;
        let token = value.strip_prefix("Bearer ")?;
        name.eq_ignore_ascii_case("authorization").then(|| token.to_owned())
    };
    sent.lines().filter_map(header).collect()
}
