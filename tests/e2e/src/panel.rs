//! The panel, as its user sees it.

use crate::selectors::{COMPOSER, EMAIL_FIELD, PIN_FIELD, REQUEST, SIGN_OUT};
use crate::wait::{until, until_some};
use crate::{Browser, Result};
use serde_json::json;
use thirtyfour::{Key, WebElement};

/// The open panel. The current frame is the panel's.
pub struct Panel<'a>(&'a Browser);

impl<'a> Panel<'a> {
    /// The panel as a page of its own, in no frame.
    pub fn whole_page(browser: &'a Browser) -> Self {
        Self(browser)
    }

    /// Enters the panel in this frame.
    ///
    /// # Errors
    /// If it does not load.
    pub async fn enter(browser: &'a Browser, frame: WebElement) -> Result<Self> {
        frame.enter_frame().await?;
        until("the panel's document is there", async || {
            let script =
                "return location.pathname.startsWith('/messenger/') && document.readyState !== 'loading'";
            // While the frame goes from its first, empty document to the panel's, Firefox returns nothing.
            Ok(browser.run::<Option<bool>>(script).await?.unwrap_or(false))
        })
        .await?;
        Ok(Self(browser))
    }

    /// All that can be read in the panel.
    ///
    /// # Errors
    /// If the browser does not tell.
    pub async fn text(&self) -> Result<String> {
        self.0.run("return document.body.innerText").await
    }

    /// Waits until `text` can be read in the panel.
    ///
    /// # Errors
    /// If it does not come; the error has what is there instead.
    pub async fn wait_for_text(&self, text: &str) -> Result {
        let mut seen = String::new();
        until(&format!("{text:?} can be read in the panel"), async || {
            seen = self.text().await?;
            Ok(seen.contains(text))
        })
        .await
        .map_err(|error| error.context(format!("the panel says: {seen}")))
    }

    /// Waits for the field to write in.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn composer(&self) -> Result<WebElement> {
        until_some("the composer is there", async || {
            let script = "const field = document.querySelector(arguments[0]);
                return field?.checkVisibility() && !field.disabled ? field : null";
            self.0.element(script, &[json!(COMPOSER)]).await
        })
        .await
    }

    /// Waits for the field for a visitor's address.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn email_field(&self) -> Result<WebElement> {
        self.visible(EMAIL_FIELD).await
    }

    /// Has a PIN sent to an address, and waits until the panel asks for the PIN.
    ///
    /// # Errors
    /// If it does not ask.
    pub async fn enter_email(&self, email: &str) -> Result {
        let enter = String::from(char::from(Key::Enter));
        let field = self.email_field().await?;
        field.click().await?;
        field.send_keys(format!("{email}{enter}")).await?;
        self.visible(PIN_FIELD).await.map(drop)
    }

    /// Types a PIN; the panel submits it by itself.
    ///
    /// # Errors
    /// If there is no field for it.
    pub async fn enter_pin(&self, pin: &str) -> Result {
        let field = self.visible(PIN_FIELD).await?;
        field.click().await?;
        Ok(field.send_keys(pin).await?)
    }

    /// Opens a service request in the list.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn open_request(&self, id: &str) -> Result {
        self.visible(&format!("[data-request={id:?}]")).await?.click().await?;
        self.composer().await.map(drop)
    }

    /// Presses "Sign out", and waits until the panel asks to sign in.
    ///
    /// # Errors
    /// If it does not ask.
    pub async fn sign_out(&self) -> Result {
        self.visible(SIGN_OUT).await?.click().await?;
        self.email_field().await.map(drop)
    }

    /// Presses the button that does `action`, as its `data-action` says.
    ///
    /// # Errors
    /// If there is none.
    pub async fn press_button(&self, action: &str) -> Result {
        Ok(self.visible(&format!("[data-action={action}]")).await?.click().await?)
    }

    /// Waits until the panel shows a state, as its `data-state` says.
    ///
    /// # Errors
    /// If it does not.
    pub async fn wait_for_state(&self, state: &str) -> Result {
        self.visible(&format!("[data-state={state}]")).await.map(drop)
    }

    /// Goes back to the list of service requests.
    ///
    /// # Errors
    /// If there is no way back, or no list behind it.
    pub async fn back_to_list(&self) -> Result {
        self.press_button("back").await?;
        self.visible(REQUEST).await.map(drop)
    }

    /// What the panel says to screen readers.
    ///
    /// # Errors
    /// If the browser does not tell.
    pub async fn announced(&self) -> Result<String> {
        self.0.run("return document.querySelector('[data-announcer]')?.textContent ?? ''").await
    }

    /// Waits for an element that can be seen.
    ///
    /// # Errors
    /// If none comes.
    pub async fn visible(&self, selector: &str) -> Result<WebElement> {
        until_some(&format!("{selector} is there"), async || {
            let script = "const field = document.querySelector(arguments[0]);
                return field?.checkVisibility() ? field : null";
            self.0.element(script, &[json!(selector)]).await
        })
        .await
    }

    /// Whether there is a field to write in.
    ///
    /// # Errors
    /// If the browser does not tell.
    pub async fn has_composer(&self) -> Result<bool> {
        self.0.run_with("return !!document.querySelector(arguments[0])", &[json!(COMPOSER)]).await
    }

    /// Whether the composer has the focus.
    ///
    /// # Errors
    /// If the browser does not tell.
    pub async fn composer_has_focus(&self) -> Result<bool> {
        let script = "return document.hasFocus() && !!document.activeElement?.matches(arguments[0])";
        self.0.run_with(script, &[json!(COMPOSER)]).await
    }

    /// Writes a message and sends it with Enter; waits until it stands in the conversation.
    ///
    /// # Errors
    /// If it does not appear.
    pub async fn send(&self, text: &str) -> Result {
        let composer = self.composer().await?;
        // WebKit lets a frame of another site have the focus only once it was clicked or typed into.
        composer.click().await?;
        composer.send_keys(text).await?;
        composer.send_keys(String::from(char::from(Key::Enter))).await?;
        self.wait_for_text(text).await
    }

    /// Back to the page around the panel.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn leave(self) -> Result {
        Ok(self.0.enter_default_frame().await?)
    }
}
