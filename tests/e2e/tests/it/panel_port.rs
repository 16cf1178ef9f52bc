//! The port is the page's, whose scripts may say whatever they like into it.

use crate::partner::{EMAIL, Partner};
use e2e::{Panel, Result, until};
use serde_json::json;
use thirtyfour::By;

const VICTIM: &str = "victim@shop.example";

/// Makes a frame of the panel and takes its port, as any script of the page can.
const TAKE_PORT: &str = "const [thread, appId] = arguments;
    const frame = document.body.appendChild(document.createElement('iframe'));
    frame.style.cssText = 'inline-size: 420px; block-size: 600px';
    const { port1, port2 } = new MessageChannel();
    window.port = port1;
    port1.start();
    frame.onload = () => {
      frame.contentWindow.postMessage('chatgenie:port', thread, [port2]);
      port1.postMessage({ type: 'appearance', locale: 'en', theme: 'auto' });
      window.isTaken = true;
    };
    frame.src = `${thread}/messenger/?host=widget&locale=en&appId=${appId}`;";

/// Signs in with a genuine key, and keeps Thread's answer.
const SIGN_IN: &str = "const [thread, params] = arguments;
    void fetch(`${thread}/v1/sessions`, { method: 'POST', body: JSON.stringify(params) })
      .then((answer) => answer.json()).then((session) => { window.session = session; });";

#[tokio::test]
async fn a_session_is_only_ever_of_the_user_that_its_token_names_and_is_not_kept() -> Result {
    let partner = Partner::start().await?;
    let browser = &partner.browser;
    let origin = partner.thread.origin();
    partner.open_with_values("empty", []).await?;
    browser.run_with::<()>(TAKE_PORT, &[json!(origin), json!(partner.app.app_id)]).await?;
    browser.run_with::<()>(SIGN_IN, &[json!(origin), partner.params(EMAIL)?]).await?;
    until("port and session are there", async || {
        browser.run("return !!(window.isTaken && window.session)").await
    })
    .await?;

    // Another's name on a genuine session; then another way to have signed in, which the browser would keep.
    let say = "const [email, method] = arguments;
        port.postMessage({ type: 'session', session: { ...session, user: { email }, method } })";
    browser.run_with::<()>(say, &[json!(VICTIM), json!("messenger_auth")]).await?;
    browser.run_with::<()>(say, &[json!(EMAIL), json!("pin")]).await?;
    let frame = browser.find(By::Css("iframe")).await?;
    let panel = Panel::enter(browser, frame).await?;
    // Messages come in order: the first was passed over.
    panel.wait_for_text(EMAIL).await?;
    assert!(!panel.text().await?.contains(VICTIM));
    let kept = "return Object.keys(localStorage).filter((key) => key.endsWith(':session'))";
    assert_eq!(browser.run::<Vec<String>>(kept).await?, Vec::<String>::new());
    Ok(())
}
