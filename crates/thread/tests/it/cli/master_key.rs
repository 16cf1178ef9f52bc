//! The master key, and `thread master-key …`.

use super::Cli;
use crate::support::ANN;
use serde_json::{Value, json};
use signing::Secret;

#[test]
fn nothing_is_written_under_another_master_key() {
    let cli = Cli::new();
    let create = ["app", "create", "--name", "Shop", "--origin", "https://shop.example"];
    let key = |first: &str| format!("{first}{}=", "A".repeat(42));
    let run = |key: Option<String>, args: &[&str]| {
        let mut command = cli.command(args);
        command.env_remove("THREAD_MASTER_KEY").envs(key.map(|key| ("THREAD_MASTER_KEY", key)));
        let output = command.output().expect("runs");
        (output.status.code(), String::from_utf8(output.stderr).expect("text"))
    };
    assert_eq!(run(Some(key("A")), &create).0, Some(0));
    for (other, hint) in [
        (Some(key("B")), "another master key"),
        (None, "THREAD_MASTER_KEY"),
        (Some("c2hvcnQ=".into()), "32 bytes"),
    ] {
        for args in [&create[..], &["serve", "--listen", "127.0.0.1:0"]] {
            let (code, said) = run(other.clone(), args);
            assert_eq!(code, Some(1), "{said}");
            assert!(said.contains(hint), "{said}");
        }
    }
    assert!(!cli.dir.path().join("thread.db.key").exists(), "no stray key file");
    let listed =
        cli.command(&["app", "list", "--json"]).env("THREAD_MASTER_KEY", key("A")).output().expect("runs");
    let listed: Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    assert_eq!(listed["apps"].as_array().map(Vec::len), Some(1));
}

/// Runs with these environment variables; exit code, standard output and standard error.
fn run_with(cli: &Cli, variables: &[(&str, &str)], args: &[&str]) -> (Option<i32>, String, String) {
    let output = cli
        .command(args)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(variables.iter().copied())
        .output()
        .expect("runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn master_key(letter: &str) -> String {
    format!("{letter}{}=", "A".repeat(42))
}

#[test]
fn a_master_key_comes_from_a_variable_a_file_or_a_command() {
    let cli = Cli::new();
    let key = master_key("A");
    let path = cli.dir.path().join("master");
    std::fs::write(&path, format!("{key}\n")).expect("written");
    let path = path.to_str().expect("text");
    let command = format!("echo {key}");
    let create = ["app", "create", "--name", "Shop", "--origin", "https://shop.example"];
    for variable in [
        ("THREAD_MASTER_KEY", key.as_str()),
        ("THREAD_MASTER_KEY_FILE", path),
        ("THREAD_MASTER_KEY_COMMAND", &command),
    ] {
        let (code, _, said) = run_with(&cli, &[variable], &create);
        assert_eq!(code, Some(0), "{variable:?}: {said}");
    }
    for (variables, hint) in [
        (&[("THREAD_MASTER_KEY", key.as_str()), ("THREAD_MASTER_KEY_FILE", path)][..], "more than one"),
        (&[("THREAD_MASTER_KEY_FILE", "/nowhere")], "/nowhere"),
        (&[("THREAD_MASTER_KEY_COMMAND", "exit 3")], "exit status: 3"),
        (&[("THREAD_MASTER_KEY_COMMAND", "echo short")], "32 bytes"),
        (&[("THREAD_MASTER_KEY_PREVIOUS", &key)], "without a present master key"),
    ] {
        let (code, _, said) = run_with(&cli, variables, &["app", "list"]);
        assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
        assert!(said.contains(hint) && !said.contains(&key), "{said}");
    }
}

#[test]
fn a_master_key_of_the_environment_is_changed_by_two_variables() {
    let cli = Cli::new();
    let (old, new) = (master_key("A"), master_key("B"));
    let create = ["app", "create", "--name", "Shop", "--origin", "https://shop.example", "--json"];
    let (_, created, _) = run_with(&cli, &[("THREAD_MASTER_KEY", &old)], &create);
    let created: Value = serde_json::from_str(&created).expect("JSON");
    let secret = created["secret"].as_str().expect("text");
    let rotate = ["master-key", "rotate", "--json"];
    let (code, _, said) = run_with(&cli, &[("THREAD_MASTER_KEY", &old)], &rotate);
    assert!(code == Some(1) && said.contains("THREAD_MASTER_KEY_PREVIOUS"), "{said}");
    let both = [("THREAD_MASTER_KEY", new.as_str()), ("THREAD_MASTER_KEY_PREVIOUS", &old)];
    for resealed in [2, 0] {
        let (code, told, said) = run_with(&cli, &both, &rotate);
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(serde_json::from_str::<Value>(&told).expect("JSON"), json!({"resealed": resealed}));
    }
    assert_eq!(run_with(&cli, &[("THREAD_MASTER_KEY", &old)], &["app", "list"]).0, Some(1));
    let (app, key) = (
        created["appId"].as_str().expect("text"),
        signing::sign_v1(&Secret::from_text(secret).expect("valid"), ANN),
    );
    let explain = ["key", "explain", "--app", app, "--email", ANN, "--key", &key];
    let (_, told, _) = run_with(&cli, &[("THREAD_MASTER_KEY", &new)], &explain);
    assert!(told.contains("takes this key"), "the secret is the same: {told}");
}

#[test]
fn a_master_key_in_a_file_is_changed_by_one_command() {
    let cli = Cli::new();
    let created = cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    let path = cli.dir.path().join("thread.db.key");
    let old = std::fs::read_to_string(&path).expect("there");
    assert_eq!(cli.json(&["master-key", "rotate"]), json!({"resealed": 2}));
    let new = std::fs::read_to_string(&path).expect("there");
    assert!(new.lines().count() == 1 && new.trim() != old.trim());
    let app = created["appId"].as_str().expect("text");
    cli.json(&["secret", "rotate", app]);
    std::fs::write(&path, old).expect("written");
    assert!(cli.fails(&["app", "list"]).1.contains("another master key"));
}
