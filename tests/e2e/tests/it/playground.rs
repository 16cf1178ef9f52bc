//! The playground that Thread serves.

use e2e::{Browser, MessengerPage, Result, Thread, until};
use serde_json::json;

const EMAIL: &str = "ann@example.com";

struct Playground {
    browser: Browser,
    thread: Thread,
}

impl Playground {
    async fn start(arguments: &[&str]) -> Result<Self> {
        let thread = Thread::start_with(arguments).await?;
        thread.create_app("Northwind IT", "https://portal.example").await?;
        Ok(Self { browser: Browser::start().await?, thread })
    }

    async fn open(&self, query: &str) -> Result<MessengerPage<'_>> {
        let page =
            MessengerPage::open(&self.browser, &format!("{}/playground/{query}", self.thread.origin()))
                .await?;
        until("the playground knows its Thread", async || Ok(!self.text("origin").await?.is_empty())).await?;
        Ok(page)
    }

    async fn text(&self, id: &str) -> Result<String> {
        self.browser.run_with("return document.getElementById(arguments[0]).innerText", &[json!(id)]).await
    }

    async fn wait_for(&self, id: &str, text: &str) -> Result {
        let mut seen = String::new();
        until(&format!("#{id} says {text:?}"), async || {
            seen = self.text(id).await?;
            Ok(seen.contains(text))
        })
        .await
        .map_err(|error| error.context(format!("it says {seen:?}")))
    }

    async fn fill(&self, name: &str, value: &str) -> Result {
        let script = "const field = document.getElementById('form').elements[arguments[0]];
            field.value = arguments[1];
            field.dispatchEvent(new Event('input', { bubbles: true }));";
        self.browser.run_with(script, &[json!(name), json!(value)]).await
    }

    async fn press(&self, selector: &str) -> Result {
        self.browser.run_with("document.querySelector(arguments[0]).click()", &[json!(selector)]).await
    }

    async fn wait_for_key(&self) -> Result {
        until("the server has made a key", async || {
            self.browser.run("return document.getElementById('connectionKey').value !== ''").await
        })
        .await
    }

    async fn console_is_quiet(&self, but: &str) -> Result {
        let mut errors = self.browser.console_errors().await?;
        errors.retain(|text| but.is_empty() || !text.contains(but));
        assert_eq!(errors, Vec::<String>::new());
        Ok(())
    }
}

#[tokio::test]
async fn a_demos_playground_signs_in_and_shows_what_happens() -> Result {
    let playground = Playground::start(&["--demo"]).await?;
    let page = playground.open("").await?;
    playground.wait_for_key().await?;
    playground.press("button[type=submit]").await?;
    playground.wait_for("outcome", "resolved").await?;
    playground.wait_for("user", EMAIL).await?;
    playground.wait_for("log", "authenticated").await?;
    playground.wait_for("log", "/v1/sessions").await?;
    playground.press("[data-call=open]").await?;
    page.enter_panel().await?.wait_for_text(EMAIL).await?;
    playground.browser.enter_default_frame().await?;
    playground.press("[data-call=destroy]").await?;
    page.wait_until_gone().await?;
    playground.wait_for("launcher", "none").await?;
    playground.wait_for("user", "nobody").await?;
    playground.console_is_quiet("").await?;

    playground.fill("connectionKey", &"0".repeat(64)).await?;
    playground.press("button[type=submit]").await?;
    playground.wait_for("outcome", "rejected: invalid_connection_key").await?;
    let links: Vec<String> = playground
        .browser
        .run("return [...document.querySelectorAll('#log a')].map((link) => link.href)")
        .await?;
    assert!(links.iter().any(|link| link.ends_with("/docs/errors#invalid_connection_key")), "{links:?}");
    Ok(())
}

#[tokio::test]
async fn the_playground_shows_the_plain_engine_under_a_policy_that_forbids_webassembly() -> Result {
    let playground = Playground::start(&["--demo"]).await?;
    playground.open("?wasm=off").await?;
    playground.wait_for_key().await?;
    playground.press("button[type=submit]").await?;
    playground.wait_for("outcome", "resolved").await?;
    playground.wait_for("log", "/engine-").await?;
    playground.wait_for("engine", "plain JavaScript").await?;
    playground.console_is_quiet("WebAssembly").await
}

#[tokio::test]
async fn without_a_demo_no_key_is_made() -> Result {
    let playground = Playground::start(&[]).await?;
    playground.open("").await?;
    assert!(playground.browser.run::<bool>("return document.getElementById('make').hidden").await?);
    assert!(
        playground
            .browser
            .run::<bool>("return document.getElementById('apps').children.length === 0")
            .await?
    );
    let script =
        "return fetch('/playground/key', { method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ appId: 'app', email: 'ann@example.com' }) }).then((answer) => answer.status)";
    assert_eq!(playground.browser.run::<u16>(script).await?, 404);
    Ok(())
}

#[tokio::test]
async fn the_snippet_holds_whatever_was_typed_as_text() -> Result {
    let playground = Playground::start(&[]).await?;
    playground.open("").await?;
    let email = "a</script><img src=x onerror=alert(1)>\u{2028}\"'@x.com";
    playground.fill("connectionEmail", email).await?;
    playground.fill("appId", "</script>").await?;
    for tab in ["snippet", "npm", "react", "vue"] {
        playground.press(&format!("#tabs input[value={tab}]")).await?;
        playground.wait_for("code", "\\u003c/script\\u003e").await?;
    }
    playground.press("#tabs input[value=tag]").await?;
    playground.wait_for("code", "data-app-id").await?;
    let shown = "return document.getElementById('code').textContent";
    let tag: String = playground.browser.run(shown).await?;
    playground.press("#tabs input[value=snippet]").await?;
    playground.wait_for("code", "createElement").await?;
    let snippet: String = playground.browser.run(shown).await?;

    // As a page would: one script, nothing else, and the parameters come out as they went in. Not in the playground,
    // whose policy lets no text become a document.
    playground.browser.goto(&format!("{}/healthz", playground.thread.origin())).await?;
    let parsed = |found: &str| {
        format!(
            "const page = new DOMParser().parseFromString(arguments[0], 'text/html');
             const [script, ...more] = page.querySelectorAll('*:not(html, head, body)');
             return [script.localName, more.length, {found}]"
        )
    };
    let in_object = "JSON.parse(script.textContent.match(/\\}\\)\\((\\{[^]*\\}), \"http/)[1].match(/connectionEmail: (\".*\"),/)[1])";
    for (text, found) in [(tag, "script.dataset.connectionEmail"), (snippet, in_object)] {
        let (element, others, found): (String, usize, String) =
            playground.browser.run_with(&parsed(found), &[json!(text)]).await?;
        assert_eq!((element.as_str(), others, found.as_str()), ("script", 0, email));
    }
    Ok(())
}
