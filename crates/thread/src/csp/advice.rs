//! The exact policy to add for each way of putting the messenger into a page.

use super::check::{Engine, Loading};
use crate::origin::Origin;
use crate::versions::WidgetVersion;
use serde::Serialize;

/// A way, with what it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Way {
    /// Names it: `wasm`, `plain`, `nonce`, `integrity`, `trusted-types`.
    pub name: &'static str,
    /// In a few words.
    pub title: &'static str,
    /// When to choose it, and what to know.
    pub about: &'static str,
    /// What to add: directive by directive, in order.
    pub directives: Vec<Added>,
    /// A whole policy that allows the page its own files and the messenger, and nothing else.
    pub policy: String,
    /// The tag that goes with it.
    pub tag: String,
    /// How the tag loads the widget.
    #[serde(skip)]
    pub loading: Loading,
    /// The engine that runs.
    pub engine: Engine,
}

/// A directive, and what it needs for the messenger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Added {
    /// Its name.
    pub directive: &'static str,
    /// The values to add.
    pub values: Vec<String>,
}

/// Every way, for pages that take the messenger from `thread`. Integrity needs a version of the widget.
pub fn ways(thread: &Origin, app_id: &str, version: Option<&WidgetVersion>) -> Vec<Way> {
    let origin = thread.as_str();
    let tag = |attributes: &str, path: &str| {
        format!(
            "<script async src=\"{origin}{path}\" data-app-id=\"{}\"{attributes}></script>",
            attribute(app_id)
        )
    };
    let with_frame = |mut directives: Vec<Added>| {
        directives.push(added("connect-src", &[origin]));
        directives.push(added("frame-src", &[origin]));
        directives
    };
    let mut ways = vec![
        way(
            "wasm",
            "By address, with WebAssembly",
            "The usual one. 'wasm-unsafe-eval' allows WebAssembly and no eval of JavaScript.",
            with_frame(vec![added("script-src", &[origin, WASM])]),
            tag("", "/widget.js"),
            Engine::WebAssembly,
        ),
        way(
            "plain",
            "By address, without WebAssembly",
            "What was written for the former widget. The engine comes as plain JavaScript then, one request more.",
            with_frame(vec![added("script-src", &[origin])]),
            tag("", "/widget.js"),
            Engine::PlainJavaScript,
        ),
        way(
            "nonce",
            "By nonce, with 'strict-dynamic'",
            "For policies that trust scripts one by one. The nonce is new for each page; put it on the tag as well.",
            with_frame(vec![added("script-src", &[NONCE, "'strict-dynamic'", WASM])]),
            tag(" nonce=\"…\"", "/widget.js"),
            Engine::WebAssembly,
        ),
        way(
            "trusted-types",
            "Under Trusted Types",
            "A tag in the page's HTML needs no policy of its own where WebAssembly may run; the npm package, and the \
             engine as plain JavaScript, use one named chatgenie. The snippet, which sets an address from a string, \
             cannot work.",
            {
                let mut directives = with_frame(vec![added("script-src", &[origin, WASM])]);
                directives.push(added("require-trusted-types-for", &["'script'"]));
                directives.push(added("trusted-types", &["chatgenie"]));
                directives
            },
            tag("", "/widget.js"),
            Engine::WebAssembly,
        ),
    ];
    if let Some(version) = version {
        let mut hashes: Vec<String> =
            version.files().map(|(_, file)| format!("'{}'", file.integrity())).collect();
        hashes.push(WASM.to_owned());
        let hashes: Vec<&str> = hashes.iter().map(String::as_str).collect();
        let attributes = format!(" integrity=\"{}\" crossorigin", version.widget().integrity());
        ways.push(way(
            "integrity",
            "One version, by its hash (Subresource Integrity)",
            "Exactly these bytes run, whoever serves them. An update of Thread brings a new version; this one stays where \
             it is. The second hash is that of the engine as plain JavaScript.",
            with_frame(vec![added("script-src", &hashes)]),
            tag(&attributes, &format!("/v/{}/widget.js", version.id())),
            Engine::WebAssembly,
        ));
    }
    ways
}

const WASM: &str = "'wasm-unsafe-eval'";
const NONCE: &str = "'nonce-…'";

fn added(directive: &'static str, values: &[&str]) -> Added {
    Added { directive, values: values.iter().map(|&value| value.to_owned()).collect() }
}

fn way(
    name: &'static str,
    title: &'static str,
    about: &'static str,
    directives: Vec<Added>,
    tag: String,
    engine: Engine,
) -> Way {
    // Where addresses mean nothing, 'self' means nothing either.
    let is_by_mark = matches!(name, "nonce");
    let mut policy = vec!["default-src 'self'".to_owned()];
    policy.extend(directives.iter().map(|Added { directive, values }| {
        let own = if is_by_mark && *directive == "script-src"
            || !directive.ends_with("-src")
            || *directive == "frame-src"
        {
            ""
        } else {
            " 'self'"
        };
        format!("{directive}{own} {}", values.join(" "))
    }));
    policy.extend(["object-src 'none'".to_owned(), "base-uri 'none'".to_owned()]);
    Way { name, title, about, directives, policy: policy.join("; "), tag, loading: Loading::Tag, engine }
}

/// Text inside of an attribute's double quotes.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;")
}
