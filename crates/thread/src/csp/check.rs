//! What a policy lacks for the messenger, and why.

use super::policy::{Directive, Policy};
use super::source::allow;
use crate::origin::Origin;
use serde::Serialize;
use std::collections::HashSet;
use url::Url;

/// Findings that are told, the most important ones.
const MAX_FINDINGS: usize = 100;

/// How the page gets `widget.js`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Loading {
    /// By the snippet: an inline script, which inserts a tag without a nonce.
    Snippet,
    /// By a tag in the page's HTML, with the page's nonce or hash where the policy works by them.
    Tag,
    /// By the npm package, from a script of the page's own.
    Package,
}

/// The page that the policy is for.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// Thread's origin.
    pub thread: &'a Origin,
    /// The page's own origin, for `'self'`.
    pub own: Option<&'a Origin>,
    /// How it loads the widget.
    pub loading: Loading,
}

/// Which form of the engine will run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// WebAssembly, inlined.
    WebAssembly,
    /// A second file of plain JavaScript.
    PlainJavaScript,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Good,
    /// It works; something to know.
    Note,
    /// The messenger does not work with this.
    Missing,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub level: Level,
    /// What it is about: a directive.
    pub directive: String,
    /// What was found, and why it matters.
    pub message: String,
    /// What to add, as it would stand in the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add: Option<String>,
}

/// What a policy means for the messenger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The engine that will run; none if the messenger does not work.
    pub engine: Option<Engine>,
    /// What was looked at, the most important first, each once.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether the messenger works under this policy.
    pub fn works(&self) -> bool {
        self.engine.is_some()
    }
}

/// Looks at policies that are in force together: each has to allow what the messenger does.
pub fn check(policies: &[Policy], page: &Page<'_>) -> Report {
    let mut findings = Vec::new();
    let mut engine = Engine::WebAssembly;
    for policy in policies {
        if policy.report_only {
            findings.push(note(
                "content-security-policy-report-only",
                "This header only reports, and forbids nothing: it was not looked at.",
            ));
            continue;
        }
        let mut one = Checker { policy, page, findings: &mut findings };
        if one.run() == Engine::PlainJavaScript {
            engine = Engine::PlainJavaScript;
        }
    }
    if policies.iter().all(|policy| policy.report_only) {
        findings.push(good("content-security-policy", "There is no policy in force: everything is allowed."));
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let mut known = HashSet::new();
    findings.retain(|finding| known.insert(finding.clone()));
    let works = findings.iter().all(|finding| finding.level != Level::Missing);
    if let Some(more) = findings.len().checked_sub(MAX_FINDINGS).filter(|more| *more > 0) {
        findings.truncate(MAX_FINDINGS);
        findings.push(note("content-security-policy", format!("{more} more findings are not shown.")));
    }
    Report { engine: works.then_some(engine), findings }
}

struct Checker<'a> {
    policy: &'a Policy,
    page: &'a Page<'a>,
    findings: &'a mut Vec<Finding>,
}

const SCRIPT_ELEMENTS: [&str; 3] = ["script-src-elem", "script-src", "default-src"];
const SCRIPTS: [&str; 2] = ["script-src", "default-src"];

