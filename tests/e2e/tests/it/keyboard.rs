//! The keyboard alone reaches and leaves everything; the focus is where one expects it.

use crate::partner::{EMAIL, Partner};
use crate::tour::{ANSWER, QUESTION};
use anyhow::bail;
use e2e::{MessengerPage, Result, until, until_some};
use std::collections::BTreeSet;
use thirtyfour::Key;

/// How often Tab is pressed at most, once around.
const MAX_TABS: usize = 40;
/// How often the panel is looked at that has been given the focus, and does not have it.
const MAX_LOOKS: usize = 20;

/// What has the focus in the panel: its action, or the element's name. In Firefox it may be the document itself.
const FOCUSED: &str = "const active = document.activeElement ?? document.body;
    if (!document.hasFocus()) return '';
    return active.dataset.action || active.getAttribute('role') || active.localName";

/// Whether the page has given the focus to the panel.
const IN_FRAME: &str = "return document.activeElement?.shadowRoot?.activeElement?.localName === 'iframe'";

/// All that can be reached in the panel by Tab.
const FOCUSABLE: &str =
    "return [...document.querySelectorAll('button, textarea, input, a[href], [tabindex=\"0\"]')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0)
    .map((element) => element.dataset.action || element.getAttribute('role') || element.localName)";

async fn conversation(partner: &Partner) -> Result<MessengerPage<'_>> {
    let page = partner.open_with_params("programmatic", &partner.params(EMAIL)?).await?;
    // Something behind the messenger, so that there is a way out at the end of it too.
    partner
        .browser
        .run::<()>("document.body.insertAdjacentHTML('beforeend', '<p><a id=after href=\"#\">After</a></p>')")
        .await?;
    partner.browser.run::<()>("void start(params)").await?;
    page.launcher().await?;
    Ok(page)
}

#[tokio::test]
async fn tab_reaches_everything_in_the_panel_and_leads_out_again() -> Result {
    let partner = Partner::start().await?;
    let page = conversation(&partner).await?;
    page.tab_to_launcher().await?;
    page.press(Key::Enter).await?;
    let panel = page.enter_panel().await?;
    until("the composer has the focus", async || panel.composer_has_focus().await).await?;
    panel.send(QUESTION).await?;
    let agent = partner.thread.agent(&partner.app).await?;
    agent.answer(&agent.wait_for_request(QUESTION).await?, "answer-1", ANSWER).await?;
    panel.wait_for_text(ANSWER).await?;

    let all: BTreeSet<String> = partner.browser.run::<Vec<String>>(FOCUSABLE).await?.into_iter().collect();
    assert!(all.len() >= 5, "{all:?}");
    // Back to the launcher, then in again and on to the end: after that Firefox has the focus in its own window, where no driver can
    // press a key.
    let mut reached = walk(&partner, &page, Way::Back).await?;
    reached.append(&mut walk(&partner, &page, Way::On).await?);
    assert!(reached.is_superset(&all), "reached {reached:?} of {all:?}");
    Ok(())
}

/// Which way Tab goes.
#[derive(Clone, Copy, Debug)]
enum Way {
    On,
    /// With Shift.
    Back,
}

/// Presses Tab until the focus has left the panel; gives what it came by.
async fn walk(partner: &Partner, page: &MessengerPage<'_>, way: Way) -> Result<BTreeSet<String>> {
    let mut reached = BTreeSet::new();
    for _ in 0..MAX_TABS {
        match way {
            Way::On => page.press(Key::Tab).await?,
            Way::Back => page.press_with_shift(Key::Tab).await?,
        }
        match focused(partner, page).await? {
            Some(focused) => drop(reached.insert(focused)),
            None => return Ok(reached),
        }
    }
    bail!("{MAX_TABS} Tabs, {way:?}, did not lead out, but to {reached:?}");
}

/// What has the focus in the panel, if the page has given it to the panel. Where they are processes of their own, it
/// takes a moment to get there. From the last element Firefox goes on to its own window, and the page says nothing of it.
async fn focused(partner: &Partner, page: &MessengerPage<'_>) -> Result<Option<String>> {
    let mut in_vain = 0;
    until_some("something has the focus", async || {
        partner.browser.enter_default_frame().await?;
        if !partner.browser.run::<bool>(IN_FRAME).await? {
            return Ok(Some(None));
        }
        page.enter_panel().await?;
        let focused: String = partner.browser.run(FOCUSED).await?;
        in_vain += 1;
        let is_outside = in_vain > MAX_LOOKS;
        Ok(if focused.is_empty() { is_outside.then_some(None) } else { Some(Some(focused)) })
    })
    .await
}

#[tokio::test]
async fn escape_closes_from_everywhere_and_gives_the_focus_back() -> Result {
    let partner = Partner::start().await?;
    let page = conversation(&partner).await?;
    for _ in 0..2 {
        page.tab_to_launcher().await?;
        page.press(Key::Enter).await?;
        let panel = page.enter_panel().await?;
        until("the composer has the focus", async || panel.composer_has_focus().await).await?;
        page.press(Key::Tab).await?;
        page.press(Key::Escape).await?;
        panel.leave().await?;
        until("the panel is closed", async || Ok(!page.is_open().await?)).await?;
        until("the launcher has the focus", async || page.launcher_has_focus().await).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_new_message_is_announced() -> Result {
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.send(QUESTION).await?;
    let agent = partner.thread.agent(&partner.app).await?;
    agent.answer(&agent.wait_for_request(QUESTION).await?, "answer-1", ANSWER).await?;
    until("the answer is announced", async || Ok(panel.announced().await?.contains(ANSWER))).await
}

#[tokio::test]
async fn everything_that_can_be_pressed_is_24_pixels_or_more() -> Result {
    // axe lets smaller ones pass if there is room around them.
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.send("Hello").await?;
    let small = "return [...document.querySelectorAll('button, textarea, input')].filter((element) => element.checkVisibility())
        .filter((element) => { const { width, height } = element.getBoundingClientRect(); return width < 24 || height < 24; })
        .map((element) => element.outerHTML)";
    assert_eq!(partner.browser.run::<Vec<String>>(small).await?, Vec::<String>::new());
    panel.back_to_list().await?;
    assert_eq!(partner.browser.run::<Vec<String>>(small).await?, Vec::<String>::new());
    panel.leave().await
}
