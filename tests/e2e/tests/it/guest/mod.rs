//! The widget is a good guest of pages of many kinds: it signs in, can be clicked and opened, and harms nothing.

mod changes;
mod frames;
mod places;

use crate::partner::{EMAIL, Partner};
use e2e::{Browser, EngineKind, MessengerPage, Result, until};

/// Which form of the engine a page lets run.
#[derive(Clone, Copy, PartialEq)]
enum Engine {
    /// The one that is tested: a page without a policy.
    Chosen,
    /// Allowed by the page's own policy.
    WebAssembly,
    /// Fetched as a file of its own, since the page's own policy forbids WebAssembly.
    PlainJavaScript,
}

impl Engine {
    fn is_plain(self) -> Result<bool> {
        Ok(match self {
            Self::Chosen => EngineKind::chosen()? == EngineKind::Plain,
            Self::WebAssembly => false,
            Self::PlainJavaScript => true,
        })
    }
}

async fn is_a_good_guest(case: &str, engine: Engine) -> Result {
    let partner = Partner::start().await?;
    partner.open_with_params(case, &partner.params(EMAIL)?).await?;
    signs_in_and_harms_nothing(&partner, engine).await
}

/// The page that is open.
async fn signs_in_and_harms_nothing(partner: &Partner, engine: Engine) -> Result {
    let page = MessengerPage::new(&partner.browser);
    assert_eq!(page.outcome().await?, "resolved");
    let panel = page.click_launcher().await?;
    panel.wait_for_text(EMAIL).await?;
    panel.composer().await?;
    partner.browser.enter_default_frame().await?;
    assert_eq!(page.count().await?, 1);
    assert_eq!(partner.browser.run::<Vec<String>>("return faults").await?, Vec::<String>::new());
    let mut errors = partner.browser.console_errors().await?;
    let is_plain = engine.is_plain()?;
    if is_plain {
        // The question whether WebAssembly is allowed is answered by the browser on the console too.
        errors.retain(|text| !text.contains("WebAssembly"));
    }
    assert_eq!(errors, Vec::<String>::new());
    is_unharmed(&partner.browser).await?;
    let script = "return performance.getEntriesByType('resource').some(({ name }) => /engine-[0-9a-f]+[.]js$/.test(name))";
    let fetched = partner.browser.run::<bool>(script).await?;
    assert_eq!(fetched, is_plain, "the plain engine is fetched where it is needed only");
    partner.browser.run::<()>("chatgenie.default.messenger().destroy()").await?;
    page.wait_until_gone().await
}

/// Waits until nothing is wrong with a page that says what could be.
async fn is_unharmed(browser: &Browser) -> Result {
    let mut harms: Vec<String> = Vec::new();
    until("the page is unharmed", async || {
        harms = browser.run("return window.harms?.() ?? []").await?;
        Ok(harms.is_empty())
    })
    .await
    .map_err(|error| error.context(format!("{harms:?}")))
}

macro_rules! guests {
    ($($name:ident: $case:literal, $engine:ident;)*) => {$(
        #[tokio::test]
        async fn $name() -> Result {
            is_a_good_guest($case, Engine::$engine).await
        }
    )*};
}

guests! {
    a_policy_written_for_the_former_widget: "old-policy", PlainJavaScript;
    a_policy_of_nonces_and_strict_dynamic: "strict-dynamic", PlainJavaScript;
    trusted_types_without_webassembly: "trusted-types", PlainJavaScript;
    trusted_types_with_webassembly: "trusted-types-wasm", WebAssembly;
    a_cross_origin_isolated_page: "isolated", Chosen;
    frozen_prototypes: "frozen", Chosen;
    elements_that_take_the_names_of_globals: "clobbered", Chosen;
    styles_that_hit_every_element: "styles", Chosen;
    quirks_mode: "quirks", Chosen;
    a_base_address_elsewhere: "base-href", Chosen;
    globals_of_module_loaders: "module-loaders", Chosen;
    a_wrapped_fetch: "wrapped-fetch", Chosen;
    storage_and_cookies_that_throw: "no-storage", Chosen;
    no_fetch: "no-fetch", Chosen;
    a_fetch_that_throws: "throwing-fetch", Chosen;
    zones_as_angular_has_them: "zone", Chosen;
    monitors_that_trace_every_request: "monitors", Chosen;
    a_consent_tool_that_makes_scripts_of_text: "consent", Chosen;
    a_consent_tool_that_takes_scripts_out: "blocker", Chosen;
    a_tag_manager_that_fires_twice: "tag-manager", Chosen;
    prototype_js: "prototype-js", Chosen;
    mootools: "mootools", Chosen;
    polyfills_in_place_of_what_the_browser_has: "polyfills", Chosen;
    a_document_domain: "document-domain", Chosen;
    events_that_the_page_swallows: "swallowed-events", Chosen;
    a_service_worker_that_answers_everything: "service-worker", Chosen;
    an_app_in_a_shadow_root: "shadow-app", Chosen;
    a_body_without_anything_in_it: "empty-body", Chosen;
    from_right_to_left: "rtl", Chosen;
    xhtml: "xhtml", Chosen;
}

#[tokio::test]
async fn prototypes_and_globals_patched_by_old_libraries() -> Result {
    let partner = Partner::start().await?;
    partner.open_with_params("patched", &partner.params(EMAIL)?).await?;
    partner.host.page_is_done().await?;
    signs_in_and_harms_nothing(&partner, Engine::Chosen).await
}

#[tokio::test]
async fn a_page_that_breaks_the_widget_gets_an_error_goes_on_and_may_try_again() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("broken-shadow", &partner.params(EMAIL)?).await?;
    assert_eq!(page.outcome().await?, "engine_unavailable");
    assert_eq!(page.count().await?, 0);
    assert_eq!(partner.browser.run::<Vec<String>>("return faults").await?, Vec::<String>::new());

    partner.browser.run::<()>("mend(); start()").await?;
    assert_eq!(page.outcome().await?, "resolved");
    page.click_launcher().await?.wait_for_text(EMAIL).await
}

#[tokio::test]
async fn an_engine_that_may_not_start_is_an_error_and_the_page_goes_on() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_with_params("engine-blocked", &partner.params(EMAIL)?).await?;
    assert_eq!(page.outcome().await?, "engine_unavailable");
    assert_eq!(page.count().await?, 0);
    assert!(partner.browser.run::<bool>("return wentOn").await?);
    assert_eq!(partner.browser.run::<Vec<String>>("return faults").await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_page_that_blocks_the_script_goes_on() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_snippet("blocked", EMAIL, &partner.app.key(EMAIL)?).await?;
    page.wait_for_console("widget.js").await?;
    assert!(partner.browser.run::<bool>("return wentOn && !window.chatgenie").await?);
    assert_eq!(partner.browser.run::<Vec<String>>("return faults").await?, Vec::<String>::new());
    assert_eq!(partner.sign_ins(), 0);
    Ok(())
}
