//! Files: chosen, pasted and dropped, sent with a message, seen and saved by both sides.

use crate::partner::{EMAIL, Partner};
use anyhow::Context as _;
use e2e::{Panel, Result, until};
use serde_json::json;
use thirtyfour::By;

/// A picture of one pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0,
    0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63,
    0x64, 0xf8, 0xcf, 0x50, 0x0f, 0, 3, 0x86, 1, 0x80, 0x5a, 0x34, 0x7d, 0x6b, 0, 0, 0, 0, 0x49, 0x45, 0x4e,
    0x44, 0xae, 0x42, 0x60, 0x82,
];

async fn open(partner: &Partner) -> Result<Panel<'_>> {
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.composer().await?;
    Ok(panel)
}

async fn count(partner: &Partner, selector: &str, expected: usize) -> Result {
    let script = "return document.querySelectorAll(arguments[0]).length";
    until(&format!("{expected} of {selector}"), async || {
        Ok(partner.browser.run_with::<usize>(script, &[json!(selector)]).await? == expected)
    })
    .await
}

const PASTE: &str = "new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })";
const DROP: &str = "new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })";

/// Lets the composer see an event that brings a picture along.
async fn give(partner: &Partner, event: &str, content: &[u8]) -> Result {
    let script = format!(
        "const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(arguments[0])], 'screenshot.png', {{ type: 'image/png' }}));
        const event = {event};
        // Firefox lets nobody make an event of the clipboard with anything in it.
        if (event.clipboardData?.files.length === 0) Object.defineProperty(event, 'clipboardData', {{ value: data }});
        document.querySelector('textarea').dispatchEvent(event)"
    );
    partner.browser.run_with(&script, &[json!(content)]).await
}

#[tokio::test]
async fn files_are_chosen_pasted_and_dropped_and_arrive_with_the_message() -> Result {
    let partner = Partner::start().await?;
    let panel = open(&partner).await?;
    let folder = tempfile::tempdir()?;
    let notes = folder.path().join("notes.txt");
    std::fs::write(&notes, "as text")?;
    let program = folder.path().join("setup.exe");
    std::fs::write(&program, "MZ")?;
    let chosen = format!("{}\n{}", notes.display(), program.display());
    partner.browser.find(By::Css("input[type=file]")).await?.send_keys(chosen).await?;
    give(&partner, PASTE, PNG).await?;
    give(&partner, DROP, PNG).await?;
    count(&partner, ".attached[data-state=done]", 3).await?;
    panel.wait_for_text("Files of this type cannot be attached").await?;
    let send = "return document.querySelector('[data-action=send]').getAttribute('aria-disabled')";
    assert_eq!(partner.browser.run::<String>(send).await?, "true", "what is refused has to be taken away");
    partner
        .browser
        .find(By::Css(".attached[data-state=refused] [data-action=remove-file]"))
        .await?
        .click()
        .await?;
    count(&partner, ".attached", 3).await?;

    panel.send("See what it says").await?;
    count(&partner, ".attached", 0).await?;
    let agent = partner.thread.agent(&partner.app).await?;
    let request = agent.wait_for_request("See what it says").await?;
    let files = &request.messages.last().context("it has a message")?.attachments;
    let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["notes.txt", "screenshot.png", "screenshot.png"]);
    let shown =
        "return [...document.querySelectorAll('.picture img')].filter((i) => i.naturalWidth === 1).length";
    until("both pictures are shown", async || Ok(partner.browser.run::<usize>(shown).await? == 2)).await?;

    // After a reload they are fetched from Thread.
    panel.leave().await?;
    let panel = open_again(&partner, request.id.as_str()).await?;
    until("both pictures are shown", async || Ok(partner.browser.run::<usize>(shown).await? == 2)).await?;
    let saved = "const made = URL.createObjectURL;
        URL.createObjectURL = (blob) => { blob.text().then((text) => { window.saved = text; }); return made(blob); };
        document.querySelector('[data-action=download]').click()";
    partner.browser.run::<()>(saved).await?;
    until("the file is saved", async || {
        Ok(partner.browser.run::<Option<String>>("return window.saved ?? null").await?.as_deref()
            == Some("as text"))
    })
    .await?;
    panel.leave().await?;
    assert_eq!(partner.browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}

async fn open_again<'a>(partner: &'a Partner, id: &str) -> Result<Panel<'a>> {
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.open_request(id).await?;
    Ok(panel)
}

#[tokio::test]
async fn an_upload_can_be_broken_off_and_tried_again() -> Result {
    let partner = Partner::start().await?;
    let panel = open(&partner).await?;
    partner.thread.tap().hold_answers();
    give(&partner, PASTE, PNG).await?;
    count(&partner, ".attached[data-state=sending] progress", 1).await?;
    partner.browser.find(By::Css("[data-action=remove-file]")).await?.click().await?;
    count(&partner, ".attached", 0).await?;
    partner.thread.tap().release_answers();

    // Not the picture that its type says: Thread refuses it, whoever asks.
    give(&partner, PASTE, b"no picture").await?;
    count(&partner, ".attached[data-state=failed]", 1).await?;
    partner.browser.find(By::Css("[data-action=retry-upload]")).await?.click().await?;
    count(&partner, ".attached[data-state=failed]", 1).await?;
    panel.wait_for_text("Not uploaded").await
}
