//! Pages that change under the messenger: a body that is swapped, a document that is written anew, an element over
//! everything.

use crate::partner::{EMAIL, Partner};
use e2e::{MessengerPage, Result, until};
use serde_json::json;
use thirtyfour::By;

/// Boosted links swap the body, and run the snippet in it: each time a messenger goes with the body, and another comes.
async fn boosted_by(library: &'static str) -> Result {
    let partner = Partner::start().await?;
    let values = [("params", partner.params(EMAIL)?), ("htmx", json!(format!("/lib/{library}.js")))];
    let page = partner.open_with_values("htmx", values).await?;
    page.launcher().await?;
    let browser = &partner.browser;
    browser.run::<()>("window.isOne = true").await?;
    let shows = async |heading: &str| {
        until(&format!("{heading} is shown"), async || {
            let script = "return document.querySelector('h1')?.textContent === arguments[0]";
            browser.run_with(script, &[json!(heading)]).await
        })
        .await
    };
    for (link, heading) in [("second", "The second page"), ("first", "The first page")] {
        browser.find(By::Id(link)).await?.click().await?;
        shows(heading).await?;
        page.click_launcher().await?.wait_for_text(EMAIL).await?;
        browser.enter_default_frame().await?;
        assert_eq!(page.count().await?, 1);
    }
    browser.back().await?;
    shows("The second page").await?;
    has_one_that_works(&partner, &page).await?;
    assert!(browser.run::<bool>("return !!window.isOne").await?, "it was one document all the time");
    assert_eq!(browser.run::<Vec<String>>("return faults").await?, Vec::<String>::new());
    assert_eq!(browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}

/// After an `initialize`, as a page calls it when its library says that a page is there.
async fn has_one_that_works(partner: &Partner, page: &MessengerPage<'_>) -> Result {
    partner.browser.run_with::<()>("begin(arguments[0])", &[partner.params(EMAIL)?]).await?;
    assert_eq!(page.outcome().await?, "resolved");
    page.click_launcher().await?.wait_for_text(EMAIL).await?;
    partner.browser.enter_default_frame().await?;
    assert_eq!(page.count().await?, 1);
    Ok(())
}

#[tokio::test]
async fn htmx_2_swaps_the_body() -> Result {
    boosted_by("htmx-2").await
}

#[tokio::test]
async fn htmx_4_swaps_the_body() -> Result {
    boosted_by("htmx-4").await
}

#[tokio::test]
async fn a_document_that_is_written_anew_takes_the_messenger_along_and_the_next_initialize_brings_it_back()
-> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("document-domain", &partner.params(EMAIL)?).await?;
    assert_eq!(page.outcome().await?, "resolved");
    page.click_launcher().await?.wait_for_text(EMAIL).await?;
    partner.browser.enter_default_frame().await?;
    let script = "window.before = document;
        document.open();
        document.write(`<!doctype html><title>Another</title><h1>Another document</h1>
            <script src='/page.js'></script><script src='${arguments[0]}'></script>`);
        document.close();";
    let widget = format!("{}/widget.js", partner.thread.origin());
    partner.browser.run_with::<()>(script, &[json!(widget)]).await?;
    assert_eq!(page.count().await?, 0);
    until("the document is there", async || {
        partner.browser.run("return document.readyState === 'complete'").await
    })
    .await?;
    has_one_that_works(&partner, &page).await?;
    assert_eq!(partner.browser.run::<Vec<String>>("return faults").await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_modal_dialogue_of_the_pages_works_and_then_the_launcher_does() -> Result {
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    assert_eq!(page.outcome().await?, "resolved");
    let show = "document.body.insertAdjacentHTML('beforeend',
            '<dialog id=modal><form method=dialog><input id=field><button id=done>Done</button></form></dialog>');
        document.getElementById('modal').showModal()";
    let browser = &partner.browser;
    browser.run::<()>(show).await?;
    // Both in the top layer, and all but the dialogue is inert: what the page may do then.
    browser.run::<()>("messenger.open(); messenger.close(); messenger.open()").await?;
    browser.find(By::Id("field")).await?.send_keys("typed").await?;
    assert_eq!(browser.run::<String>("return document.getElementById('field').value").await?, "typed");
    browser.find(By::Id("done")).await?.click().await?;
    until("the dialogue is closed", async || {
        browser.run("return !document.getElementById('modal').open").await
    })
    .await?;
    page.enter_panel().await?.send("After the dialogue").await?;
    browser.enter_default_frame().await?;
    page.close_by_launcher().await?;
    assert_eq!(browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn an_element_in_full_screen_is_over_the_launcher_until_it_is_left() -> Result {
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    assert_eq!(page.outcome().await?, "resolved");
    let browser = &partner.browser;
    let button = "document.body.insertAdjacentHTML('beforeend', '<div id=film><button id=full>Full screen</button></div>');
        document.getElementById('full').onclick = () => document.getElementById('film').requestFullscreen()";
    browser.run::<()>(button).await?;
    browser.find(By::Id("full")).await?.click().await?;
    let is_full = async |expected: bool| {
        until("in full screen, or not", async || {
            Ok(browser.run::<bool>("return !!document.fullscreenElement").await? == expected)
        })
        .await
    };
    is_full(true).await?;
    let under =
        "const button = document.querySelector('chatgenie-messenger').shadowRoot.querySelector('button');
        const { left, top, width, height } = button.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2)?.id ?? ''";
    assert_eq!(browser.run::<String>(under).await?, "film", "a film is what one wants to see then");
    browser.run::<()>("void document.exitFullscreen()").await?;
    is_full(false).await?;
    page.click_launcher().await?.send("After the film").await?;
    browser.enter_default_frame().await?;
    assert_eq!(browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_page_that_takes_the_focus_back_lets_one_write_in_the_panel() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("focus-trap", &partner.params(EMAIL)?).await?;
    assert_eq!(page.outcome().await?, "resolved");
    let panel = page.click_launcher().await?;
    panel.composer().await?.click().await?;
    until("the composer has the focus", async || panel.composer_has_focus().await).await?;
    partner.browser.action_chain().send_keys("Written by keys").perform().await?;
    until("it is written", async || {
        let script = "return document.querySelector('textarea').value === 'Written by keys'";
        partner.browser.run(script).await
    })
    .await
}
