//! Pages that are scaled, turned, cut off or printed: the launcher is in sight and the panel fits; on paper it is not.

use crate::partner::{EMAIL, Partner};
use anyhow::Context as _;
use e2e::{Browser, Result, until};
use serde_json::json;

/// Styles that a page may have for all that is in it.
const SCALED: &[&str] = &[
    "html { zoom: 2 }",
    "body { zoom: 1.5 }",
    "html { zoom: .5 }",
    "html { font-size: 200% }",
    "body { transform: scale(2) rotate(5deg); overflow: hidden; height: 100px }",
    "html { transform: translateX(500px) }",
    "body { filter: blur(1px); contain: strict; height: 50px }",
    "body { perspective: 100px; will-change: transform; clip-path: inset(0 50% 0 0) }",
    "html { overflow: hidden; height: 100% } body { position: absolute; width: 4000px; height: 4000px; overflow: scroll }",
    "body { display: grid; grid-template-columns: 1fr 1fr; place-items: center } body > * { grid-column: 1 }",
];

/// Whether a part of the messenger is within the window, and what a click at its middle would hit.
const IN_SIGHT: &str = "const { shadowRoot } = document.querySelector('chatgenie-messenger');
    const box = (selector) => shadowRoot.querySelector(selector).getBoundingClientRect();
    const { documentElement: root, body } = document;
    const zoom = [root, body].reduce((all, element) => all * (parseFloat(getComputedStyle(element).zoom) || 1), 1);
    // Some engines tell a box in the pixels of the window, others in those of the page.
    const scale = 56 * zoom / box('button').width;
    const [part] = arguments, { left, top, right, bottom } = box(part);
    const hit = shadowRoot.elementFromPoint((left + right) / 2 * scale, (top + bottom) / 2 * scale);
    return {
      fits: left >= 0 && top >= 0 && right * scale <= innerWidth && bottom * scale <= innerHeight && right - left >= 20,
      isHit: !!hit?.closest(part),
      box: [left, top, right, bottom, innerWidth, innerHeight],
    }";

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sight {
    fits: bool,
    is_hit: bool,
    #[serde(rename = "box")]
    bounds: [f64; 6],
}

#[tokio::test]
async fn however_a_page_is_scaled_launcher_and_panel_are_in_the_window() -> Result {
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    assert_eq!(page.outcome().await?, "resolved");
    let browser = &partner.browser;
    browser.run::<()>("document.head.append(window.style = document.createElement('style'))").await?;
    for style in SCALED {
        browser.run_with::<()>("style.textContent = arguments[0]", &[json!(style)]).await?;
        is_in_sight(browser, "button").await.with_context(|| style.to_string())?;
        browser.run::<()>("messenger.open()").await?;
        page.enter_panel().await?.composer().await?;
        browser.enter_default_frame().await?;
        is_in_sight(browser, "iframe").await.with_context(|| style.to_string())?;
        browser.run::<()>("messenger.close()").await?;
    }
    Ok(())
}

/// Waits until a part is in the window: it may be on its way, by a transition.
async fn is_in_sight(browser: &Browser, part: &str) -> Result {
    let mut sight: Option<Sight> = None;
    until("it is in sight", async || {
        let now: Sight = browser.run_with(IN_SIGHT, &[json!(part)]).await?;
        let is_seen = now.fits && now.is_hit;
        sight = Some(now);
        Ok(is_seen)
    })
    .await
    .with_context(|| {
        let Some(Sight { fits, is_hit, bounds }) = sight else { return part.to_owned() };
        format!("{part}: fits {fits}, is hit {is_hit}: {bounds:?}")
    })
}

#[tokio::test]
async fn on_paper_there_is_no_messenger() -> Result {
    let partner = Partner::start().await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    page.click_launcher().await?.composer().await?;
    partner.browser.enter_default_frame().await?;
    // Not every browser can be asked to look like paper: what it would follow there is read, and applied to the screen.
    let script = "const { shadowRoot } = document.querySelector('chatgenie-messenger');
        const [sheet] = shadowRoot.adoptedStyleSheets;
        const rule = [...sheet.cssRules].find((rule) => rule.media?.mediaText === 'print');
        rule.media.mediaText = 'screen';
        return [...shadowRoot.querySelectorAll('button, iframe')].map((element) => element.getClientRects().length)";
    assert_eq!(partner.browser.run::<Vec<usize>>(script).await?, [0, 0]);
    Ok(())
}
