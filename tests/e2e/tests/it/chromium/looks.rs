//! Looks that the system asks for: forced colours, less motion, twice the size.

use crate::accessibility::Axe;
use crate::partner::{EMAIL, Partner};
use crate::tour;
use e2e::{Browser, Result};
use serde_json::json;

/// Whether a media query holds in the current frame.
async fn matches(browser: &Browser, query: &str) -> Result<bool> {
    browser.run_with("return matchMedia(arguments[0]).matches", &[json!(query)]).await
}

#[tokio::test]
async fn axe_finds_nothing_in_forced_colours() -> Result {
    let browser = Browser::start_chromium(&["--force-high-contrast"]).await?;
    let partner = Partner::start_with(browser).await?;
    // The system's colours are not the panel's business; and axe reads `-webkit-text-fill-color`, which Chromium
    // tells as it was written and not as it is forced.
    let mut axe = Axe { without: &["color-contrast"], ..Axe::default() };
    tour::signed_in(&partner, &partner.params(EMAIL)?, &mut axe).await?;
    assert!(matches(&partner.browser, "(forced-colors: active)").await?);
    tour::visitor(&partner, &json!({ "appId": partner.app.app_id }), &mut axe).await?;
    axe.assert_clean(13);
    Ok(())
}

#[tokio::test]
async fn axe_finds_nothing_where_the_system_is_dark() -> Result {
    let browser = Browser::start_chromium(&["--force-dark-mode"]).await?;
    let partner = Partner::start_with(browser).await?;
    let mut axe = Axe::default();
    tour::signed_in(&partner, &partner.params(EMAIL)?, &mut axe).await?;
    assert!(matches(&partner.browser, "(prefers-color-scheme: dark)").await?);
    axe.assert_clean(7);
    Ok(())
}

#[tokio::test]
async fn nothing_moves_for_those_who_want_less_motion() -> Result {
    // Whatever would move: its transition or animation takes time.
    const MOVING: &str = "const roots = [document, ...[...document.querySelectorAll('*')].map((e) => e.shadowRoot).filter(Boolean)];
        const seconds = (text) => Math.max(...text.split(',').map(parseFloat));
        return roots.flatMap((root) => [...root.querySelectorAll('*')]).filter((element) => {
            const { transitionDuration, animationName, animationDuration } = getComputedStyle(element);
            return seconds(transitionDuration) > 0.01 || (animationName !== 'none' && seconds(animationDuration) > 0.01);
        }).map((element) => element.outerHTML.slice(0, 120))";
    let browser = Browser::start_chromium(&["--force-prefers-reduced-motion"]).await?;
    let partner = Partner::start_with(browser).await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.send("Hello").await?;
    assert!(matches(&partner.browser, "(prefers-reduced-motion: reduce)").await?);
    let in_panel: Vec<String> = partner.browser.run(MOVING).await?;
    panel.leave().await?;
    let in_page: Vec<String> = partner.browser.run(MOVING).await?;
    assert_eq!((in_panel, in_page), (vec![], vec![]));
    Ok(())
}

#[tokio::test]
async fn at_twice_the_size_everything_is_there_without_scrolling_sideways() -> Result {
    // A page of 1280 x 900 at 200 % has 640 x 450 pixels of its own.
    let browser = Browser::start_chromium(&["--window-size=1280,900"]).await?;
    browser.cdp().emulation().set_device_metrics_override(640, 450, 2.0, false).await?;
    let partner = Partner::start_with(browser).await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel
        .send("A word that is very long: Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen")
        .await?;
    // The way back is there once the request is.
    panel.visible("[data-action=back]").await?;
    let size: [f64; 3] = partner
        .browser
        .run("return [document.documentElement.scrollWidth - innerWidth, innerWidth, innerHeight]")
        .await?;
    assert!(size[0] <= 0.0 && size[1] >= 200.0 && size[2] >= 200.0, "{size:?}");
    for action in ["send", "back", "close"] {
        let inside = "const { left, top, right, bottom } = document.querySelector(`[data-action=${arguments[0]}]`).getBoundingClientRect();
            return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight";
        assert!(partner.browser.run_with::<bool>(inside, &[json!(action)]).await?, "{action} can be seen");
    }
    panel.leave().await
}

/// The address in the header: whether it is whole, whether it and the way out lie in the panel, its tooltip, and all that
/// can be read of it.
const ADDRESS: &str = "const address = document.querySelector('.account .email');
    const isInside = [...document.querySelectorAll('.account *, .header button')].every((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left >= 0 && right <= innerWidth;
    });
    return [address.scrollWidth <= address.clientWidth, isInside, address.title, address.parentElement.textContent]";

#[tokio::test]
async fn an_address_of_thirty_letters_is_whole_in_the_header_and_a_longer_one_is_there_to_be_read() -> Result
{
    const USUAL: &str = "maximilian.mueller@example.com";
    const LONG: &str = "dr.konstantin.papadopoulos-weatherby@a-very-long-name-of-a-company.example";
    let partner = Partner::start_with(Browser::start_chromium(&["--window-size=1280,900"]).await?).await?;
    for (email, locale, says) in [
        (USUAL, "en", "Signed in as maximilian"),
        (USUAL, "de", "Angemeldet als maximilian"),
        (USUAL, "he", "החשבון:"),
        (LONG, "en", "Signed in as dr.konstantin"),
        (LONG, "ar", "الحساب:"),
    ] {
        let mut params = partner.params(email)?;
        params["locale"] = json!(locale);
        let panel = partner.initialize(&params).await?.click_launcher().await?;
        panel.composer().await?;
        let (is_whole, is_inside, title, text): (bool, bool, String, String) =
            partner.browser.run(ADDRESS).await?;
        assert_eq!((is_whole, is_inside, title.as_str()), (email == USUAL, true, email), "{locale}");
        assert!(text.contains(says) && text.matches(email).count() == 2, "{text}");
        panel.leave().await?;
    }
    Ok(())
}

#[tokio::test]
async fn on_paper_there_is_no_messenger() -> Result {
    let partner = Partner::start_with(Browser::start_chromium(&[]).await?).await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    page.click_launcher().await?.composer().await?;
    partner.browser.enter_default_frame().await?;
    let boxes = "const { shadowRoot } = document.querySelector('chatgenie-messenger');
        return [...shadowRoot.querySelectorAll('button, iframe')].map((element) => element.getClientRects().length)";
    assert_eq!(partner.browser.run::<Vec<usize>>(boxes).await?, [1, 1]);
    partner.browser.cdp().send_raw("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
    assert_eq!(partner.browser.run::<Vec<usize>>(boxes).await?, [0, 0]);
    Ok(())
}
