//! The agents' page, as an agent sees it.

use crate::selectors::{COMPOSER, KEY_FIELD, REQUEST};
use crate::wait::until;
use crate::{Browser, Panel, Result, Thread};
use serde_json::json;
use std::ops::Deref;
use thirtyfour::{Key, WebElement};

/// The agents' page in a tab. What it has in common with the panel is the panel's.
pub struct AgentsPage<'a> {
    browser: &'a Browser,
    panel: Panel<'a>,
}

impl<'a> AgentsPage<'a> {
    /// Loads the page of this Thread, in English, with a service request in the address or none.
    ///
    /// # Errors
    /// If it does not load.
    pub async fn open(browser: &'a Browser, thread: &Thread, fragment: &str) -> Result<Self> {
        Self::open_in(browser, thread, "en", fragment).await
    }

    /// The same in another language.
    ///
    /// # Errors
    /// If it does not load.
    pub async fn open_in(
        browser: &'a Browser,
        thread: &Thread,
        locale: &str,
        fragment: &str,
    ) -> Result<Self> {
        browser.goto(&format!("{}/agent/?locale={locale}#{fragment}", thread.origin())).await?;
        Ok(Self { browser, panel: Panel::whole_page(browser) })
    }

    /// Waits for the field for the API key.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn key_field(&self) -> Result<WebElement> {
        self.visible(KEY_FIELD).await
    }

    /// Types an API key, in place of what is there, and sends it with Enter.
    ///
    /// # Errors
    /// If there is no field for it.
    pub async fn enter_key(&self, key: &str) -> Result {
        let field = self.key_field().await?;
        field.clear().await?;
        Ok(field.send_keys(format!("{key}{}", char::from(Key::Enter))).await?)
    }

    /// Signs in, and waits for the list.
    ///
    /// # Errors
    /// If the key is refused.
    pub async fn sign_in(&self, key: &str) -> Result {
        self.enter_key(key).await?;
        self.visible("[role=tablist]").await.map(drop)
    }

    /// Opens a service request of the list, and waits for the field to answer in.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn choose(&self, id: &str) -> Result {
        self.press(&format!("[data-request={id:?}]")).await?;
        self.composer().await.map(drop)
    }

    /// Clicks what can be seen; again where it was drawn anew meanwhile, since the list lives.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn press(&self, selector: &str) -> Result {
        until(&format!("{selector} is pressed"), async || match self.visible(selector).await?.click().await {
            Err(error) if error.to_string().contains("stale") => Ok(false),
            pressed => Ok(pressed.map(|()| true)?),
        })
        .await
    }

    /// Identifiers of the service requests in the list, in order.
    ///
    /// # Errors
    /// If the browser does not tell.
    pub async fn listed(&self) -> Result<Vec<String>> {
        let script =
            "return [...document.querySelectorAll(arguments[0])].map((line) => line.dataset.request)";
        self.browser.run_with(script, &[json!(REQUEST)]).await
    }

    /// Waits until the list is this one.
    ///
    /// # Errors
    /// If it is not.
    pub async fn wait_for_list(&self, expected: &[&str]) -> Result {
        let mut seen = Vec::new();
        until(&format!("the list is {expected:?}"), async || {
            seen = self.listed().await?;
            Ok(seen == expected)
        })
        .await
        .map_err(|error| error.context(format!("the list is {seen:?}")))
    }

    /// What is in the field to write in; empty if there is none.
    ///
    /// # Errors
    /// If the browser does not tell.
    pub async fn typed(&self) -> Result<String> {
        self.browser
            .run_with("return document.querySelector(arguments[0])?.value ?? ''", &[json!(COMPOSER)])
            .await
    }
}

impl<'a> Deref for AgentsPage<'a> {
    type Target = Panel<'a>;

    fn deref(&self) -> &Panel<'a> {
        &self.panel
    }
}
