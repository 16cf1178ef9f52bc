//! The single-page examples, each behind its own server side in Node.

use crate::process::{Process, clean_command, free_port};
use crate::thread::is_address_in_use;
use crate::{App, Browser, PortalUser, Result, Thread, paths, until};
use anyhow::ensure;
use thirtyfour::By;

/// One of the examples of `examples/`.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Its folder in the repository.
    pub folder: &'static str,
    /// Where its bundle is, if it is not the folder's own.
    pub dist: Option<&'static str>,
}

/// How the example's server makes connection keys.
#[derive(Clone, Copy, Debug)]
pub enum KeyForm {
    /// Valid until the secret changes.
    V1,
    /// For minutes, and once.
    V2,
}

/// A running example, at an app of its own.
pub struct SinglePageApp {
    _process: Process,
    port: u16,
    /// Its app at Thread.
    pub app: App,
}

impl SinglePageApp {
    /// Creates an app at `thread` and starts the example with its secret.
    ///
    /// # Errors
    /// If it does not start; its output is in the message.
    pub async fn start(thread: &Thread, example: Example, keys: KeyForm) -> Result<Self> {
        match Self::try_start(thread, example, keys).await {
            Err(error) if is_address_in_use(&error) => Self::try_start(thread, example, keys).await,
            result => result,
        }
    }

    async fn try_start(thread: &Thread, example: Example, keys: KeyForm) -> Result<Self> {
        let port = free_port()?;
        let app = thread.create_app("Northwind IT", &format!("http://localhost:{port}")).await?;
        let folder = paths::workspace().join(example.folder);
        ensure!(
            folder.join("node_modules").is_dir(),
            "{} is not built: run ./build.sh examples",
            folder.display()
        );
        let mut command = clean_command(paths::program("node")?);
        command
            .arg("examples/spa-server/server.mjs")
            .arg(&folder)
            .env("PORT", port.to_string())
            .env("THREAD_URL", thread.origin())
            .env("CHATGENIE_APP_ID", &app.app_id)
            .env("CHATGENIE_SECRET", &app.secret)
            .env(
                "KEY_FORM",
                match keys {
                    KeyForm::V1 => "v1",
                    KeyForm::V2 => "v2",
                },
            );
        if let Some(dist) = example.dist {
            command.env("EXAMPLE_DIST", paths::workspace().join(dist));
        }
        let mut process = Process::start("node", &mut command)?;
        let address = process.line_after("listening on http://").await?;
        ensure!(address == format!("localhost:{port}"), "the example listens on {address}");
        Ok(Self { _process: process, port, app })
    }

    /// Address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    /// Signs in by the form that `browser` shows, and waits for the first page.
    ///
    /// # Errors
    /// If there is no such form, or the user is refused.
    pub async fn sign_in(&self, browser: &Browser, user: &PortalUser) -> Result {
        shown(browser, "form input[name=email]").await?;
        browser.find(By::Css("input[name=email]")).await?.send_keys(user.email).await?;
        browser.find(By::Css("input[name=password]")).await?.send_keys(user.password).await?;
        browser.find(By::Css("form button[type=submit]")).await?.click().await?;
        shown(browser, "#sign-out").await
    }

    /// Signs out, and waits for the form.
    ///
    /// # Errors
    /// If nobody was signed in.
    pub async fn sign_out(&self, browser: &Browser) -> Result {
        // By script: an open panel may lie over the button.
        browser.run::<()>("document.getElementById('sign-out').click()").await?;
        shown(browser, "form input[name=email]").await
    }

    /// Goes to another route by a link of the page.
    ///
    /// # Errors
    /// If there is no such link, or nothing follows.
    pub async fn follow(&self, browser: &Browser, path: &str, heading: &str) -> Result {
        browser.find(By::Css(format!("nav a[href='{path}']"))).await?.click().await?;
        until(&format!("the page {path} is shown"), async || {
            let shown: Option<String> =
                browser.run("return document.querySelector('h1')?.textContent").await?;
            Ok(shown.is_some_and(|shown| shown.starts_with(heading)))
        })
        .await
    }
}

async fn shown(browser: &Browser, selector: &str) -> Result {
    until(&format!("{selector} is shown"), async || {
        let script = "return !!document.querySelector(arguments[0])?.checkVisibility()";
        browser.run_with(script, &[selector.into()]).await
    })
    .await
}
