//! At most one messenger, whatever the order; and none, without a trace, after `destroy`.

use crate::partner::{EMAIL, Partner};
use e2e::{Ability, MessengerPage, Result, until};
use serde_json::json;
use std::collections::BTreeSet;

const OTHER_EMAIL: &str = "other@bar.com";

/// All that a page can see of itself: its nodes, and the names it can use but for those of the driver.
const TRACES: &str = "const driver = /^(cdc_|se_exported|ret_nodes$)/;
    return [document.documentElement.outerHTML, ...Object.getOwnPropertyNames(window).filter((name) => !driver.test(name))]";

#[tokio::test]
async fn a_page_that_includes_the_widget_three_times_has_one_messenger() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("included-twice", &partner.params(EMAIL)?).await?;
    page.click_launcher().await?.wait_for_text(EMAIL).await?;
    partner.browser.enter_default_frame().await?;
    assert_eq!(page.count().await?, 1);
    assert_eq!(partner.sign_ins(), 1, "the second initialize joins the first");
    assert!(partner.browser.run::<bool>("return chatgenie.default.messenger() === first").await?);
    assert_eq!(partner.browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_page_with_two_snippets_has_one_messenger() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_snippet("two-snippets", EMAIL, &partner.app.key(EMAIL)?).await?;
    page.click_launcher().await?.wait_for_text(EMAIL).await?;
    partner.browser.enter_default_frame().await?;
    assert_eq!((page.count().await?, partner.sign_ins()), (1, 1));
    assert_eq!(partner.browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn initialize_while_the_page_is_loading_signs_in() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("before-load", &partner.params(EMAIL)?).await?;
    assert_eq!(page.outcome().await?, "resolved");
    assert_eq!(partner.browser.run::<String>("return readyStateAtCall").await?, "loading");
    page.launcher().await?;
    Ok(())
}

#[tokio::test]
async fn initialize_from_the_scripts_own_onload_signs_in_long_after_the_pages_load() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("empty", &json!(null)).await?;
    let script = "window.outcome = 'pending';
        const [src, params] = arguments;
        const script = document.createElement('script');
        // Synchronously, as the article's snippet does.
        script.onload = () => chatgenie.default.messenger().initialize(params)
            .then(() => { window.outcome = 'resolved'; }, (error) => { window.outcome = error.code; });
        script.src = src;
        document.body.append(script);";
    let widget = format!("{}/widget.js", partner.thread.origin());
    assert_eq!(partner.browser.run::<String>("return document.readyState").await?, "complete");
    partner.browser.run_with::<()>(script, &[json!(widget), partner.params(EMAIL)?]).await?;
    assert_eq!(page.outcome().await?, "resolved");
    page.click_launcher().await?.wait_for_text(EMAIL).await
}

#[tokio::test]
async fn destroy_while_signing_in_leaves_nothing_and_the_late_answer_is_dropped() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("programmatic", &partner.params(EMAIL)?).await?;
    let tap = partner.thread.tap();

    engine_has_started(&partner).await?;
    tap.hold_answers();
    partner.browser.run::<()>("void start(params)").await?;
    until("the sign-in is on its way", async || Ok(partner.sign_ins() == 1)).await?;
    partner.browser.run::<()>("messenger.destroy()").await?;
    assert_eq!(page.outcome().await?, "destroyed");
    assert_eq!(page.count().await?, 0);

    tap.release_answers();
    // An answer that is sent after the late one, so that it has had its chance.
    let status = format!(
        "return fetch('{}/v1/apps/{}').then((answer) => answer.status)",
        partner.thread.origin(),
        partner.app.app_id
    );
    assert_eq!(partner.browser.run::<u16>(&status).await?, 200);
    assert_eq!(page.count().await?, 0);
    let events = page.events().await?;
    assert!(events.iter().all(|event| event["event"] != "authenticated"), "{events:?}");

    partner.browser.run::<()>("void start(params)").await?;
    assert_eq!(page.outcome().await?, "resolved", "it starts afresh");
    assert_eq!(page.count().await?, 1);
    Ok(())
}

