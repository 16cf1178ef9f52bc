use super::*;
use crate::assets::{Assets, File};
use crate::csp::{parse, ways};
use crate::versions::Versions;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

fn origin(text: &str) -> Origin {
    Origin::parse(text).expect("valid")
}

fn report(policy: &str, loading: Loading) -> Report {
    let (thread, own) = (origin("https://thread.example"), origin("https://portal.example"));
    check(&parse(policy).expect("few"), &Page { thread: &thread, own: Some(&own), loading })
}

fn missing_directives(report: &Report) -> Vec<&str> {
    let missing = report.findings.iter().filter(|finding| finding.level == Level::Missing);
    missing.map(|finding| finding.directive.as_str()).collect()
}

/// Of each host page of the end-to-end tests that has a policy: how its tag is trusted, and what a browser does.
const HOST_PAGES: [(&str, Option<Engine>); 5] = [
    ("old-policy", Some(Engine::PlainJavaScript)),
    ("strict-dynamic", Some(Engine::PlainJavaScript)),
    ("trusted-types", Some(Engine::PlainJavaScript)),
    ("trusted-types-wasm", Some(Engine::WebAssembly)),
    ("headers", None),
];

#[test]
fn it_says_of_the_host_pages_what_browsers_do_with_them() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/pages");
    for (case, engine) in HOST_PAGES {
        let text = std::fs::read_to_string(pages.join(case).join("headers.json")).expect(case);
        let headers: BTreeMap<String, String> = serde_json::from_str(&text).expect(case);
        let policy = headers["Content-Security-Policy"].replace("{{thread}}", "https://thread.example");
        let report = report(&policy, Loading::Tag);
        assert_eq!(report.engine, engine, "{case}: {:#?}", report.findings);
    }
}

#[test]
fn every_way_that_is_advised_works_as_it_says() {
    const WEB: &[File] = &[
        File { path: "widget.js", identity: b"widget();", br: None, gzip: None },
        File { path: "engine-0a1b2c3d.js", identity: b"engine();", br: None, gzip: None },
    ];
    let versions = Versions::of(&Assets::from_files(WEB));
    let thread = origin("https://thread.example");
    let advised = ways(&thread, "app_1", versions.current());
    assert_eq!(
        advised.iter().map(|way| way.name).collect::<Vec<_>>(),
        ["wasm", "plain", "nonce", "trusted-types", "integrity"]
    );
    for way in &advised {
        let found = report(&way.policy, way.loading);
        assert_eq!(found.engine, Some(way.engine), "{}: {:#?}", way.policy, found.findings);
        // Each directive counts: without it, it works no more, or not as well.
        for added in &way.directives {
            let less: Vec<&str> =
                way.policy.split("; ").filter(|part| !part.starts_with(added.directive)).collect();
            let found = report(&less.join("; "), way.loading);
            let is_optional = matches!(added.directive, "trusted-types" | "require-trusted-types-for");
            assert!(
                found.engine != Some(way.engine) || is_optional,
                "{} without {}",
                way.name,
                added.directive
            );
        }
    }
    assert!(advised[4].tag.contains("/v/0.1.0-") && advised[4].tag.contains(" integrity=\"sha384-"));
}

#[test]
fn nothing_is_missing_where_nothing_is_forbidden() {
    for policy in ["", "img-src 'none'", "default-src *; script-src * 'unsafe-inline' 'wasm-unsafe-eval'"] {
        let report = report(policy, Loading::Snippet);
        assert!(report.works(), "{policy}: {:#?}", report.findings);
    }
}

#[test]
fn what_is_missing_is_named_with_what_to_add() {
    let found = report("default-src 'self'", Loading::Tag);
    assert_eq!(found.engine, None);
    assert_eq!(missing_directives(&found), ["default-src", "connect-src", "frame-src"]);
    let adds: Vec<_> = found
        .findings
        .iter()
        .filter(|f| f.level == Level::Missing)
        .filter_map(|f| f.add.as_deref())
        .collect();
    assert_eq!(
        adds,
        [
            "default-src 'self' https://thread.example",
            "connect-src 'self' https://thread.example",
            "frame-src 'self' https://thread.example"
        ]
    );
    let none = report("default-src https: 'unsafe-inline'; frame-src 'none'", Loading::Snippet);
    assert_eq!(
        none.findings[0].add.as_deref(),
        Some("frame-src https://thread.example"),
        "'none' stands alone"
    );
}

