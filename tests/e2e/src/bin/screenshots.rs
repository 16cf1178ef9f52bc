//! Pictures of portal and panel: `cargo run -p chatgenie-e2e --bin screenshots -- FOLDER`.

use anyhow::Context as _;
use e2e::{ANN, Browser, MessengerPage, Portal, Result, Thread};
use std::path::{Path, PathBuf};
use thirtyfour::By;

/// A window, and how the system is set.
struct Look {
    name: &'static str,
    width: u32,
    height: u32,
    dark: bool,
    /// Language of page and browser.
    language: &'static str,
    right_to_left: bool,
}

const LOOKS: &[Look] = &[
    Look { name: "wide", width: 1280, height: 900, dark: false, language: "en", right_to_left: false },
    Look { name: "wide-dark", width: 1280, height: 900, dark: true, language: "en", right_to_left: false },
    Look { name: "phone", width: 390, height: 844, dark: false, language: "en", right_to_left: false },
    Look { name: "phone-dark", width: 390, height: 844, dark: true, language: "en", right_to_left: false },
    Look {
        name: "right-to-left",
        width: 1280,
        height: 900,
        dark: false,
        language: "ar",
        right_to_left: true,
    },
];

const QUESTION: &str =
    "Good morning! Our backup has been slow since Friday, and the NAS says that disk 2 is at 91 %.";
const ANSWER: &str = "Good morning, Ann. I am looking at it right now: a nightly copy has filled the disk.\n\nI will clear it and write here when it is done, about 20 minutes.";
const THANKS: &str = "Wonderful, thank you.";

#[tokio::main]
async fn main() -> Result {
    let folder: PathBuf = std::env::args_os().nth(1).context("which folder? screenshots FOLDER")?.into();
    std::fs::create_dir_all(&folder)?;
    let thread = Thread::start().await?;
    for look in LOOKS {
        // A portal each, so that each picture begins with an empty panel.
        let portal = Portal::start(&thread).await?;
        take(&thread, &portal, look, &folder).await.with_context(|| format!("the pictures {}", look.name))?;
    }
    Ok(())
}

async fn take(thread: &Thread, portal: &Portal, look: &Look, folder: &Path) -> Result {
    // Two pixels a point, for the panel's frame as well: an emulated device would leave that blurred.
    let browser =
        Browser::start_with(&["--force-device-scale-factor=2", &format!("--lang={}", look.language)]).await?;
    let cdp = browser.cdp();
    cdp.emulation().set_device_metrics_override(look.width, look.height, 0.0, look.width < 500).await?;
    cdp.emulation().set_locale_override(look.language).await?;
    let scheme = if look.dark { "dark" } else { "light" };
    let features = serde_json::json!([{ "name": "prefers-color-scheme", "value": scheme }]);
    cdp.send_raw("Emulation.setEmulatedMedia", serde_json::json!({ "features": features })).await?;
    let shoot = async |name: &str| -> Result {
        Ok(browser.screenshot(&folder.join(format!("{}-{name}.png", look.name))).await?)
    };

    browser.goto(&portal.url("/")).await?;
    shoot("login").await?;
    browser.find(By::Name("email")).await?.send_keys(ANN.email).await?;
    browser.find(By::Name("password")).await?.send_keys(ANN.password).await?;
    browser.find(By::Css("form button")).await?.click().await?;

    let page = MessengerPage::new(&browser);
    page.launcher().await?;
    if look.right_to_left {
        browser
            .run::<()>("document.documentElement.dir = 'rtl'; document.documentElement.lang = 'ar'")
            .await?;
    }
    shoot("home").await?;

    let panel = page.click_launcher().await?;
    panel.composer().await?;
    panel.leave().await?;
    shoot("panel-empty").await?;

    let panel = page.enter_panel().await?;
    panel.send(QUESTION).await?;
    let agent = thread.agent(&portal.app).await?;
    let request = agent.wait_for_request(QUESTION).await?;
    agent.answer(&request, "answer-1", ANSWER).await?;
    panel.wait_for_text("about 20 minutes").await?;
    panel.send(THANKS).await?;
    panel.leave().await?;
    shoot("panel").await
}
