//! Pages that are scaled, turned, cut off or printed: the launcher is in sight and the panel fits; on paper it is not.

use crate::partner::{EMAIL, Partner};
use anyhow::Context as _;
use e2e::{Result, until};
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

/// Whether a part of the messenger is within the window, as the page's own pixels have it, and what a click at its
/// middle would hit.
const IN_SIGHT: &str = "const host = document.querySelector('chatgenie-messenger');
    const part = host.shadowRoot.querySelector(arguments[0]);
    const { left, top, right, bottom } = part.getBoundingClientRect();
    // Of the root, in the coordinates that rectangles are in.
    const [width, height] = [innerWidth, innerHeight];
    const hit = host.shadowRoot.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return {
      fits: left >= 0 && top >= 0 && right <= width && bottom <= height && right - left >= 20,
      isHit: part === hit || part.contains(hit),
      box: [left, top, right, bottom, width, height],
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
    let mut out_of_sight = Vec::new();
    for style in SCALED {
        browser.run_with::<()>("style.textContent = arguments[0]", &[json!(style)]).await?;
        for part in ["button", "iframe"] {
            if part == "iframe" {
                browser.run::<()>("messenger.open()").await?;
                page.enter_panel().await?.composer().await?;
                browser.enter_default_frame().await?;
            }
            // It may be on its way yet, by a transition.
            let mut sight: Option<Sight> = None;
            let seen = until("it is in sight", async || {
                let now: Sight = browser.run_with(IN_SIGHT, &[json!(part)]).await?;
                let is_seen = now.fits && now.is_hit;
                sight = Some(now);
                Ok(is_seen)
            })
            .await;
            if seen.is_err() {
                let Sight { fits, is_hit, bounds } = sight.context("it was looked at")?;
                out_of_sight.push(format!("{style}: {part}: fits {fits}, hit {is_hit}: {bounds:?}"));
            }
        }
        browser.run::<()>("messenger.close()").await?;
    }
    assert!(out_of_sight.is_empty(), "{out_of_sight:#?}");
    Ok(())
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