impl Checker<'_> {
    fn run(&mut self) -> Engine {
        self.spelling();
        self.script();
        let engine = self.engine();
        self.fetches(
            "connect-src",
            &["connect-src", "default-src"],
            "/v1/sessions",
            "asks Thread for a session",
        );
        self.fetches(
            "frame-src",
            &["frame-src", "child-src", "default-src"],
            "/messenger/",
            "shows its panel in a frame",
        );
        self.trusted_types(engine);
        self.sandbox();
        engine
    }

    fn thread(&self, path: &str) -> Option<Url> {
        Url::parse(&format!("{}{path}", self.page.thread)).ok()
    }

    fn allows(&self, directive: &Directive, path: &str) -> bool {
        let own = self.page.own.and_then(|own| Url::parse(own.as_str()).ok());
        self.thread(path).is_some_and(|url| allow(&directive.values, &url, own.as_ref()))
    }

    fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Whether `widget.js` may be loaded.
    fn script(&mut self) {
        let origin = self.page.thread.as_str();
        let Some(directive) = self.policy.first_of(&SCRIPT_ELEMENTS) else {
            return self.push(good("script-src", "Scripts are not restricted."));
        };
        let name = directive.name.clone();
        let by_mark = has_mark(directive);
        let strict = directive.has("'strict-dynamic'");
        if self.page.loading == Loading::Snippet {
            if by_mark {
                self.push(note(
                    &name,
                    "The snippet is an inline script: give its tag the page's nonce, or the policy its hash.",
                ));
            } else if !directive.has("'unsafe-inline'") {
                self.push(missing(
                    &name,
                    "The snippet is an inline script, and this allows none. Allow it by a nonce, or use the one-line tag \
                     or the npm package, which need no inline script.",
                    Some(format!("{name} 'nonce-…'")),
                ));
            }
        }
        let finding = if strict {
            match self.page.loading {
                _ if !by_mark => missing(
                    &name,
                    "'strict-dynamic' makes addresses meaningless, and without a nonce or a hash no script is trusted.",
                    Some(format!("{name} 'nonce-…'")),
                ),
                Loading::Tag => note(
                    &name,
                    "With 'strict-dynamic' the tag needs the page's nonce; what it loads itself is trusted then.",
                ),
                _ => good(
                    &name,
                    "widget.js is loaded by a script that is trusted, and 'strict-dynamic' passes that on.",
                ),
            }
        } else if self.allows(directive, "/widget.js") {
            good(&name, format!("widget.js may be loaded from {origin}."))
        } else if by_mark && self.page.loading == Loading::Tag {
            note(
                &name,
                format!(
                    "widget.js may be loaded if its tag carries the page's nonce, or an integrity that the policy lists. {origin} itself is not allowed."
                ),
            )
        } else if by_mark && self.page.loading == Loading::Package {
            note(
                &name,
                format!(
                    "widget.js may be loaded if the package gets the page's nonce (`nonce`). {origin} itself is not allowed."
                ),
            )
        } else {
            missing(
                &name,
                format!("widget.js may not be loaded from {origin}."),
                Some(addition(directive, origin)),
            )
        };
        self.push(finding);
    }

    /// Which form of the engine the policy lets run.
    fn engine(&mut self) -> Engine {
        let Some(directive) = self.policy.first_of(&SCRIPTS) else { return Engine::WebAssembly };
        if directive.has("'wasm-unsafe-eval'") || directive.has("'unsafe-eval'") {
            self.push(good(&directive.name, "WebAssembly may run: the messenger starts with one request."));
            return Engine::WebAssembly;
        }
        let finding = note(
            &directive.name,
            "WebAssembly may not run: the messenger fetches its engine as plain JavaScript instead, one request more. \
             'wasm-unsafe-eval' allows WebAssembly, and no eval of JavaScript.",
        );
        let add = addition(directive, "'wasm-unsafe-eval'");
        self.push(Finding { add: Some(add), ..finding });
        // The widget passes its own nonce on, and is trusted where 'strict-dynamic' is: only addresses can differ.
        if let Some(elements) = self.policy.first_of(&SCRIPT_ELEMENTS)
            && !elements.has("'strict-dynamic'")
            && self.allows(elements, "/widget.js")
            && !self.allows(elements, "/engine-0.js")
        {
            let origin = self.page.thread.as_str();
            self.push(missing(
                &elements.name,
                format!("The engine lies beside widget.js, and this allows that one file of {origin} only."),
                Some(addition(elements, origin)),
            ));
        }
        Engine::PlainJavaScript
    }

    /// Whether something may be reached at Thread.
    fn fetches(&mut self, name: &str, names: &[&str], path: &str, what: &str) {
        let origin = self.page.thread.as_str();
        let finding = match self.policy.first_of(names) {
            None => good(name, format!("The messenger {what}: not restricted.")),
            Some(directive) if self.allows(directive, path) => {
                good(&directive.name, format!("The messenger {what}: {origin} is allowed."))
            }
            Some(directive) => {
                // A directive of its own replaces the default, so it has to repeat it.
                let add = if directive.name == name {
                    addition(directive, origin)
                } else {
                    with(name, directive, origin)
                };
                let message =
                    format!("The messenger {what}, and {} does not allow {origin}.", directive.name);
                missing(name, message, Some(add))
            }
        };
        self.push(finding);
    }

    fn trusted_types(&mut self, engine: Engine) {
        const NAME: &str = "trusted-types";
        let is_required = self
            .policy
            .directive("require-trusted-types-for")
            .is_some_and(|directive| directive.has("'script'"));
        if !is_required {
            return;
        }
        if self.page.loading == Loading::Snippet {
            return self.push(missing(
                "require-trusted-types-for",
                "The snippet sets a script's address from a string, which Trusted Types forbid. Use a tag in the page's \
                 HTML, or the npm package.",
                None,
            ));
        }
        let needs_policy = self.page.loading == Loading::Package || engine == Engine::PlainJavaScript;
        let allows = self
            .policy
            .directive(NAME)
            .is_none_or(|directive| directive.has("chatgenie") || directive.has("*"));
        let finding = match (needs_policy, allows) {
            (false, _) => good(NAME, "Under Trusted Types, a tag and WebAssembly need no policy."),
            (true, true) => good(NAME, "Under Trusted Types, the policy chatgenie is allowed."),
            (true, false) => missing(
                NAME,
                "Under Trusted Types a script's address comes from a policy, and chatgenie is not among those that are \
                 allowed.",
                Some(self.policy.directive(NAME).map_or_else(
                    || format!("{NAME} chatgenie"),
                    |directive| addition(directive, "chatgenie"),
                )),
            ),
        };
        self.push(finding);
    }

    fn sandbox(&mut self) {
        let Some(directive) = self.policy.directive("sandbox") else { return };
        for (token, why) in [
            ("allow-scripts", "no script runs"),
            ("allow-same-origin", "the page has no origin of its own, which Thread could know"),
        ] {
            if !directive.has(token) {
                let message = format!("The page is in a sandbox, and without {token} {why}.");
                self.findings.push(missing("sandbox", message, Some(addition(directive, token))));
            }
        }
    }

    /// Slips that make a policy mean something else.
    fn spelling(&mut self) {
        for directive in self.policy.directives() {
            let name = directive.name.as_str();
            if !KNOWN.contains(&name) {
                self.findings.push(note(name, "Browsers know no such directive, and ignore it."));
            }
            for value in &directive.values {
                let bare = value.to_ascii_lowercase();
                let is_keyword = KEYWORDS.contains(&bare.as_str())
                    || ["nonce-", "sha256-", "sha384-", "sha512-"]
                        .iter()
                        .any(|start| bare.starts_with(start));
                if is_keyword && name.ends_with("-src") {
                    let message = format!(
                        "{value} stands without quotes, and so is the name of a host. Write '{value}'."
                    );
                    self.findings.push(note(name, message));
                }
            }
        }
    }
}

