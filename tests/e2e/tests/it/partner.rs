//! A partner: an app at a Thread of its own, pages of its own, and a visitor with a browser.

use e2e::{App, Browser, HostPages, MessengerPage, Result, Thread, Values};
use serde_json::{Value, json};

pub const EMAIL: &str = "foo@bar.com";

pub struct Partner {
    pub browser: Browser,
    pub host: HostPages,
    pub thread: Thread,
    pub app: App,
}

impl Partner {
    pub async fn start() -> Result<Self> {
        Self::start_with(Browser::start().await?).await
    }

    pub async fn start_with(browser: Browser) -> Result<Self> {
        Self::start_as("Northwind IT", browser).await
    }

    /// A partner of another name.
    pub async fn start_as(name: &str, browser: Browser) -> Result<Self> {
        Self::start_named(name, Thread::start().await?, browser).await
    }

    /// A partner at a Thread that runs already.
    pub async fn start_at(thread: Thread, browser: Browser) -> Result<Self> {
        Self::start_named("Northwind IT", thread, browser).await
    }

    async fn start_named(name: &str, thread: Thread, browser: Browser) -> Result<Self> {
        let host = HostPages::start().await?;
        let app = thread.create_app(name, &host.origin()).await?;
        Ok(Self { browser, host, thread, app })
    }

    /// Opens a host page that carries a snippet with these values.
    pub async fn open_snippet(&self, case: &str, email: &str, key: &str) -> Result<MessengerPage<'_>> {
        let mut values = self.values();
        values.extend([
            ("appId", json!(self.app.app_id)),
            ("email", json!(email)),
            ("connectionKey", json!(key)),
        ]);
        MessengerPage::open(&self.browser, &self.host.page(case, &values)?).await
    }

    /// Opens a host page whose script calls `initialize` with `params`.
    pub async fn open_with_params(&self, case: &str, params: &Value) -> Result<MessengerPage<'_>> {
        let mut values = self.values();
        values.insert("params", params.clone());
        MessengerPage::open(&self.browser, &self.host.page(case, &values)?).await
    }

    /// Opens a host page with these values, and those that every page has.
    pub async fn open_with_values(
        &self,
        case: &str,
        values: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Result<MessengerPage<'_>> {
        let mut all = self.values();
        all.extend(values);
        MessengerPage::open(&self.browser, &self.host.page(case, &all)?).await
    }

    /// Opens the page `programmatic` and lets it call `initialize`, without waiting for what becomes of it.
    pub async fn initialize(&self, params: &Value) -> Result<MessengerPage<'_>> {
        let page = self.open_with_params("programmatic", params).await?;
        self.browser.run::<()>("void start(params)").await?;
        Ok(page)
    }

    /// The parameters that the article asks for, with a key of PHP's or Python's.
    pub fn params(&self, email: &str) -> Result<Value> {
        Ok(self.params_with_key(email, &self.app.key(email)?))
    }

    pub fn params_with_key(&self, email: &str, key: &str) -> Value {
        json!({
            "appId": self.app.app_id,
            "connectionType": "messenger_auth",
            "connectionEmail": email,
            "connectionKey": key,
        })
    }

    /// How often somebody tried to sign in.
    pub fn sign_ins(&self) -> usize {
        self.thread.tap().count("POST", "/v1/sessions")
    }

    fn values(&self) -> Values {
        let origin = self.thread.origin();
        Values::from([("widget", json!(format!("{origin}/widget.js"))), ("thread", json!(origin))])
    }
}
