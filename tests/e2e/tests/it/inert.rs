//! What somebody typed is text, whatever it looks like: in names, subjects, messages and names of files.

use e2e::{Browser, Result};
use serde_json::{Value, json};

/// One a line: markup, addresses and templates that have run as code somewhere.
const PAYLOADS: &str = include_str!("payloads.txt");

/// All elements that panel and agents' page make of their own.
const OWN: &str = "a bdi body button code div form h1 h2 header head html img input label li link main meta nav noscript ol p path script span svg textarea time title ul";

pub fn payloads() -> Vec<&'static str> {
    let payloads: Vec<_> = PAYLOADS.lines().collect();
    assert!(payloads.len() >= 100, "a corpus, not a handful");
    payloads
}

/// Which elements are there that the panel does not make, and what ran or could run.
const INSPECT: &str = "
    const own = new Set(arguments[0].split(' '));
    const all = [...document.querySelectorAll('*')];
    return {
      foreign: all.filter(({ localName }) => !own.has(localName)).map(({ outerHTML }) => outerHTML),
      scripts: document.scripts.length,
      handlers: all.filter((e) => [...e.attributes].some(({ name }) => name.startsWith('on'))).length,
      links: [...document.links].map(({ protocol }) => protocol)
        .filter((p) => !['http:', 'https:', 'mailto:', 'blob:'].includes(p)),
      pwned: typeof window.pwned,
      text: document.body.textContent,
    }";

/// Fails if anything in the current document runs or could, or is no element of ours; gives its text.
pub async fn assert_inert(browser: &Browser, place: &str) -> Result<String> {
    let seen: Value = browser.run_with(INSPECT, &[json!(OWN)]).await?;
    let (nothing, one) = (json!([]), json!(1));
    assert_eq!(seen["foreign"], nothing, "{place}");
    assert_eq!(seen["scripts"], one, "{place}");
    assert_eq!(seen["handlers"], json!(0), "{place}");
    assert_eq!(seen["links"], nothing, "{place}");
    assert_eq!(seen["pwned"], "undefined", "{place}");
    Ok(seen["text"].as_str().unwrap_or_default().to_owned())
}
