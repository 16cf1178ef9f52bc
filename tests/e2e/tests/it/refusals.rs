//! Whoever has no right to sign in is not signed in, and the page is told why.

use crate::partner::{EMAIL, Partner};
use e2e::{Result, until};
use serde_json::json;

/// After a refused key: the page knows, the launcher stays, and nobody is signed in behind it.
async fn is_refused(partner: &Partner, email: &str, key: &str) -> Result {
    let page = partner.initialize(&partner.params_with_key(email, key)).await?;
    assert_eq!(page.outcome().await?, "invalid_connection_key");
    assert_eq!(page.wait_for_event("error").await?["code"], "invalid_connection_key");
    let events = page.events().await?;
    assert!(events.iter().all(|event| event["event"] != "authenticated"), "{events:?}");
    assert!(page.has_launcher().await?);
    assert_eq!(partner.sign_ins(), 1, "a refused key is not tried again");

    let panel = page.click_launcher().await?;
    // "Signed in as" would not do.
    until("the panel asks to sign in", async || Ok(panel.text().await?.to_lowercase().contains("sign in")))
        .await?;
    assert!(!panel.has_composer().await?, "nobody can write as {email}");
    Ok(())
}

#[tokio::test]
async fn a_wrong_key_signs_nobody_in() -> Result {
    let partner = Partner::start().await?;
    let right = partner.app.key(EMAIL)?;
    let last = if right.ends_with('0') { "1" } else { "0" };
    let wrong = format!("{}{last}", &right[..63]);
    is_refused(&partner, EMAIL, &wrong).await
}

#[tokio::test]
async fn the_own_key_does_not_open_anothers_account() -> Result {
    let partner = Partner::start().await?;
    is_refused(&partner, "victim@bar.com", &partner.app.key(EMAIL)?).await
}

#[tokio::test]
async fn a_key_of_another_app_is_refused() -> Result {
    let partner = Partner::start().await?;
    let other = partner.thread.create_app("Another", &partner.host.origin()).await?;
    is_refused(&partner, EMAIL, &other.key(EMAIL)?).await
}

#[tokio::test]
async fn a_snippet_that_ignores_the_promise_reads_the_refusal_on_the_console() -> Result {
    let partner = Partner::start().await?;
    let page = partner.open_snippet("article", EMAIL, &"0".repeat(64)).await?;
    let console = page.wait_for_console("invalid_connection_key").await?;
    let said = console.iter().find(|entry| entry.text.contains("invalid_connection_key"));
    assert!(said.is_some_and(|entry| entry.is_error), "{console:?}");
    assert!(!console.iter().any(|entry| entry.text.contains("Uncaught")), "{console:?}");
    assert!(page.has_launcher().await?);
    Ok(())
}

#[tokio::test]
async fn the_secret_in_place_of_the_key_is_never_sent_and_is_void_afterwards() -> Result {
    the_secret_is_never_sent_and_is_void_afterwards("connectionKey").await
}

#[tokio::test]
async fn the_secret_in_place_of_the_app_is_never_sent_and_is_void_afterwards() -> Result {
    the_secret_is_never_sent_and_is_void_afterwards("appId").await
}

/// With the secret as this parameter.
async fn the_secret_is_never_sent_and_is_void_afterwards(place: &str) -> Result {
    let partner = Partner::start().await?;
    let key = partner.app.key(EMAIL)?;
    let (status, _) = partner.thread.post_session(&partner.app, EMAIL, &key).await?;
    assert_eq!(status, 201, "the secret is good before it is in a page");
    let sign_ins = partner.sign_ins();

    let mut params = partner.params(EMAIL)?;
    params[place] = json!(partner.app.secret);
    let page = partner.initialize(&params).await?;
    assert_eq!(page.outcome().await?, "secret_in_page");
    assert_eq!(page.count().await?, 0, "no launcher");

    let tap = partner.thread.tap();
    until("the secret's digest is reported", async || Ok(tap.count("POST", "/v1/leaked-secrets") == 1))
        .await?;
    until("the secret is void", async || {
        let refused = (401, Some("invalid_connection_key".to_owned()));
        Ok(partner.thread.post_session(&partner.app, EMAIL, &key).await? == refused)
    })
    .await?;

    let body = partner.app.secret.trim_start_matches("cgs_");
    assert!(!tap.sent().contains(body), "the secret was sent to Thread");
    assert!(!partner.thread.log().contains(body), "the secret is in Thread's log");
    let console = partner.browser.console().await?;
    assert!(!console.iter().any(|entry| entry.text.contains(body)), "the secret is on the console");
    let events = page.events().await?;
    assert!(!serde_json::to_string(&events)?.contains(body), "the secret is in an event");
    assert!(partner.sign_ins() > sign_ins, "the tap saw the requests of this test's own");
    Ok(())
}

#[tokio::test]
async fn an_unknown_app_gets_no_launcher() -> Result {
    let partner = Partner::start().await?;
    let mut params = partner.params(EMAIL)?;
    params["appId"] = json!("00000000-0000-0000-0000-000000000000");
    let page = partner.initialize(&params).await?;
    assert_eq!(page.outcome().await?, "unknown_app");
    assert_eq!(page.wait_for_event("error").await?["code"], "unknown_app");
    page.wait_until_gone().await
}

#[tokio::test]
async fn a_page_of_another_origin_gets_no_launcher() -> Result {
    let mut partner = Partner::start().await?;
    partner.app = partner.thread.create_app("Elsewhere", "https://portal.example").await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    assert_eq!(page.outcome().await?, "origin_not_allowed");
    assert_eq!(page.wait_for_event("error").await?["code"], "origin_not_allowed");
    page.wait_until_gone().await
}

#[tokio::test]
async fn parameters_of_the_wrong_shape_are_refused_before_anything_is_sent() -> Result {
    let partner = Partner::start().await?;
    for (params, field) in [
        (json!({}), "appId"),
        (json!({ "appId": "YOUR_APP_ID" }), "appId"),
        (partner.params_with_key(EMAIL, "XXXXXXXX"), "connectionKey"),
        (partner.params_with_key("not an address", &"0".repeat(64)), "connectionEmail"),
    ] {
        let page = partner.initialize(&params).await?;
        assert_eq!(page.outcome().await?, "invalid_params", "{params}");
        let error = page.wait_for_event("error").await?;
        assert!(error["message"].as_str().is_some_and(|message| message.contains(field)), "{error}");
        assert_eq!(page.count().await?, 0, "{params}");
    }
    let sent: Vec<_> =
        partner.thread.tap().requests().into_iter().filter(|(_, to)| to.starts_with("/v1/")).collect();
    // The harness itself asks for the app once, when it is created.
    assert!(sent.iter().all(|(method, to)| method == "GET" && to.ends_with(&partner.app.app_id)), "{sent:?}");
    Ok(())
}
