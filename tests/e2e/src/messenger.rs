//! The messenger as a page's visitor and as the page's script see it.

use crate::selectors::{FRAME, HOST, LAUNCHER};
use crate::wait::{until, until_some};
use crate::{Browser, Panel, Result};
use anyhow::ensure;
use serde_json::{Value, json};
use thirtyfour::{Key, WebElement};

/// What `window.outcome` is in the host page `programmatic` before the promise of `initialize` is settled.
pub const OUTCOME_PENDING: &str = "pending";

/// How often Tab is pressed in search of the launcher.
const MAX_TABS: usize = 30;

/// A page with a messenger, open in a browser. The current frame is the page itself.
pub struct MessengerPage<'a>(&'a Browser);

impl<'a> MessengerPage<'a> {
    /// The page that `browser` shows, or is about to show.
    pub fn new(browser: &'a Browser) -> Self {
        Self(browser)
    }

    /// Loads `url`; gives the page once it has loaded.
    ///
    /// # Errors
    /// If it does not load.
    pub async fn open(browser: &'a Browser, url: &str) -> Result<Self> {
        browser.goto(url).await?;
        Ok(Self(browser))
    }

    /// How many messengers are in the page.
    ///
    /// # Errors
    /// If the browser does not tell.
    pub async fn count(&self) -> Result<usize> {
        self.0.run_with("return document.getElementsByTagName(arguments[0]).length", &[json!(HOST)]).await
    }

    /// Whether the launcher is there.
    ///
    /// # Errors
    /// If the browser does not tell.
    pub async fn has_launcher(&self) -> Result<bool> {
        Ok(self.in_shadow(LAUNCHER).await?.is_some())
    }

    /// Waits for the launcher.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn launcher(&self) -> Result<WebElement> {
        until_some("the launcher is there", async || self.in_shadow(LAUNCHER).await).await
    }

    /// Waits until no messenger is in the page.
    ///
    /// # Errors
    /// If one stays.
    pub async fn wait_until_gone(&self) -> Result {
        until("no messenger is in the page", async || Ok(self.count().await? == 0)).await
    }

    /// Opens the panel by a click on the launcher; the current frame is the panel then.
    ///
    /// # Errors
    /// If it does not open.
    pub async fn click_launcher(&self) -> Result<Panel<'a>> {
        self.launcher().await?.click().await?;
        self.enter_panel().await
    }

    /// Closes the panel by a click on the launcher.
    ///
    /// # Errors
    /// If it does not close.
    pub async fn close_by_launcher(&self) -> Result {
        self.launcher().await?.click().await?;
        until("the panel is closed", async || Ok(!self.is_open().await?)).await
    }

    /// Enters the open panel.
    ///
    /// # Errors
    /// If it is not open, and does not open.
    pub async fn enter_panel(&self) -> Result<Panel<'a>> {
        let frame = until_some("the panel is open", async || {
            Ok(if self.is_open().await? { self.in_shadow(FRAME).await? } else { None })
        })
        .await?;
        Panel::enter(self.0, frame).await
    }

    /// Whether the panel can be seen.
    ///
    /// # Errors
    /// If the browser does not tell.
    pub async fn is_open(&self) -> Result<bool> {
        let script =
            "const frame = document.querySelector(arguments[0])?.shadowRoot?.querySelector(arguments[1]);
            return !!frame?.checkVisibility({ opacityProperty: true, visibilityProperty: true })";
        self.0.run_with(script, &[json!(HOST), json!(FRAME)]).await
    }

    /// Whether the launcher has the focus.
    ///
    /// # Errors
    /// If the browser does not tell.
    pub async fn launcher_has_focus(&self) -> Result<bool> {
        let script = "const active = document.activeElement;
            return active?.localName === arguments[0] && !!active.shadowRoot.activeElement?.matches(arguments[1])";
        self.0.run_with(script, &[json!(HOST), json!(LAUNCHER)]).await
    }

    /// Presses Tab until the launcher has the focus.
    ///
    /// # Errors
    /// If it never gets it.
    pub async fn tab_to_launcher(&self) -> Result {
        self.launcher().await?;
        for _ in 0..MAX_TABS {
            if self.launcher_has_focus().await? {
                return Ok(());
            }
            self.press(Key::Tab).await?;
        }
        ensure!(self.launcher_has_focus().await?, "{MAX_TABS} Tabs did not reach the launcher");
        Ok(())
    }

    /// Presses a key, wherever the focus is.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn press(&self, key: Key) -> Result {
        Ok(self.0.action_chain().send_keys(String::from(char::from(key))).perform().await?)
    }

    /// The same with Shift held.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn press_with_shift(&self, key: Key) -> Result {
        let key = String::from(char::from(key));
        let chain = self.0.action_chain().key_down(Key::Shift).send_keys(key).key_up(Key::Shift);
        Ok(chain.perform().await?)
    }

    /// What became of the `initialize` of the host page `programmatic`: "resolved", or the error's code.
    ///
    /// # Errors
    /// If nothing becomes of it.
    pub async fn outcome(&self) -> Result<String> {
        until_some("the promise of initialize is settled", async || {
            let outcome: String = self.0.run("return window.outcome").await?;
            Ok((outcome != OUTCOME_PENDING).then_some(outcome))
        })
        .await
    }

    /// The events that the host page `programmatic` got so far: `{event, ...}`.
    ///
    /// # Errors
    /// If the browser does not tell.
    pub async fn events(&self) -> Result<Vec<Value>> {
        self.0.run("return window.events").await
    }

    /// Waits for an event of this name.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn wait_for_event(&self, name: &str) -> Result<Value> {
        until_some(&format!("the event {name}"), async || {
            Ok(self.events().await?.into_iter().find(|event| event["event"] == name))
        })
        .await
    }

    /// Waits until a line of the console contains `text`; gives all lines since the last look.
    ///
    /// # Errors
    /// If no line does.
    pub async fn wait_for_console(&self, text: &str) -> Result<Vec<crate::ConsoleEntry>> {
        let mut seen = Vec::new();
        until(&format!("the console says {text}"), async || {
            seen.extend(self.0.console().await?);
            Ok(seen.iter().any(|entry: &crate::ConsoleEntry| entry.text.contains(text)))
        })
        .await?;
        Ok(seen)
    }

    async fn in_shadow(&self, selector: &str) -> Result<Option<WebElement>> {
        let script = "return document.querySelector(arguments[0])?.shadowRoot?.querySelector(arguments[1])";
        self.0.element(script, &[json!(HOST), json!(selector)]).await
    }
}
