//! Pictures of the portal, and of launcher, panel and agents' page in every state: `./build.sh screenshots [FOLDER]`; or, by
//! `screenshots FOLDER NAME…`, in some settings alone.

#[path = "../../tests/it/agents_tour.rs"]
mod agents_tour;
#[path = "../../tests/it/partner.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod partner;
#[path = "../../tests/it/tour.rs"]
mod tour;

use anyhow::Context as _;
use e2e::{ANN, Browser, MessengerPage, Portal, Result, Thread};
use partner::{EMAIL, Partner};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use thirtyfour::By;

/// A window, and how system and page are set.
struct Setting {
    name: &'static str,
    /// Width and height.
    window: [u32; 2],
    /// Of Chromium.
    argument: Option<&'static str>,
    /// Of `initialize`.
    locale: Option<&'static str>,
}

const WIDE: [u32; 2] = [1280, 900];
const PHONE: [u32; 2] = [390, 844];
const DARK: Option<&str> = Some("--force-dark-mode");
const FORCED: Option<&str> = Some("--force-high-contrast");

const SETTINGS: &[Setting] = &[
    Setting { name: "wide", window: WIDE, argument: None, locale: None },
    Setting { name: "wide-dark", window: WIDE, argument: DARK, locale: None },
    Setting { name: "phone", window: PHONE, argument: None, locale: None },
    Setting { name: "phone-dark", window: PHONE, argument: DARK, locale: None },
    Setting { name: "right-to-left", window: WIDE, argument: None, locale: Some("ar") },
    Setting { name: "right-to-left-phone", window: PHONE, argument: DARK, locale: Some("he") },
    Setting { name: "japanese", window: WIDE, argument: None, locale: Some("ja") },
    Setting { name: "forced-colours", window: WIDE, argument: FORCED, locale: None },
];

impl Setting {
    /// A browser with so many pixels a point, in the panel's frame as well: an emulated device would leave that blurred.
    async fn browser(&self, scale: u8) -> Result<Browser> {
        let scale = format!("--force-device-scale-factor={scale}");
        let mut arguments = vec![scale.as_str()];
        arguments.extend(self.argument);
        let browser = Browser::start_chromium(&arguments).await?;
        let [width, height] = self.window;
        browser.cdp().emulation().set_device_metrics_override(width, height, 0.0, false).await?;
        Ok(browser)
    }

    fn with_locale(&self, mut params: Value) -> Value {
        if let Some(locale) = self.locale {
            params["locale"] = json!(locale);
        }
        params
    }
}

/// Waits until whatever fades or slides in the current frame has done so.
const STILL: &str =
    "return Promise.all(document.getAnimations().map((animation) => animation.finished)).then(() => true)";

/// Takes a picture at each state of a tour.
struct Camera<'a> {
    folder: &'a Path,
    setting: &'a Setting,
}

impl tour::Look for Camera<'_> {
    async fn look(&mut self, partner: &Partner, place: tour::Place, state: &str) -> Result {
        let browser = &partner.browser;
        browser.enter_default_frame().await?;
        let is_host = place != tour::Place::Thread;
        if let Some(locale) = self.setting.locale.filter(|locale| is_host && ["ar", "he"].contains(locale)) {
            let script = "document.documentElement.dir = 'rtl'; document.documentElement.lang = arguments[0]";
            browser.run_with::<()>(script, &[json!(locale)]).await?;
        }
        browser.run::<bool>(STILL).await?;
        let name = format!("{}-{}.png", self.setting.name, state.replace(' ', "-"));
        browser.screenshot(&self.folder.join(name)).await?;
        if place == tour::Place::Panel {
            MessengerPage::new(browser).enter_panel().await?;
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result {
    let folder: PathBuf = std::env::args_os().nth(1).context("which folder? screenshots FOLDER")?.into();
    std::fs::create_dir_all(&folder)?;
    let wanted: Vec<_> = std::env::args().skip(2).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    if is_wanted("portal") {
        portal(&folder).await.context("the portal's pictures")?;
    }
    for setting in SETTINGS.iter().filter(|setting| is_wanted(setting.name)) {
        let partner = Partner::start_with(setting.browser(2).await?).await?;
        let mut camera = Camera { folder: &folder, setting };
        let params = setting.with_locale(partner.params(EMAIL)?);
        let visitor = setting.with_locale(json!({ "appId": partner.app.app_id }));
        async {
            tour::signed_in(&partner, &params, &mut camera).await?;
            tour::visitor(&partner, &visitor, &mut camera).await?;
            agents_tour::agent(&partner, setting.locale.unwrap_or("en"), &mut camera).await
        }
        .await
        .with_context(|| format!("the pictures {}", setting.name))?;
    }
    Ok(())
}

/// The example portal, with an open panel: this one is `docs/images/portal.png`, so it is not large.
async fn portal(folder: &Path) -> Result {
    let thread = Thread::start().await?;
    let portal = Portal::start(&thread).await?;
    let browser = SETTINGS[0].browser(1).await?;
    let shoot = async |name: &str| Ok::<_, anyhow::Error>(browser.screenshot(&folder.join(name)).await?);
    browser.goto(&portal.url("/")).await?;
    shoot("portal-login.png").await?;
    browser.find(By::Name("email")).await?.send_keys(ANN.email).await?;
    browser.find(By::Name("password")).await?.send_keys(ANN.password).await?;
    browser.find(By::Css("form button")).await?.click().await?;

    let page = MessengerPage::new(&browser);
    let panel = page.click_launcher().await?;
    panel.send(QUESTION).await?;
    let agent = thread.agent_named(&portal.app, "Mia").await?;
    let request = agent.wait_for_request(QUESTION).await?;
    agent.answer(&request, "answer-1", ANSWER).await?;
    panel.wait_for_text("about 20 minutes").await?;
    panel.send(THANKS).await?;
    panel.visible("[data-state=sent] .delivery").await?;
    browser.run::<bool>(STILL).await?;
    panel.leave().await?;
    shoot("portal-panel.png").await
}

const QUESTION: &str =
    "Good morning! Our backup has been slow since Friday, and the NAS says that disk 2 is at 91 %.";
const ANSWER: &str = "Good morning, Ann. I am looking at it right now: a nightly copy has filled the disk.\n\nI will clear it and write here when it is done, about 20 minutes.";
const THANKS: &str = "Wonderful, thank you.";
