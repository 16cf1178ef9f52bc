//! Where the panel can be: in the corner, in place of an element, in a frame of the portal's own; and what it keeps to
//! there.

use crate::partner::{EMAIL, Partner};
use e2e::{Ability, MessengerPage, Panel, Result, Values, until};
use serde_json::json;
use thirtyfour::By;

/// The panel as it fills its frame: nothing sticks out, and the composer is in sight.
const FITS: &str =
    "const root = document.documentElement, box = document.querySelector('textarea').getBoundingClientRect();
    return root.scrollWidth <= innerWidth && root.scrollHeight <= innerHeight
      && box.width > 100 && box.top >= 0 && box.bottom <= innerHeight";

#[tokio::test]
async fn inline_the_panel_stands_in_its_place_and_can_be_written_in() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("inline", &partner.params(EMAIL)?).await?;
    partner.browser.run::<()>("void start({ ...params, target: '#place' })").await?;
    assert_eq!(page.outcome().await?, "resolved");
    let panel = page.click_launcher().await?;
    panel.send("From the middle of the page").await?;
    assert!(partner.browser.run::<bool>(FITS).await?);
    panel.leave().await?;
    let script = "const place = document.querySelector('#place').getBoundingClientRect();
        const frame = document.querySelector('#place > chatgenie-messenger').shadowRoot.querySelector('iframe');
        const box = frame.getBoundingClientRect();
        return box.left >= place.left && box.right <= place.right + 1 && box.width > 200 && box.height > 200";
    assert!(partner.browser.run::<bool>(script).await?, "it is not where its place is");
    Ok(())
}

/// Opens the portal's page with a frame of its own; the current frame is the panel then.
async fn bare(partner: &Partner) -> Result<Panel<'_>> {
    let address = format!("{}/messenger/?appId={}&locale=en", partner.thread.origin(), partner.app.app_id);
    let url = partner.host.page("bare-frame", &Values::from([("frame", json!(address))]))?;
    MessengerPage::open(&partner.browser, &url).await?;
    let frame = partner.browser.find(By::Css("iframe")).await?;
    Panel::enter(&partner.browser, frame).await
}

#[tokio::test]
async fn in_a_frame_of_the_portals_own_one_signs_in_by_pin_and_writes() -> Result {
    let partner = Partner::start().await?;
    let panel = bare(&partner).await?;
    panel.enter_email(EMAIL).await?;
    panel.enter_pin(&partner.thread.pin(EMAIL).await?).await?;
    panel.send("From a frame of the portal's own").await?;
    assert!(partner.browser.run::<bool>(FITS).await?);
    let close = "return document.querySelector('[data-action=close]') === null";
    assert!(partner.browser.run::<bool>(close).await?, "there is nothing that it could be closed to");
    assert_eq!(partner.browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn after_a_refused_key_the_address_is_filled_in() -> Result {
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params_with_key(EMAIL, &"0".repeat(64))).await?;
    assert_eq!(page.outcome().await?, "invalid_connection_key");
    let field = page.click_launcher().await?.email_field().await?;
    until("the address is filled in", async || Ok(field.prop("value").await?.as_deref() == Some(EMAIL))).await
}

#[tokio::test]
async fn a_panel_that_loads_late_leaves_the_focus_where_the_user_has_gone_on() -> Result {
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    assert_eq!(page.outcome().await?, "resolved");
    partner.thread.tap().hold_answers();
    page.launcher().await?.click().await?;
    let script = "const field = document.body.appendChild(document.createElement('input')); field.id = 'field'; field.focus()";
    partner.browser.run::<()>(script).await?;
    partner.thread.tap().release_answers();
    page.enter_panel().await?.composer().await?;
    partner.browser.enter_default_frame().await?;
    let focused = "return [document.hasFocus(), document.activeElement.id]";
    assert_eq!(partner.browser.run::<(bool, String)>(focused).await?, (true, "field".to_owned()));
    if Ability::KeysFollowFocus.is_missing()? {
        return Ok(());
    }
    partner.browser.action_chain().send_keys("still here").perform().await?;
    let typed = "return document.querySelector('#field').value";
    assert_eq!(partner.browser.run::<String>(typed).await?, "still here");
    Ok(())
}

#[tokio::test]
async fn a_session_in_a_tab_that_stays_open_renews_itself() -> Result {
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.send("Before").await?;
    let renewals = || partner.thread.tap().count("POST", "/v1/sessions/current/renew");
    assert_eq!(renewals(), 0);
    // A session lives for an hour. The tab was asleep for most of it.
    // Of the window: Firefox's driver has a `Date` of its own.
    let script = "const { Date } = window, now = Date.now; Date.now = () => now() + 55 * 60_000;
        document.dispatchEvent(new Event('visibilitychange'))";
    partner.browser.run::<()>(script).await?;
    until("the session is renewed", async || Ok(renewals() == 1)).await?;
    panel.send("After").await?;
    let agent = partner.thread.agent(&partner.app).await?;
    agent.wait_for_request("After").await.map(drop)
}

#[tokio::test]
async fn texts_that_do_not_come_leave_the_panel_in_english_until_they_do() -> Result {
    let partner = Partner::start().await?;
    let tap = partner.thread.tap();
    tap.refuse("GET", "/assets/fr-");
    let origin = partner.thread.origin();
    let url = format!("{origin}/messenger/?appId={}&locale=fr", partner.app.app_id);
    partner.browser.goto(&url).await?;
    let language = async || partner.browser.run::<String>("return document.documentElement.lang").await;
    let says = async |text: &str| {
        until(text, async || {
            Ok(partner.browser.run::<String>("return document.body.innerText").await?.contains(text))
        })
        .await
    };
    says("Email address").await?;
    assert_eq!(language().await?, "en");
    tap.mend();
    says("Adresse e-mail").await?;
    assert_eq!(language().await?, "fr");
    Ok(())
}
