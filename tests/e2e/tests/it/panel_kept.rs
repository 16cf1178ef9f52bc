//! What somebody has typed is not lost: by a reload, by a network that is gone, by a session that has ended.

use crate::partner::Partner;
use anyhow::Context as _;
use e2e::{Panel, Result, until};
use serde_json::json;
use thirtyfour::Key;

const EMAIL: &str = "ann@example.com";

/// The panel in a tab of its own, signed in by PIN; gives the PIN too.
async fn signed_in(partner: &Partner) -> Result<(Panel<'_>, String)> {
    let url = format!("{}/messenger/?appId={}&locale=en", partner.thread.origin(), partner.app.app_id);
    partner.browser.goto(&url).await?;
    let panel = Panel::whole_page(&partner.browser);
    panel.enter_email(EMAIL).await?;
    let pin = partner.thread.pin(EMAIL).await?;
    panel.enter_pin(&pin).await?;
    panel.composer().await?;
    Ok((panel, pin))
}

async fn is_typed(partner: &Partner, text: &str) -> Result {
    let script = "return document.querySelector('textarea')?.value === arguments[0]";
    until(&format!("{text:?} is in the composer"), async || {
        partner.browser.run_with(script, &[json!(text)]).await
    })
    .await
}

#[tokio::test]
async fn a_draft_is_there_after_a_reload_and_after_a_session_that_ended_and_not_after_sign_out() -> Result {
    let partner = Partner::start().await?;
    let (panel, pin) = signed_in(&partner).await?;
    panel.composer().await?.send_keys("Half a thought").await?;
    partner.browser.refresh().await?;
    is_typed(&partner, "Half a thought").await?;

    // The session ends at Thread; the panel finds out when it asks for something.
    let script = "const key = Object.keys(localStorage).find((key) => key.endsWith(':session'));
        const [token] = localStorage.getItem(key).split(' ');
        void fetch('/v1/sessions/current', { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })
          .then(() => dispatchEvent(new Event('online')))";
    partner.browser.run::<()>(script).await?;
    let field = panel.email_field().await?;
    assert_eq!(field.prop("value").await?.as_deref(), Some(EMAIL));
    field.send_keys(String::from(char::from(Key::Enter))).await?;
    panel.enter_pin(&partner.thread.next_pin(EMAIL, &[&pin]).await?).await?;
    is_typed(&partner, "Half a thought").await?;

    panel.sign_out().await?;
    let kept = "return Object.keys(localStorage)";
    assert_eq!(partner.browser.run::<Vec<String>>(kept).await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_message_without_a_network_goes_out_once_when_it_is_back_even_after_a_reload() -> Result {
    let partner = Partner::start().await?;
    let (panel, _) = signed_in(&partner).await?;
    panel.send("With a network").await?;
    let agent = partner.thread.agent(&partner.app).await?;
    let request = agent.wait_for_request("With a network").await?;

    let tap = partner.thread.tap();
    // Writing alone: a page that cannot be loaded could not be reloaded.
    tap.refuse("POST", "/messages");
    panel.send("Without a network").await?;
    panel.wait_for_text("It goes out once you are online again").await?;
    partner.browser.refresh().await?;
    panel.open_request(request.id.as_str()).await?;
    panel.wait_for_text("Without a network").await?;
    panel.wait_for_text("It goes out once you are online again").await?;
    assert_eq!(agent.wait_for_request("With a network").await?.id, request.id, "nothing was sent");

    tap.mend();
    partner.browser.run::<()>("dispatchEvent(new Event('online'))").await?;
    let sent = agent.wait_for_request("Without a network").await?;
    let last = sent.messages.last().context("it has a message")?;
    assert_eq!((sent.id, last.seq), (request.id, 2), "once, and where it belongs");
    until("the browser keeps it no longer", async || {
        partner.browser.run("return !Object.keys(localStorage).some((key) => key.includes(':outbox'))").await
    })
    .await
}

#[tokio::test]
async fn without_a_network_a_bar_says_so_at_once() -> Result {
    let partner = Partner::start().await?;
    let (panel, _) = signed_in(&partner).await?;
    // What a browser does that has lost its network: it says so, and every request fails.
    let network = async |is_there: bool| {
        let script =
            "Object.defineProperty(navigator, 'onLine', { value: arguments[0], configurable: true });
            dispatchEvent(new Event(arguments[0] ? 'online' : 'offline'))";
        partner.browser.run_with::<()>(script, &[json!(is_there)]).await
    };
    partner.thread.tap().cut();
    network(false).await?;
    panel.wait_for_text("No connection").await?;
    partner.thread.tap().mend();
    network(true).await?;
    until("it is gone", async || Ok(!panel.text().await?.contains("No connection"))).await
}

/// Holds the first message back until `window.go()`, and counts those that were answered.
const HOLD_FIRST: &str = "const real = window.fetch;
    window.answered = 0;
    const held = new Promise((resolve) => { window.go = resolve; });
    let isFirst = true;
    window.fetch = async function (request, ...more) {
      const isMessage = request.method === 'POST' && request.url.endsWith('/v1/service-requests');
      if (isMessage && isFirst) {
        isFirst = false;
        window.isHeld = true;
        await held;
      }
      const answer = await real.call(window, request, ...more);
      if (isMessage) window.answered += 1;
      return answer;
    };";

/// What another tab does in which this user signs out and another one in.
const ANOTHER_USER: &str = "const [appId, challengeId, pin] = arguments;
    const key = Object.keys(localStorage).find((key) => key.endsWith(':session'));
    const [former] = localStorage.getItem(key).split(' ');
    const json = { 'content-type': 'application/json' };
    void (async () => {
      await fetch('/v1/sessions/current', { method: 'DELETE', headers: { authorization: `Bearer ${former}` } });
      const body = JSON.stringify({ appId, connectionType: 'pin', challengeId, pin });
      const { token, user } = await (await fetch('/v1/sessions', { method: 'POST', headers: json, body })).json();
      localStorage.setItem(key, `${token} ${user.email}`);
      dispatchEvent(new StorageEvent('storage', { key }));
    })();";

#[tokio::test]
async fn what_one_user_has_sent_is_not_repeated_as_anothers() -> Result {
    const OTHER: &str = "ben@example.com";
    let partner = Partner::start().await?;
    let (panel, _) = signed_in(&partner).await?;
    let browser = &partner.browser;
    browser.run::<()>(HOLD_FIRST).await?;
    panel.send("Words of Ann").await?;
    until("it is on its way", async || browser.run("return window.isHeld === true").await).await?;

    let ask = "const [appId, email] = arguments;
        const body = JSON.stringify({ appId, email });
        void fetch('/v1/pins', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
          .then((answer) => answer.json()).then(({ challengeId }) => { window.challengeId = challengeId; })";
    let app_id = json!(partner.app.app_id);
    browser.run_with::<()>(ask, &[app_id.clone(), json!(OTHER)]).await?;
    let pin = partner.thread.pin(OTHER).await?;
    let challenge_id = browser.run::<serde_json::Value>("return window.challengeId").await?;
    browser.run_with::<()>(ANOTHER_USER, &[app_id, challenge_id, json!(pin)]).await?;
    panel.wait_for_text(OTHER).await?;

    browser.run::<()>("window.go()").await?;
    until("it was refused", async || browser.run("return window.answered > 0").await).await?;
    // Whatever comes after the refusal comes before this.
    panel.send("Words of Ben").await?;
    let agent = partner.thread.agent(&partner.app).await?;
    agent.wait_for_request("Words of Ben").await?;
    assert_eq!(agent.open_requests().await?.len(), 1, "Ann's words are nobody else's");
    Ok(())
}