/// Whether scripts can be allowed one by one: by nonce or hash.
fn has_mark(directive: &Directive) -> bool {
    directive.values.iter().any(|value| {
        let value = value.to_ascii_lowercase();
        ["'nonce-", "'sha256-", "'sha384-", "'sha512-"].iter().any(|start| value.starts_with(start))
    })
}

/// A directive with one value more; `'none'` stands alone, so it goes.
fn addition(directive: &Directive, value: &str) -> String {
    with(&directive.name, directive, value)
}

fn with(name: &str, like: &Directive, value: &str) -> String {
    let mut words = vec![name];
    words.extend(like.values.iter().map(String::as_str).filter(|word| !word.eq_ignore_ascii_case("'none'")));
    words.push(value);
    words.join(" ")
}

fn good(directive: &str, message: impl Into<String>) -> Finding {
    Finding { level: Level::Good, directive: directive.to_owned(), message: message.into(), add: None }
}

fn note(directive: &str, message: impl Into<String>) -> Finding {
    Finding { level: Level::Note, ..good(directive, message) }
}

fn missing(directive: &str, message: impl Into<String>, add: Option<String>) -> Finding {
    Finding { level: Level::Missing, add, ..good(directive, message) }
}

/// Words that are keywords in quotes, and hosts without.
const KEYWORDS: [&str; 9] = [
    "self",
    "none",
    "unsafe-inline",
    "unsafe-eval",
    "wasm-unsafe-eval",
    "strict-dynamic",
    "unsafe-hashes",
    "report-sample",
    "inline-speculation-rules",
];

/// Directives that browsers know, or knew.
const KNOWN: [&str; 34] = [
    "base-uri",
    "block-all-mixed-content",
    "child-src",
    "connect-src",
    "default-src",
    "fenced-frame-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "navigate-to",
    "object-src",
    "plugin-types",
    "prefetch-src",
    "referrer",
    "reflected-xss",
    "report-to",
    "report-uri",
    "require-sri-for",
    "require-trusted-types-for",
    "sandbox",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "upgrade-insecure-requests",
    "webrtc",
    "worker-src",
];

#[cfg(test)]
mod tests;
