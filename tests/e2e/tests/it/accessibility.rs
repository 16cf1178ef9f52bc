//! WCAG 2.2 AA, as far as a machine can tell: axe-core finds nothing in any state of launcher and panel.

use crate::partner::{EMAIL, Partner};
use crate::tour::{self, Look, Place};
use e2e::{Result, axe};
use serde_json::json;

/// Lets axe look at each state, and keeps what it finds.
#[derive(Default)]
pub struct Axe {
    /// Rules that are not asked for.
    pub without: &'static [&'static str],
    pub states: usize,
    pub found: Vec<String>,
}

impl Look for Axe {
    async fn look(&mut self, partner: &Partner, place: Place, state: &str) -> Result {
        let scope = if place == Place::Host { "chatgenie-messenger" } else { "html" };
        let found = axe::violations(&partner.browser, scope, self.without).await?;
        self.found.extend(found.into_iter().map(|text| format!("{state}: {text}")));
        self.states += 1;
        Ok(())
    }
}

impl Axe {
    pub fn assert_clean(&self, states: usize) {
        assert_eq!(self.states, states, "all states were looked at");
        assert!(self.found.is_empty(), "{:#?}", self.found);
    }
}

#[tokio::test]
async fn axe_sees_a_fault_in_a_shadow_root_and_in_the_panel() -> Result {
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    page.launcher().await?;
    let script = "document.querySelector('chatgenie-messenger').shadowRoot.querySelector('button').removeAttribute('aria-label')";
    partner.browser.run::<()>(script).await?;
    let found = axe::violations(&partner.browser, "chatgenie-messenger", &[]).await?;
    assert!(found.iter().any(|text| text.starts_with("button-name")), "{found:?}");

    let panel = page.click_launcher().await?;
    panel.composer().await?;
    partner.browser.run::<()>("document.querySelector('textarea').removeAttribute('aria-label')").await?;
    partner.browser.run::<()>("document.querySelector('textarea').removeAttribute('placeholder')").await?;
    let found = axe::violations(&partner.browser, "html", &[]).await?;
    assert!(found.iter().any(|text| text.starts_with("label")), "{found:?}");
    panel.leave().await
}

#[tokio::test]
async fn axe_finds_nothing_in_any_state_of_a_signed_in_user() -> Result {
    let partner = Partner::start().await?;
    let mut axe = Axe::default();
    tour::signed_in(&partner, &partner.params(EMAIL)?, &mut axe).await?;
    axe.assert_clean(7);
    Ok(())
}

#[tokio::test]
async fn axe_finds_nothing_in_any_state_of_a_visitor() -> Result {
    let partner = Partner::start().await?;
    let mut axe = Axe::default();
    tour::visitor(&partner, &json!({ "appId": partner.app.app_id }), &mut axe).await?;
    axe.assert_clean(6);
    Ok(())
}

#[tokio::test]
async fn axe_finds_nothing_in_the_dark_and_from_right_to_left() -> Result {
    let partner = Partner::start().await?;
    let mut axe = Axe::default();
    let mut params = partner.params(EMAIL)?;
    params["theme"] = json!("dark");
    params["locale"] = json!("ar");
    tour::signed_in(&partner, &params, &mut axe).await?;
    let visitor = json!({ "appId": partner.app.app_id, "theme": "dark", "locale": "ar" });
    tour::visitor(&partner, &visitor, &mut axe).await?;
    axe.assert_clean(13);
    Ok(())
}
