//! axe-core: what it finds wrong for those who see, hear or move differently.

use crate::{Browser, Result, paths};
use anyhow::Context as _;
use serde_json::json;

/// WCAG 2.2 AA and what came before, and axe's own good practice.
const SCRIPT: &str = "
    const [context, without, done] = arguments;
    const options = {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        // The first is off unless it is asked for.
        rules: { 'target-size': { enabled: true }, ...Object.fromEntries(without.map((id) => [id, { enabled: false }])) },
        // Each document is looked at by itself: scripts do not reach from one to the other.
        iframes: false,
        resultTypes: ['violations'],
    };
    axe.run(context, options).then(
        ({ violations }) => done(violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, html, failureSummary }) =>
            `${id}: ${help}: ${target.join(' ')}: ${html.slice(0, 200)}: ${failureSummary}`))),
        (error) => done([`axe did not run: ${error}`]));";

/// What axe finds in the document of the current frame, within the element that `selector` names, by all rules but
/// those in `without`.
///
/// # Errors
/// If axe is not there or does not run.
pub async fn violations(browser: &Browser, selector: &str, without: &[&str]) -> Result<Vec<String>> {
    if !browser.run::<bool>("return 'axe' in window").await? {
        let path = paths::workspace().join("node_modules/axe-core/axe.min.js");
        let source = std::fs::read_to_string(&path)
            .with_context(|| format!("there is no {}: run ./build.sh build", path.display()))?;
        browser.run::<()>(&source).await?;
    }
    let found = browser.execute_async(SCRIPT, vec![json!(selector), json!(without)]).await?;
    Ok(found.convert()?)
}
