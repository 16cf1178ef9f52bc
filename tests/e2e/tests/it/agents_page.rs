//! A conversation has two sides: the agents' page and the customer's panel, each in a browser of its own.

use crate::partner::{EMAIL, Partner};
use anyhow::Context as _;
use e2e::{AgentsPage, Browser, Contact, Panel, Result, until};
use serde_json::json;
use thirtyfour::By;

/// A picture of one pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0,
    0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63,
    0x64, 0xf8, 0xcf, 0x50, 0x0f, 0, 3, 0x86, 1, 0x80, 0x5a, 0x34, 0x7d, 0x6b, 0, 0, 0, 0, 0x49, 0x45, 0x4e,
    0x44, 0xae, 0x42, 0x60, 0x82,
];

/// Closes or reopens; while that is under way it does nothing.
const CHANGE: &str = "[data-action=status][aria-disabled=false]";

/// The agents' page, signed in with an API key of this name.
async fn signed_in<'a>(
    browser: &'a Browser,
    partner: &Partner,
    name: Option<&str>,
) -> Result<AgentsPage<'a>> {
    let key = partner.thread.api_key(&partner.app, name).await?;
    let page = AgentsPage::open(browser, &partner.thread, "").await?;
    page.sign_in(&key.api_key).await?;
    Ok(page)
}

async fn title(browser: &Browser, expected: &str) -> Result {
    until(&format!("the title is {expected:?}"), async || Ok(browser.title().await? == expected)).await
}