#[tokio::test]
async fn destroy_leaves_the_page_as_it_was() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("programmatic", &partner.params(EMAIL)?).await?;
    partner.browser.run::<()>("outcome = 'resolved'; events.length = 0").await?;
    engine_has_started(&partner).await?;
    let before: BTreeSet<String> = partner.browser.run(TRACES).await?;

    for _ in 0..2 {
        partner.browser.run::<()>("void start(params)").await?;
        assert_eq!(page.outcome().await?, "resolved");
        page.click_launcher().await?.composer().await?;
        partner.browser.enter_default_frame().await?;
        assert_ne!(partner.browser.run::<BTreeSet<String>>(TRACES).await?, before, "something to take away");
        partner.browser.run::<()>("messenger.destroy(); messenger.destroy()").await?;
        let after: BTreeSet<String> = partner.browser.run(TRACES).await?;
        let changed: Vec<_> = after.symmetric_difference(&before).collect();
        assert!(changed.is_empty(), "at once, and the second call is harmless: {changed:?}");
    }
    assert_eq!(partner.browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn destroy_revokes_the_session() -> Result {
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    assert_eq!(page.outcome().await?, "resolved");
    partner.browser.run::<()>("messenger.destroy()").await?;
    let tap = partner.thread.tap();
    until("the session is revoked", async || Ok(tap.count("DELETE", "/v1/sessions/current") == 1)).await
}

#[tokio::test]
async fn another_user_replaces_the_first_and_sees_none_of_their_requests() -> Result {
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    write(&page, "The first user's secret trouble").await?;

    partner.browser.run_with::<()>("void start(arguments[0])", &[partner.params(OTHER_EMAIL)?]).await?;
    assert_eq!(page.outcome().await?, "resolved");
    assert_eq!(page.count().await?, 1);
    let panel = page.click_launcher().await?;
    panel.wait_for_text(OTHER_EMAIL).await?;
    panel.composer().await?;
    let seen = panel.text().await?;
    assert!(!seen.contains("secret trouble") && !seen.contains(EMAIL), "{seen}");
    panel.leave().await?;

    partner.browser.run_with::<()>("void start(arguments[0])", &[partner.params(EMAIL)?]).await?;
    assert_eq!(page.outcome().await?, "resolved");
    page.click_launcher().await?.wait_for_text("secret trouble").await
}

#[tokio::test]
async fn a_panel_that_could_not_be_loaded_comes_with_the_next_opening_or_the_network() -> Result {
    if Ability::LoadOfErrorPages.is_missing()? {
        return Ok(());
    }
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    assert_eq!(page.outcome().await?, "resolved");
    let tap = partner.thread.tap();
    for back in ["messenger.close(); messenger.open()", "dispatchEvent(new Event('online'))"] {
        tap.cut();
        let open = "messenger.open();
            const { shadowRoot } = document.querySelector('chatgenie-messenger');
            window.frameLoaded = false;
            shadowRoot.querySelector('iframe').onload = () => { window.frameLoaded = true; };";
        partner.browser.run::<()>(open).await?;
        // What has loaded is an error page of the browser's.
        until("the frame has loaded", async || partner.browser.run("return window.frameLoaded").await)
            .await?;
        tap.mend();
        partner.browser.run::<()>(back).await?;
        let panel = page.enter_panel().await?;
        panel.wait_for_text(EMAIL).await?;
        panel.leave().await?;
        partner.browser.run::<()>("messenger.destroy(); void start(params)").await?;
        assert_eq!(page.outcome().await?, "resolved");
    }
    Ok(())
}

#[tokio::test]
async fn a_key_function_that_never_settles_is_told_apart_from_the_network() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("programmatic", &partner.params(EMAIL)?).await?;
    // Time runs a hundred times as fast.
    let script = "const { setTimeout } = window;
        window.setTimeout = (work, delay) => setTimeout(work, delay / 100);
        params.connectionKey = () => new Promise(() => {});
        void start(params);";
    partner.browser.run::<()>(script).await?;
    let error = page.wait_for_event("error").await?;
    assert_eq!(error["code"], "unavailable");
    assert!(error["message"].as_str().is_some_and(|message| message.contains("did not settle")), "{error}");
    assert_eq!(partner.sign_ins(), 0);
    Ok(())
}

/// Waits for an engine that is fetched as a file of its own.
async fn engine_has_started(partner: &Partner) -> Result {
    let script = "return !document.querySelector('script[src*=\"/engine-\"]')";
    until("the engine has started", async || partner.browser.run(script).await).await
}

/// Opens the panel, raises a service request, and goes back to the page.
async fn write(page: &MessengerPage<'_>, text: &str) -> Result {
    let panel = page.click_launcher().await?;
    panel.send(text).await?;
    panel.leave().await
}
