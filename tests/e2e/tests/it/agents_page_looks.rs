//! The agents' page for those who see, hear or move differently.

use crate::accessibility::Axe;
use crate::agents_page_keyboard::open_conversation;
use crate::agents_tour;
use crate::partner::{EMAIL, Partner};
use e2e::{AgentsPage, Browser, Contact, Result};
use serde_json::json;

/// How many states the tour has.
const STATES: usize = 9;

async fn axe_finds_nothing(browser: Browser, locale: &str, without: &'static [&'static str]) -> Result {
    let partner = Partner::start_with(browser).await?;
    let mut axe = Axe { without, ..Axe::default() };
    agents_tour::agent(&partner, locale, &mut axe).await?;
    axe.assert_clean(STATES);
    Ok(())
}

#[tokio::test]
async fn axe_finds_nothing_in_any_state() -> Result {
    axe_finds_nothing(Browser::start().await?, "en", &[]).await
}

#[tokio::test]
async fn axe_finds_nothing_in_the_dark_and_from_right_to_left() -> Result {
    axe_finds_nothing(Browser::start_chromium(&["--force-dark-mode"]).await?, "he", &[]).await
}

#[tokio::test]
async fn axe_finds_nothing_on_a_phone() -> Result {
    let browser = Browser::start_chromium(&[]).await?;
    browser.cdp().emulation().set_device_metrics_override(390, 844, 2.0, true).await?;
    let partner = Partner::start_with(browser).await?;
    let mut axe = Axe::default();
    agents_tour::agent(&partner, "en", &mut axe).await?;
    axe.assert_clean(STATES);
    Ok(())
}

#[tokio::test]
async fn axe_finds_nothing_in_forced_colours() -> Result {
    // The system's colours are not the page's business.
    axe_finds_nothing(Browser::start_chromium(&["--force-high-contrast"]).await?, "en", &["color-contrast"])
        .await
}

#[tokio::test]
async fn every_language_has_its_words_and_its_direction() -> Result {
    let partner = Partner::start().await?;
    for (locale, lang, dir, words) in [
        ("de-AT", "de", "ltr", "Zum Antworten anmelden"),
        ("ar", "ar", "rtl", "سجّل الدخول للرد"),
        ("ja", "ja", "ltr", "サインインして返信"),
        ("xx", "en", "ltr", "Sign in to answer"),
    ] {
        // A change of the fragment alone would load nothing.
        partner.browser.goto("about:blank").await?;
        let page = AgentsPage::open_in(&partner.browser, &partner.thread, locale, "").await?;
        page.wait_for_text(words).await?;
        let root: [String; 2] =
            partner.browser.run("const { lang, dir } = document.documentElement; return [lang, dir]").await?;
        assert_eq!(root, [lang, dir], "{locale}");
    }
    Ok(())
}

#[tokio::test]
async fn on_a_phone_list_and_conversation_take_turns_and_nothing_sticks_out() -> Result {
    let browser = Browser::start_chromium(&[]).await?;
    browser.cdp().emulation().set_device_metrics_override(320, 640, 2.0, true).await?;
    let partner = Partner::start_with(browser).await?;
    let browser = &partner.browser;
    let contact =
        Contact::sign_in(&partner.thread, &partner.app, "a.very.long.address@a-very-long-domain.example");
    let request =
        contact.await?.raise("A word that is very long: Donaudampfschifffahrtsgesellschaft", &[]).await?;
    let key = partner.thread.api_key(&partner.app, None).await?;
    let page = AgentsPage::open(browser, &partner.thread, "").await?;
    page.sign_in(&key.api_key).await?;
    let fits = "return document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll('button, a, textarea')]
        .filter((element) => element.checkVisibility())
        .every((element) => { const { left, right } = element.getBoundingClientRect(); return left >= 0 && right <= innerWidth; })";
    let is_seen = "return document.querySelector(arguments[0])?.checkVisibility() ?? false";
    page.visible("[data-request]").await?;
    assert!(browser.run::<bool>(fits).await?);
    page.choose(request.id.as_str()).await?;
    assert!(browser.run::<bool>(fits).await?);
    assert!(!browser.run_with::<bool>(is_seen, &[json!("[data-request]")]).await?);
    page.press_button("back").await?;
    page.visible("[data-request]").await?;
    assert!(!browser.run_with::<bool>(is_seen, &[json!("textarea")]).await?);
    browser.back().await?;
    page.composer().await?;
    Ok(())
}

#[tokio::test]
async fn on_a_phone_the_words_of_each_button_stand_in_one_line() -> Result {
    let browser = Browser::start_chromium(&[]).await?;
    browser.cdp().emulation().set_device_metrics_override(390, 844, 2.0, true).await?;
    let partner = Partner::start_with(browser).await?;
    let browser = &partner.browser;
    let contact = Contact::sign_in(&partner.thread, &partner.app, EMAIL).await?;
    let request = contact.raise("A subject that is longer than its place", &[]).await?;
    let key = partner.thread.api_key(&partner.app, None).await?;
    // The lines that the words of buttons take, where that is more than one.
    let broken = "return [...document.querySelectorAll('button')].filter((button) => button.checkVisibility()).filter((button) => {
        const words = document.createRange();
        words.selectNodeContents(button);
        return new Set([...words.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
    }).map((button) => button.textContent)";
    for locale in ["en", "de", "fr", "es", "pt-BR", "ar", "he", "ja"] {
        browser.goto("about:blank").await?;
        let page = AgentsPage::open_in(browser, &partner.thread, locale, request.id.as_str()).await?;
        // The key stays in the tab.
        if locale == "en" {
            page.enter_key(&key.api_key).await?;
        }
        page.visible("[data-action=status][aria-disabled=false]").await?;
        assert_eq!(browser.run::<Vec<String>>(broken).await?, Vec::<String>::new(), "{locale}");
        let room: f64 = browser.run("return document.querySelector('.about .who').clientWidth").await?;
        assert!(room > 120.0, "{locale}: {room} pixels are left for the subject");
    }
    Ok(())
}

#[tokio::test]
async fn the_field_begins_with_one_line_and_an_answer_ends_where_its_name_and_its_note_do() -> Result {
    let partner = Partner::start().await?;
    let browser = &partner.browser;
    let page = open_conversation(&partner, Some("Mia")).await?;
    let field = page.composer().await?;
    // Without the padding above and below.
    let lines =
        "const { height, lineHeight, paddingTop } = getComputedStyle(document.querySelector('textarea'));
        return Math.round((parseFloat(height) - 2 * parseFloat(paddingTop)) / parseFloat(lineHeight))";
    assert_eq!(browser.run::<u32>(lines).await?, 1);
    field.send_keys("One\u{e008}\n\u{e008}two\u{e008}\n\u{e008}three").await?;
    assert_eq!(browser.run::<u32>(lines).await?, 3);
    page.press_button("send").await?;
    page.visible(".own .delivery").await?;
    let ends = "return ['.bubble', '.agent', '.delivery'].map((name) => {
        const range = document.createRange();
        const element = document.querySelector(`.own ${name}`);
        if (name === '.bubble') range.selectNode(element); else range.selectNodeContents(element);
        return Math.round(range.getBoundingClientRect().right);
    })";
    let [bubble, name, note]: [i32; 3] = browser.run(ends).await?;
    assert_eq!((name, note), (bubble, bubble));
    Ok(())
}