#[test]
fn ways_to_load_the_widget_differ() {
    let by_nonce =
        "script-src 'nonce-abc'; frame-src https://thread.example; connect-src https://thread.example";
    assert_eq!(
        missing_directives(&report(by_nonce, Loading::Snippet)),
        ["script-src"],
        "it inserts a tag without a nonce"
    );
    assert!(report(by_nonce, Loading::Tag).works());
    assert!(report(by_nonce, Loading::Package).works());

    let trusted = "require-trusted-types-for 'script'; trusted-types other";
    assert!(!report(trusted, Loading::Snippet).works());
    assert!(report(trusted, Loading::Tag).works(), "WebAssembly may run");
    assert_eq!(missing_directives(&report(trusted, Loading::Package)), ["trusted-types"]);
    assert_eq!(
        missing_directives(&report(&format!("{trusted}; script-src 'self' https:"), Loading::Tag)),
        ["trusted-types"]
    );
    assert!(
        report("require-trusted-types-for 'script'", Loading::Package).works(),
        "no list allows every name"
    );

    let dynamic = "script-src 'strict-dynamic' https://thread.example";
    assert!(!report(dynamic, Loading::Tag).works(), "nothing is trusted to begin with");
}

#[test]
fn each_of_several_policies_has_to_allow_it() {
    let policies = "default-src https: 'unsafe-inline' 'wasm-unsafe-eval', connect-src 'self'";
    assert_eq!(missing_directives(&report(policies, Loading::Snippet)), ["connect-src"]);
    let reporting = "Content-Security-Policy-Report-Only: default-src 'none'";
    let report = report(reporting, Loading::Snippet);
    assert_eq!((report.engine, report.findings[0].level), (Some(Engine::WebAssembly), Level::Note));
}

#[test]
fn one_file_of_thread_is_not_enough_without_webassembly() {
    let policy = "script-src https://thread.example/widget.js";
    assert_eq!(missing_directives(&report(policy, Loading::Tag)), ["script-src"]);
    assert!(report(&format!("{policy} 'wasm-unsafe-eval'"), Loading::Tag).works());
}

#[test]
fn slips_and_sandboxes_are_noticed() {
    let slips = report("script-scr 'self'; img-src self", Loading::Tag);
    assert!(slips.works());
    assert_eq!(slips.findings.iter().filter(|f| f.level == Level::Note).count(), 2);
    assert_eq!(missing_directives(&report("sandbox allow-scripts", Loading::Tag)), ["sandbox"]);
}

#[test]
fn a_finding_is_told_once_and_so_many_are_enough() {
    let twice =
        report("default-src *; x-one a, default-src *; x-two b, default-src *; x-one c", Loading::Tag);
    let about = |name: &str| twice.findings.iter().filter(|finding| finding.directive == name).count();
    assert_eq!((about("x-one"), about("x-two")), (1, 1), "{twice:?}");
    let words: Vec<String> = (0..1_000).map(|index| format!("nonce-{index}")).collect();
    let many = report(&format!("default-src 'self';img-src {}", words.join(" ")), Loading::Tag);
    assert_eq!(many.findings.len(), MAX_FINDINGS + 1);
    assert!(!many.works() && many.findings[0].level == Level::Missing, "what matters most stays");
    assert!(many.findings[MAX_FINDINGS].message.ends_with("more findings are not shown."));
}

/// What policies are made of, so that not all is refused at its first letter.
const PIECES: &str = "(default-src|script-src|connect-src|frame-src|content-security-policy:|<meta content=\"|'self'|'none'|'strict-dynamic'|'nonce-a'|'sha256-b'|https:|\\*|\\*\\.example|https://thread\\.example:443/a|&#39;|&|[;, \n\"'<>]|\\PC)";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_judged_or_refused(pieces in proptest::collection::vec(PIECES, 0..120), loading in 0usize..3) {
        let (thread, own) = (origin("https://thread.example"), origin("https://portal.example"));
        let page = Page { thread: &thread, own: Some(&own), loading: [Loading::Snippet, Loading::Tag, Loading::Package][loading] };
        if let Ok(policies) = parse(&pieces.concat()) {
            let report = check(&policies, &page);
            let lacks = report.findings.iter().any(|finding| finding.level == Level::Missing);
            prop_assert_eq!(report.works(), !lacks);
        }
    }
}
