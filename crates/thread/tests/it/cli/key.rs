//! `thread key …`.

use super::Cli;
use crate::support::ANN;
use serde_json::{Value, json};
use signing::Secret;
use std::io::Write as _;
use std::process::{Output, Stdio};

#[test]
fn a_key_is_signed_from_standard_input() {
    let cli = Cli::new();
    let secret = Secret::generate();
    for end in ["", "\n", "\r\n"] {
        let mut child = cli
            .command(&["key", "sign", "--email", ANN])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("runs");
        write!(child.stdin.take().expect("piped"), "{}{end}", secret.expose()).expect("written");
        let output = child.wait_with_output().expect("ends");
        assert_eq!(
            String::from_utf8(output.stdout).expect("text").trim_end(),
            signing::sign_v1(&secret, ANN)
        );
    }
    let output = cli.command(&["key", "sign", "--email", ANN]).stdin(Stdio::null()).output().expect("runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(!cli.dir.path().join("thread.db").exists(), "needs no database");
}

/// Runs with `secret` on standard input.
fn sign(cli: &Cli, secret: &str, args: &[&str]) -> Output {
    let mut child = cli
        .command(&[&["key", "sign"], args].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    write!(child.stdin.take().expect("piped"), "{secret}").expect("written");
    child.wait_with_output().expect("ends")
}

/// What `key explain` prints, for eyes without `--json`, and its exit code.
fn explain(cli: &Cli, app: &str, email: &str, key: &str, more: &[&str]) -> (String, Option<i32>) {
    let args = ["key", "explain", "--app", app, "--email", email, "--key", key];
    let output = cli.run(&[&args, more].concat());
    (String::from_utf8(output.stdout).expect("text"), output.status.code())
}

#[test]
fn v2_keys_are_signed_and_both_versions_explained() {
    let cli = Cli::new();
    let created = cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    let (app, secret) = (created["appId"].as_str().expect("text"), created["secret"].as_str().expect("text"));
    let signed = |args: &[&str]| {
        let output = sign(&cli, secret, args);
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).expect("text").trim_end().to_owned()
    };
    let explained_for = |app: &str, email: &str, key: &str| {
        let (printed, code) = explain(&cli, app, email, key, &["--json"]);
        let explained: Value = serde_json::from_str(&printed).expect("one JSON object, nothing else");
        assert_eq!(code, Some(i32::from(explained["valid"] == false)), "{explained}");
        explained
    };
    let explained = |email: &str, key: &str| explained_for(app, email, key);
    let (v1, v2) =
        (signed(&["--email", ANN]), signed(&["--email", ANN, "--v2", "--app", app, "--lifetime", "90s"]));
    assert!(v2.starts_with("v2."), "{v2}");
    for key in [&v1, &v2] {
        let explained = explained(ANN, key);
        assert_eq!((&explained["valid"], &explained["secretId"]), (&json!(true), &created["secretId"]));
    }
    let wrong = explained(&ANN.to_uppercase(), &v1);
    assert_eq!((&wrong["valid"], &wrong["certain"]), (&json!(false), &json!(true)));
    assert_eq!(wrong["mistakes"][0]["mistake"], "email_lower_cased");
    assert!(wrong["mistakes"][0]["cure"].is_string());
    cli.json(&["app", "update", app, "--require-v2"]);
    let v1_refused = &explained(ANN, &v1)["mistakes"][0];
    assert_eq!(v1_refused["mistake"], "v1_where_v2_is_required");
    let cure = v1_refused["cure"].as_str().expect("text");
    assert!(cure.contains(&format!("thread app update {app} --require-v2 false")), "{cure}");
    assert_eq!(explained(ANN, &v2)["valid"], true);
    assert_eq!(cli.json(&["app", "update", app, "--require-v2", "false"])["requireV2"], false);

    cli.json(&["secret", "rotate", app, "--overlap", "0s"]);
    assert_eq!(explained(ANN, &v1)["mistakes"][0]["mistake"], "lapsed_secret");
    let other = cli.json(&["app", "create", "--name", "Other", "--origin", "https://other.example"]);
    let other = other["appId"].as_str().expect("text");
    let foreign = explained_for(other, ANN, &v1);
    assert_eq!(foreign["mistakes"][0]["mistake"], "other_apps_secret");

    let (told, code) = explain(&cli, app, ANN, "hello", &[]);
    assert!(code == Some(1) && told.contains("5 characters"), "{told}");
    assert_eq!(cli.fails(&["key", "explain", "--app", "app_none", "--email", ANN, "--key", "x"]).0, 1);
    for args in [
        &["--email", ANN, "--v2"][..],
        &["--email", ANN, "--app", app],
        &["--email", ANN, "--v2", "--app", app, "--lifetime", "11m"],
        &["--email", ANN, "--v2", "--app", app, "--lifetime", "0s"],
    ] {
        assert_eq!(sign(&cli, secret, args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn what_does_not_look_like_a_secret_is_signed_with_a_hint() {
    let cli = Cli::new();
    let output = sign(&cli, "sec_0123456789ab", &["--email", ANN]);
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("does not begin with cgs_"));
}
