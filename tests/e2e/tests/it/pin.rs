//! Signing in without a key: by email and the PIN that a mail brings.

use crate::partner::Partner;
use e2e::{Panel, Result, until};
use serde_json::json;

const EMAIL: &str = "ann@example.com";

/// Opens the panel of a page without a key, and has a PIN sent.
async fn ask_for_pin(partner: &Partner) -> Result<Panel<'_>> {
    let page = partner.initialize(&json!({"appId": partner.app.app_id})).await?;
    let panel = page.click_launcher().await?;
    panel.enter_email(EMAIL).await?;
    Ok(panel)
}

#[tokio::test]
async fn a_pin_from_a_mail_signs_in_and_a_reload_keeps_the_session_until_sign_out() -> Result {
    let partner = Partner::start().await?;
    let panel = ask_for_pin(&partner).await?;
    let pin = partner.thread.pin(EMAIL).await?;
    panel.enter_pin(&format!("{} {}", &pin[..3], &pin[3..])).await?;
    panel.send("My card was declined").await?;
    panel.wait_for_text(EMAIL).await?;
    panel.leave().await?;

    let page = partner.initialize(&json!({"appId": partner.app.app_id})).await?;
    let panel = page.click_launcher().await?;
    panel.wait_for_text("My card was declined").await?;
    panel.sign_out().await?;
    panel.leave().await?;
    until("Thread is told", async || Ok(partner.thread.tap().count("DELETE", "/v1/sessions/current") == 1))
        .await?;

    let page = partner.initialize(&json!({"appId": partner.app.app_id})).await?;
    let panel = page.click_launcher().await?;
    panel.email_field().await?;
    assert!(!panel.text().await?.contains(EMAIL), "nobody is signed in any more");
    Ok(())
}

#[tokio::test]
async fn a_wrong_pin_signs_nobody_in_and_says_what_to_do() -> Result {
    let partner = Partner::start().await?;
    let panel = ask_for_pin(&partner).await?;
    let pin = partner.thread.pin(EMAIL).await?;
    let wrong = if pin == "000000" { "000001" } else { "000000" };
    panel.enter_pin(wrong).await?;
    panel.wait_for_text("not right").await?;
    assert!(!panel.has_composer().await?);
    panel.enter_pin(&pin).await?;
    panel.composer().await?;
    Ok(())
}
