//! Libraries that host pages run beside the messenger: real ones, from npm and from the system's packages.

use crate::{Result, paths};
use anyhow::Context as _;
use std::path::Path;

/// What `/lib/<name>` is: by npm's packages in `tests/pages`, or by an absolute path. `build.sh` installs both.
const LIBRARIES: &[(&str, &str)] = &[
    ("core-js.js", "core-js-bundle/minified.js"),
    ("datadog.js", "@datadog/browser-rum/bundle/datadog-rum.js"),
    ("htmx-2.js", "htmx-2/dist/htmx.min.js"),
    ("htmx-4.js", "htmx.org/dist/htmx.min.js"),
    ("mootools.js", "/usr/share/javascript/mootools/mootools-core-nc.js"),
    ("prototype.js", "/usr/share/javascript/prototype/prototype.js"),
    ("sentry.js", ".bundled/sentry.js"),
    ("zone.js", "zone.js/bundles/zone.umd.min.js"),
];

/// A library's source.
///
/// # Errors
/// If there is no such library, or it is not installed.
pub(crate) fn read(name: &str) -> Result<String> {
    let (_, path) = LIBRARIES.iter().find(|(known, _)| *known == name).context("no such library")?;
    // Joining an absolute path gives that path.
    let path = paths::workspace().join("tests/pages/node_modules").join(Path::new(path));
    std::fs::read_to_string(&path)
        .with_context(|| format!("{} is not there: run ./build.sh install", path.display()))
}
