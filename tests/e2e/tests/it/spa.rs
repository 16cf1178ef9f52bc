//! Single-page apps with the npm package: React 19 and 18, Vue, none, and Turbo.

use e2e::{
    ANN, BEN, Browser, Example, KeyForm, MessengerPage, PortalUser, Result, SinglePageApp, Thread, until,
};

const REACT: Example = Example { folder: "examples/spa-react", dist: None };
const REACT_18: Example =
    Example { folder: "examples/spa-react", dist: Some("packages/messenger/test/react-18/dist") };
const VUE: Example = Example { folder: "examples/spa-vue", dist: None };
const PLAIN: Example = Example { folder: "examples/spa-plain", dist: None };
const TURBO: Example = Example { folder: "examples/turbo", dist: None };

struct Visit {
    browser: Browser,
    spa: SinglePageApp,
    thread: Thread,
}

impl Visit {
    async fn start(example: Example, keys: KeyForm) -> Result<Self> {
        let thread = Thread::start().await?;
        let spa = SinglePageApp::start(&thread, example, keys).await?;
        Ok(Self { browser: Browser::start().await?, spa, thread })
    }

    async fn sign_in(&self, user: &PortalUser) -> Result<MessengerPage<'_>> {
        self.spa.sign_in(&self.browser, user).await?;
        let page = MessengerPage::new(&self.browser);
        page.launcher().await?;
        Ok(page)
    }

    fn sign_ins(&self) -> usize {
        self.thread.tap().count("POST", "/v1/sessions")
    }

    /// How often the panel was loaded.
    fn panels(&self) -> usize {
        let requests = self.thread.tap().requests();
        requests.iter().filter(|(_, address)| address.starts_with("/messenger/?")).count()
    }

    async fn console_is_quiet(&self) -> Result {
        assert_eq!(self.browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    }
}

/// Sign-in, routes with the panel open, sign-out, another user, a reload: the whole life in a tab.
async fn follows_the_user(example: Example, keys: KeyForm) -> Result {
    let visit = Visit::start(example, keys).await?;
    let Visit { browser, spa, .. } = &visit;
    let page = MessengerPage::open(browser, &spa.url("/")).await?;
    assert_eq!(page.count().await?, 0, "nobody is signed in");

    let page = { visit.sign_in(&ANN).await? };
    let panel = page.click_launcher().await?;
    panel.wait_for_text(ANN.email).await?;
    panel.send("a question of Ann's").await?;
    panel.leave().await?;
    assert_eq!(visit.sign_ins(), 1, "one sign-in, StrictMode or not");

    spa.follow(browser, "/devices", "Devices").await?;
    assert_eq!(page.count().await?, 1);
    assert!(page.is_open().await?, "a change of route is no reason to close it");
    page.enter_panel().await?.wait_for_text("a question of Ann's").await?;
    browser.enter_default_frame().await?;
    browser.back().await?;
    spa.follow(browser, "/", "Good to see you").await?;
    assert!(page.is_open().await?);
    assert_eq!((visit.sign_ins(), visit.panels()), (1, 1), "and none to sign in or to load it again");

    spa.sign_out(browser).await?;
    page.wait_until_gone().await?;
    let page = visit.sign_in(&BEN).await?;
    let panel = page.click_launcher().await?;
    panel.wait_for_text(BEN.email).await?;
    panel.composer().await?;
    assert!(!panel.text().await?.contains("Ann"), "nothing of the former user's stays");
    panel.leave().await?;

    browser.refresh().await?;
    page.launcher().await?;
    page.click_launcher().await?.wait_for_text(BEN.email).await?;
    browser.enter_default_frame().await?;
    assert_eq!((page.count().await?, visit.sign_ins()), (1, 3));
    visit.console_is_quiet().await
}

macro_rules! examples {
    ($($name:ident: $example:ident, $keys:ident;)*) => {$(
        #[tokio::test]
        async fn $name() -> Result {
            follows_the_user($example, KeyForm::$keys).await
        }
    )*};
}

examples! {
    react_with_v2_keys: REACT, V2;
    react_18_with_v1_keys: REACT_18, V1;
    vue_with_v2_keys: VUE, V2;
    vue_with_v1_keys: VUE, V1;
    no_framework_with_v2_keys: PLAIN, V2;
    turbo_with_v2_keys: TURBO, V2;
    turbo_with_v1_keys: TURBO, V1;
}

/// The hook tells its component what the messenger is doing.
async fn knows_the_messengers_state(example: Example) -> Result {
    let visit = Visit::start(example, KeyForm::V1).await?;
    let Visit { browser, spa, .. } = &visit;
    browser.goto(&spa.url("/")).await?;
    let page = visit.sign_in(&ANN).await?;
    let help = async |attribute: &str| -> Result<Option<String>> {
        let script = "return document.getElementById('help').getAttribute(arguments[0])";
        browser.run_with(script, &[attribute.into()]).await
    };
    until("the component knows who is signed in", async || {
        Ok(help("data-user").await?.as_deref() == Some(ANN.email))
    })
    .await?;
    browser.run::<()>("document.getElementById('help').click()").await?;
    page.enter_panel().await?.composer().await?;
    browser.enter_default_frame().await?;
    until("the component knows that it is open", async || {
        Ok(help("aria-pressed").await?.as_deref() == Some("true"))
    })
    .await?;
    visit.console_is_quiet().await
}

#[tokio::test]
async fn a_react_component_knows_the_messengers_state() -> Result {
    knows_the_messengers_state(REACT).await
}

#[tokio::test]
async fn a_vue_component_knows_the_messengers_state() -> Result {
    knows_the_messengers_state(VUE).await
}

#[tokio::test]
async fn a_page_that_turbo_kept_has_one_messenger() -> Result {
    let visit = Visit::start(TURBO, KeyForm::V2).await?;
    let Visit { browser, spa, .. } = &visit;
    browser.goto(&spa.url("/")).await?;
    let page = visit.sign_in(&ANN).await?;
    for _ in 0..2 {
        spa.follow(browser, "/devices", "Devices").await?;
        browser.back().await?;
        until("the former page is back", async || {
            browser.run("return document.querySelector('h1')?.textContent.startsWith('Good')").await
        })
        .await?;
        browser.forward().await?;
        until("the next page is back", async || {
            browser.run("return document.querySelector('h1')?.textContent === 'Devices'").await
        })
        .await?;
        spa.follow(browser, "/", "Good to see you").await?;
        assert_eq!(page.count().await?, 1);
    }
    page.click_launcher().await?.wait_for_text(ANN.email).await?;
    browser.enter_default_frame().await?;
    assert_eq!((page.count().await?, visit.sign_ins()), (1, 1));
    visit.console_is_quiet().await
}
