//! The example portals in `examples/`: each signs its users in at Thread, whatever characters their addresses have.

use e2e::{Browser, EXAMPLE_USERS, ExamplePortal, MessengerPage, Result, Thread, until};
use thirtyfour::By;

async fn signs_its_users_in(language: &str) -> Result {
    let thread = Thread::start().await?;
    let portal = ExamplePortal::start(&thread, language).await?;
    for (path, start) in [("/home", ""), ("/home-v2", "v2.")] {
        let pages = portal.pages(path, EXAMPLE_USERS).await?;
        assert_eq!(pages.len(), EXAMPLE_USERS.len());
        for (page, user) in pages.iter().zip(EXAMPLE_USERS) {
            assert_eq!(page.shown_email, user.email, "{path}");
            assert_eq!(page.parameters["connectionEmail"], user.email, "{path}");
            assert_eq!(page.parameters["connectionType"], "messenger_auth");
            assert_eq!(page.parameters["appId"], portal.app.app_id.as_str());
            assert_eq!(page.widget, format!("{}/widget.js", thread.origin()));
            for key in &page.keys {
                assert!(key.starts_with(start), "{path}: {key}");
                let answer = thread.post_session(&portal.app, user.email, key).await?;
                assert_eq!(answer, (201, None), "{language}, {path}, {}", user.email);
            }
        }
    }
    assert!(!portal.log().contains(&portal.app.secret), "the secret is in the portal's log");
    Ok(())
}

/// `#[tokio::test]`s of these names.
macro_rules! portals {
    ($($test:ident: $language:literal;)*) => {$(
        #[tokio::test]
        async fn $test() -> Result {
            signs_its_users_in($language).await
        }
    )*};
}

portals! {
    the_portal_in_php_signs_its_users_in: "php";
    the_portal_in_node_signs_its_users_in: "node";
    the_portal_in_python_signs_its_users_in: "python";
    the_portal_in_ruby_signs_its_users_in: "ruby";
    the_portal_in_go_signs_its_users_in: "go";
    the_portal_in_java_signs_its_users_in: "java";
    the_portal_in_csharp_signs_its_users_in: "csharp";
    the_portal_in_rust_signs_its_users_in: "rust";
}

/// Signs in with the page's form, opens the messenger, and waits until it names the user.
async fn opens_the_messenger(browser: &Browser, portal: &ExamplePortal, path: &str) -> Result {
    let user = &EXAMPLE_USERS[2];
    browser.goto(&portal.url("/")).await?;
    browser.find(By::Name("email")).await?.send_keys(user.email).await?;
    browser.find(By::Name("password")).await?.send_keys(user.password).await?;
    browser.find(By::Css("form button")).await?.click().await?;
    let home = portal.url("/home");
    until("the portal shows its home page", async || Ok(browser.current_url().await?.as_str() == home))
        .await?;
    let page = MessengerPage::open(browser, &portal.url(path)).await?;
    let panel = page.click_launcher().await?;
    panel.wait_for_text(user.email).await?;
    panel.composer().await?;
    let mut errors = browser.console_errors().await?;
    errors.retain(|error| !error.contains("/favicon.ico")); // The smallest portal has no icon.
    assert_eq!(errors, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_user_of_the_portal_in_php_opens_the_messenger() -> Result {
    let thread = Thread::start().await?;
    let portal = ExamplePortal::start(&thread, "php").await?;
    opens_the_messenger(&Browser::start().await?, &portal, "/home").await
}

#[tokio::test]
async fn a_user_of_the_portal_in_php_opens_the_messenger_with_a_short_lived_key() -> Result {
    let thread = Thread::start().await?;
    let portal = ExamplePortal::start(&thread, "php").await?;
    opens_the_messenger(&Browser::start().await?, &portal, "/home-v2").await
}
