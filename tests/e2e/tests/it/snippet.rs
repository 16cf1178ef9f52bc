//! The article's snippet signs the user in.

use crate::partner::{EMAIL, Partner};
use e2e::{Pace, Result, Values, fill, paths};
use serde_json::json;

/// Byte for byte from the article; the portal's tests hold the file, too.
const ARTICLE: &str = include_str!("../../../../crates/portal/tests/article-snippet.html");

/// Opens a snippet's page; gives the misspellings that the console warned of.
async fn signs_in(case: &str) -> Result<Vec<String>> {
    signs_in_at(case, Partner::start().await?).await
}

async fn signs_in_at(case: &str, partner: Partner) -> Result<Vec<String>> {
    let page = partner.open_snippet(case, EMAIL, &partner.app.key(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.wait_for_text(EMAIL).await?;
    panel.composer().await?;
    assert_eq!(partner.sign_ins(), 1);
    assert_eq!(page_count(&partner).await?, 1);
    let console = partner.browser.console().await?;
    let errors: Vec<_> = console.iter().filter(|entry| entry.is_error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let warnings = console.into_iter().filter(|entry| entry.is_warning).map(|entry| entry.text);
    Ok(warnings.filter(|text| text.contains("misspelling")).collect())
}

async fn page_count(partner: &Partner) -> Result<usize> {
    partner.browser.enter_default_frame().await?;
    e2e::MessengerPage::new(&partner.browser).count().await
}

#[tokio::test]
async fn the_articles_snippet_to_the_letter_signs_the_user_in() -> Result {
    let warnings = signs_in("article").await?;
    assert!(warnings.len() == 1 && warnings[0].contains("conenctionEmail"), "{warnings:?}");
    Ok(())
}

#[tokio::test]
async fn the_spelling_of_the_articles_text_signs_the_user_in() -> Result {
    let warnings = signs_in("article-connectoin").await?;
    assert!(warnings.len() == 1 && warnings[0].contains("connectoinEmail"), "{warnings:?}");
    Ok(())
}

#[tokio::test]
async fn the_right_spelling_signs_the_user_in_without_a_warning() -> Result {
    assert_eq!(signs_in("right-spelling").await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn the_one_line_embed_signs_the_user_in() -> Result {
    assert_eq!(signs_in("one-line").await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn on_a_slow_network_the_snippet_signs_the_user_in_and_the_panel_comes() -> Result {
    let partner = Partner::start().await?;
    partner.thread.tap().slow_down(Pace::SLOW_3G);
    assert_eq!(signs_in_at("right-spelling", partner).await?, Vec::<String>::new());
    Ok(())
}

#[test]
fn the_host_page_is_the_article_to_the_letter() -> Result {
    let source = std::fs::read_to_string(paths::workspace().join("tests/pages/article/index.html"))?;
    let values = Values::from([
        ("appId", json!("YOUR_APP_ID")),
        ("email", json!("foo@bar.com")),
        ("connectionKey", json!("XXXXXXXX")),
        ("widget", json!("https://messenger.chatgenie.io/widget.js")),
    ]);
    assert!(fill(&source, &values)?.contains(ARTICLE.trim_end()));
    Ok(())
}