#[tokio::test]
async fn question_and_answer_go_from_one_side_to_the_other_while_both_look_on() -> Result {
    let partner = Partner::start().await?;
    let browser = Browser::start().await?;
    let agents = signed_in(&browser, &partner, Some("Mia")).await?;
    agents.wait_for_text("No open requests").await?;

    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel = page.click_launcher().await?;
    panel.send("My printer is on fire").await?;
    agents.wait_for_text("My printer is on fire").await?;
    agents.wait_for_text(EMAIL).await?;
    until("it is announced", async || Ok(agents.announced().await?.contains("New request of"))).await?;
    title(&browser, "(1) Requests · Northwind IT").await?;

    let id = agents.listed().await?.pop().context("one is listed")?;
    agents.choose(&id).await?;
    title(&browser, "Requests · Northwind IT").await?;
    panel.wait_for_text("Seen").await?;
    agents.composer().await?.send_keys("Please leave the room").await?;
    panel.wait_for_text("Mia is typing").await?;
    agents.send(", I call the fire brigade.").await?;
    panel.wait_for_text("Please leave the room, I call the fire brigade.").await?;
    agents.wait_for_text("Seen").await?;

    panel.composer().await?.send_keys("Thank").await?;
    agents.wait_for_text(&format!("{EMAIL} is typing")).await?;
    panel.send(" you").await?;
    agents.wait_for_text("Thank you").await?;
    until("it is announced", async || Ok(agents.announced().await?.contains("Thank you"))).await?;
    panel.leave().await?;
    assert_eq!(browser.console_errors().await?, Vec::<String>::new());
    assert_eq!(partner.browser.console_errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn what_an_agent_attaches_arrives_and_what_the_customer_attached_can_be_saved() -> Result {
    let partner = Partner::start().await?;
    let browser = &partner.browser;
    let contact = Contact::sign_in(&partner.thread, &partner.app, EMAIL).await?;
    let theirs = contact.upload("notes.txt", "text/plain", b"as text").await?;
    let request = contact.raise("See what it says", &[theirs]).await?;
    let page = signed_in(browser, &partner, None).await?;
    page.choose(request.id.as_str()).await?;
    let saved = "const made = URL.createObjectURL;
        URL.createObjectURL = (blob) => { blob.text().then((text) => { window.saved = text; }); return made(blob); };
        document.querySelector('[data-action=download]').click()";
    page.visible("[data-action=download]").await?;
    browser.run::<()>(saved).await?;
    until("the file is saved", async || {
        Ok(browser.run::<Option<String>>("return window.saved ?? null").await?.as_deref() == Some("as text"))
    })
    .await?;

    let folder = tempfile::tempdir()?;
    let manual = folder.path().join("manual.txt");
    std::fs::write(&manual, "press the button")?;
    browser.find(By::Css("input[type=file]")).await?.send_keys(manual.display().to_string()).await?;
    for event in [
        "new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })",
        "new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })",
    ] {
        let script = format!(
            "const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(arguments[0])], 'button.png', {{ type: 'image/png' }}));
            document.querySelector('textarea').dispatchEvent({event})"
        );
        browser.run_with::<()>(&script, &[json!(PNG)]).await?;
    }
    until("all three are there", async || {
        browser.run("return document.querySelectorAll('.attached[data-state=done]').length === 3").await
    })
    .await?;
    page.send("It says this").await?;
    until("the customer has them", async || {
        let messages = contact.messages(&request).await?;
        let names = |files: &[protocol::conversation::Attachment]| -> Vec<String> {
            files.iter().map(|file| file.name.clone()).collect()
        };
        Ok(messages
            .last()
            .is_some_and(|last| names(&last.attachments) == ["manual.txt", "button.png", "button.png"]))
    })
    .await?;
    let shown = "return [...document.querySelectorAll('.picture img')].filter((i) => i.naturalWidth === 1).length === 2";
    until("both pictures are shown", async || browser.run(shown).await).await?;
    browser.refresh().await?;
    until("both pictures are fetched and shown", async || browser.run(shown).await).await
}

#[tokio::test]
async fn a_request_is_closed_and_reopened_and_stands_in_the_list_where_it_belongs() -> Result {
    let partner = Partner::start().await?;
    let browser = &partner.browser;
    let contact = Contact::sign_in(&partner.thread, &partner.app, EMAIL).await?;
    let (one, two) = (contact.raise("One", &[]).await?, contact.raise("Two", &[]).await?);
    let (one_id, two_id) = (one.id.as_str(), two.id.as_str());
    let page = signed_in(browser, &partner, None).await?;
    page.wait_for_list(&[two_id, one_id]).await?;
    page.choose(one_id).await?;
    page.press(CHANGE).await?;
    page.wait_for_list(&[two_id]).await?;
    page.wait_for_text("This request is closed").await?;
    page.press_button("closed").await?;
    page.wait_for_list(&[one_id]).await?;

    // An answer leaves it closed, what the customer writes opens it.
    page.send("One more thing").await?;
    contact.write(&one, "Yes?").await?;
    page.wait_for_list(&[]).await?;
    page.wait_for_text("No closed requests").await?;
    page.press_button("open").await?;
    page.wait_for_list(&[one_id, two_id]).await?;
    page.press(CHANGE).await?;
    page.wait_for_list(&[two_id]).await?;
    page.press(CHANGE).await?;
    page.wait_for_list(&[one_id, two_id]).await?;

    // By somebody else.
    let agent = partner.thread.agent(&partner.app).await?;
    agent.set_status(&two, "closed").await?;
    page.wait_for_list(&[one_id]).await
}

#[tokio::test]
async fn a_long_list_comes_page_by_page() -> Result {
    let partner = Partner::start().await?;
    let mut ids = Vec::new();
    for n in 0..4 {
        let contact = Contact::sign_in(&partner.thread, &partner.app, &format!("c{n}@example.com")).await?;
        for m in 0..15 {
            ids.insert(0, contact.raise(&format!("Request {n}.{m}"), &[]).await?.id.0);
        }
    }
    let page = signed_in(&partner.browser, &partner, None).await?;
    let all: Vec<&str> = ids.iter().map(String::as_str).collect();
    page.wait_for_list(&all[..50]).await?;
    page.press("[data-action=load-more]").await?;
    page.wait_for_list(&all).await?;
    let focused = "return document.activeElement.dataset.request";
    until("the user goes on where the next page begins", async || {
        Ok(partner.browser.run::<Option<String>>(focused).await?.as_deref() == Some(all[50]))
    })
    .await?;
    let more = "return document.querySelector('[data-action=load-more]') === null";
    assert!(partner.browser.run::<bool>(more).await?, "there is no more");

    // One that is not on the first page can be opened by its address, and stands in its place.
    let page = AgentsPage::open(&partner.browser, &partner.thread, &ids[59]).await?;
    partner.browser.refresh().await?;
    page.wait_for_text("Request 0.0").await?;
    page.composer().await?;
    let first: Vec<&str> = all[..50].iter().chain(&all[59..]).copied().collect();
    page.wait_for_list(&first).await
}

#[tokio::test]
async fn a_request_has_an_address_and_back_leads_back() -> Result {
    let partner = Partner::start().await?;
    let browser = &partner.browser;
    let contact = Contact::sign_in(&partner.thread, &partner.app, EMAIL).await?;
    let (one, two) = (contact.raise("First question", &[]).await?, contact.raise("Second one", &[]).await?);
    let key = partner.thread.api_key(&partner.app, None).await?;
    let page = AgentsPage::open(browser, &partner.thread, one.id.as_str()).await?;
    page.sign_in(&key.api_key).await?;
    page.composer().await?;
    let shown = async |words: &'static str| {
        let script = "return document.querySelector('.about .subject')?.textContent ?? ''";
        until(&format!("{words} is shown"), async || Ok(browser.run::<String>(script).await? == words)).await
    };
    shown("First question").await?;
    page.choose(two.id.as_str()).await?;
    shown("Second one").await?;
    browser.back().await?;
    shown("First question").await?;
    browser.forward().await?;
    shown("Second one").await?;
    browser.run::<()>("location.hash = '#sr_unheard-of'").await?;
    page.wait_for_text("no longer there").await?;
    browser.run::<()>("location.hash = ''").await?;
    page.wait_for_state("none").await
}

#[tokio::test]
async fn without_a_connection_a_bar_says_so_and_what_was_missed_comes_after() -> Result {
    let partner = Partner::start().await?;
    let (browser, tap) = (&partner.browser, partner.thread.tap());
    let contact = Contact::sign_in(&partner.thread, &partner.app, EMAIL).await?;
    let request = contact.raise("Before", &[]).await?;
    let page = signed_in(browser, &partner, None).await?;
    page.choose(request.id.as_str()).await?;
    page.wait_for_text("Before").await?;

    let cdp = browser.cdp();
    let network = async |offline: bool| {
        let conditions =
            json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        cdp.send_raw("Network.emulateNetworkConditions", conditions).await
    };
    cdp.send_raw("Network.enable", json!({})).await?;
    network(true).await?;
    page.wait_for_state("offline").await?;
    contact.write(&request, "Meanwhile").await?;
    let other = Contact::sign_in(&partner.thread, &partner.app, "other@example.com").await?;
    let raised = other.raise("Another", &[]).await?;
    page.send("Written without a network").await?;
    page.wait_for_text("It goes out once you are online again").await?;
    let sockets = tap.count("GET", "/v1/agent/live");
    network(false).await?;
    page.wait_for_text("Meanwhile").await?;
    page.visible(&format!("[data-request={:?}]", raised.id.as_str())).await?;
    until("the customer has it once", async || {
        let messages = contact.messages(&request).await?;
        Ok(messages.iter().filter(|message| message.body == "Written without a network").count() == 1)
    })
    .await?;
    assert!(tap.count("GET", "/v1/agent/live") > sockets, "it has connected again");
    until("the bar is gone", async || {
        browser.run("return !document.querySelector('[data-state=offline]')").await
    })
    .await
}

#[tokio::test]
async fn colleagues_see_each_others_answers_and_who_gave_them() -> Result {
    let partner = Partner::start().await?;
    let browser = &partner.browser;
    let contact = Contact::sign_in(&partner.thread, &partner.app, EMAIL).await?;
    let request = contact.raise("Help", &[]).await?;
    let page = signed_in(browser, &partner, Some("Mia")).await?;
    page.choose(request.id.as_str()).await?;
    page.send("I am on it").await?;
    let leo = partner.thread.agent_named(&partner.app, "Leo").await?;
    leo.typing(&request).await?;
    page.wait_for_text("Leo is typing").await?;
    leo.answer(&request, "a1", "Me too").await?;
    page.wait_for_text("Me too").await?;
    let names =
        "return [...document.querySelectorAll('.messages .own .agent')].map((name) => name.textContent)";
    until("both names stand above", async || Ok(browser.run::<Vec<String>>(names).await? == ["Mia", "Leo"]))
        .await?;
    page.wait_for_text("Leo: Me too").await
}

#[tokio::test]
async fn the_sound_can_be_switched_on_and_is_kept() -> Result {
    let partner = Partner::start().await?;
    let page = signed_in(&partner.browser, &partner, None).await?;
    let label = "return document.querySelector('[data-action=sound]')?.getAttribute('aria-label')";
    page.press_button("sound").await?;
    until("it is on", async || {
        Ok(partner.browser.run::<Option<String>>(label).await?.as_deref() == Some("Turn off sound"))
    })
    .await?;
    partner.browser.refresh().await?;
    until("it is on still", async || {
        Ok(partner.browser.run::<Option<String>>(label).await?.as_deref() == Some("Turn off sound"))
    })
    .await
}

/// The panel is told when its request is closed, by the same socket.
#[tokio::test]
async fn the_customer_sees_that_the_request_was_closed() -> Result {
    let partner = Partner::start().await?;
    let contact = Contact::sign_in(&partner.thread, &partner.app, EMAIL).await?;
    let request = contact.raise("Help", &[]).await?;
    let browser = Browser::start().await?;
    let agents = signed_in(&browser, &partner, None).await?;
    agents.choose(request.id.as_str()).await?;
    let page = partner.initialize(&partner.params(EMAIL)?).await?;
    let panel: Panel<'_> = page.click_launcher().await?;
    panel.open_request(request.id.as_str()).await?;
    agents.press(CHANGE).await?;
    panel.wait_for_text("A new message opens it again").await?;
    panel.send("It is back").await?;
    agents.wait_for_text("It is back").await?;
    agents.wait_for_list(&[request.id.as_str()]).await?;
    panel.leave().await
}
