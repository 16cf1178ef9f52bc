//! The command line, as its users call it.

mod key;
mod master_key;

use crate::database::Database;
use crate::support::ANN;
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The built program, on a database in a folder of its own.
pub struct Cli {
    pub dir: TempDir,
    pub database: Database,
}

impl Cli {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("temporary directory");
        let database = Database::new(dir.path());
        Self { dir, database }
    }

    pub fn on(database: Database) -> Self {
        Self { dir: tempfile::tempdir().expect("temporary directory"), database }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thread"));
        command.args(args).current_dir(self.dir.path()).env_clear();
        // SQLite's file is where it is by default: in the folder.
        if let Some(key) = self.database.master_key {
            command.env("THREAD_DATABASE", &self.database.address).env("THREAD_MASTER_KEY", key);
            command.env(
                "THREAD_ATTACHMENTS",
                format!("file:{}", self.dir.path().join("thread.db.attachments").display()),
            );
        }
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("runs")
    }

    /// Runs with `--json`; the one object that is printed.
    pub fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--json"]].concat());
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one JSON object, nothing else")
    }

    /// Runs what must fail; its exit code and what it says.
    pub fn fails(&self, args: &[&str]) -> (i32, String) {
        let output = self.run(args);
        assert!(output.stdout.is_empty());
        (output.status.code().expect("not killed"), String::from_utf8(output.stderr).expect("text"))
    }
}

#[test]
fn an_app_is_made_shown_changed_and_deleted() {
    let cli = Cli::new();
    let created = cli.json(&[
        "app",
        "create",
        "--name",
        "Shop",
        "--origin",
        "HTTPS://Shop.example:443/",
        "--origin",
        "http://127.0.0.1:3000",
    ]);
    let id = created["appId"].as_str().expect("text");
    let mut names: Vec<_> = created.as_object().expect("object").keys().collect();
    names.sort();
    assert_eq!(names, ["appId", "secret", "secretId"]);
    assert!(protocol::secret_scan::find_secret(created["secret"].as_str().expect("text")).is_some());

    let shown = cli.json(&["app", "show", id]);
    assert_eq!(shown["origins"], json!(["http://127.0.0.1:3000", "https://shop.example"]));
    assert_eq!(
        (&shown["name"], &shown["brandColor"], &shown["greeting"]),
        (&json!("Shop"), &json!("#2f5bea"), &Value::Null)
    );
    let updated = cli.json(&[
        "app",
        "update",
        id,
        "--name",
        "Café",
        "--greeting",
        "Hello!",
        "--brand-color",
        "#FF0000",
        "--origin",
        "https://new.example",
        "--remove-origin",
        "http://127.0.0.1:3000",
    ]);
    assert_eq!(updated["origins"], json!(["https://new.example", "https://shop.example"]));
    assert_eq!(
        (&updated["name"], &updated["brandColor"], &updated["greeting"]),
        (&json!("Café"), &json!("#ff0000"), &json!("Hello!"))
    );
    assert_eq!(cli.json(&["app", "update", id, "--greeting", ""])["greeting"], Value::Null);
    let hours = "Mon-Fri 09:00-17:00, Sat 10:00-14:00 Europe/Berlin";
    let flags = ["--position", "left", "--away-text", "Back soon", "--office-hours", hours];
    let updated = cli.json(&[&["app", "update", id], &flags[..]].concat());
    assert_eq!(
        (&updated["position"], &updated["awayText"], &updated["officeHours"]),
        (&json!("left"), &json!("Back soon"), &json!(hours))
    );
    assert_eq!(updated["name"], "Café", "the rest stays");
    let removed = cli.json(&["app", "update", id, "--away-text", "", "--office-hours", ""]);
    assert_eq!((&removed["awayText"], &removed["officeHours"]), (&Value::Null, &Value::Null));
    for flags in
        [["--office-hours", "always"], ["--office-hours", "Mon 09:00-17:00 Nowhere"], ["--position", "top"]]
    {
        assert_eq!(cli.fails(&[&["app", "update", id], &flags[..]].concat()).0, 2, "{flags:?}");
    }
    assert_eq!(cli.json(&["app", "list"])["apps"][0]["appId"], id);
    assert_eq!(cli.json(&["app", "delete", id]), json!({"appId": id, "deleted": true}));
    let (code, said) = cli.fails(&["app", "show", id]);
    assert_eq!((code, said.lines().count()), (1, 1), "{said}");
    assert!(said.contains("thread app list"));
}

#[test]
fn only_what_begins_a_database_makes_one() {
    let cli = Cli::new();
    if cli.database.is_postgres() {
        return;
    }
    std::fs::write(cli.dir.path().join("empty.db"), "").expect("written");
    for args in [
        &["app", "list"][..],
        &["app", "show", "app_x"],
        &["app", "update", "app_x", "--name", "Shop"],
        &["app", "delete", "app_x"],
        &["secret", "rotate", "app_x"],
        &["secret", "list", "app_x"],
        &["secret", "revoke", "sec_x"],
        &["apikey", "create", "app_x"],
        &["apikey", "list", "app_x"],
        &["contact", "export", "app_x", ANN],
        &["webhook", "list", "app_x"],
        &["master-key", "rotate"],
        &["key", "explain", "--app", "app_x", "--email", ANN, "--key", "00"],
        &["csp", "--app", "app_x"],
        &["backup", "copy.db"],
        &["prune", "--closed-for", "1d"],
        &["app", "list", "--database", "sqlite:empty.db"],
    ] {
        let (code, said) = cli.fails(args);
        assert_eq!((code, said.lines().count()), (1, 1), "{args:?}: {said}");
        assert!(
            said.contains("there is no database at /") && said.contains("--database"),
            "{args:?}: {said}"
        );
    }
    let left: Vec<_> = std::fs::read_dir(cli.dir.path())
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name())
        .collect();
    assert_eq!(left, ["empty.db"], "nothing is made");
    cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    assert_eq!(cli.json(&["app", "list"])["apps"].as_array().map(Vec::len), Some(1));
}

#[test]
fn api_keys_are_listed_without_the_keys() {
    let cli = Cli::new();
    let created = cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    let app = created["appId"].as_str().expect("text");
    assert_eq!(cli.json(&["apikey", "list", app]), json!({"apiKeys": []}));
    let mia = cli.json(&["apikey", "create", app, "--name", "Mia"]);
    let tool = cli.json(&["apikey", "create", app]);
    cli.json(&["apikey", "revoke", tool["id"].as_str().expect("text")]);
    let listed = cli.json(&["apikey", "list", app]);
    let keys = listed["apiKeys"].as_array().expect("a list");
    let find = |made: &Value| keys.iter().find(|key| key["id"] == made["id"]).expect("listed");
    assert_eq!((&find(&mia)["name"], &find(&mia)["revokedAt"]), (&json!("Mia"), &Value::Null));
    assert!(find(&mia)["createdAt"].is_string());
    assert!(find(&tool)["name"].is_null() && find(&tool)["revokedAt"].is_string());
    let text = String::from_utf8(cli.run(&["apikey", "list", app]).stdout).expect("text");
    assert!(text.contains("Mia") && text.contains("revoked 20"), "{text}");
    assert!(!format!("{listed}{text}").contains("cgk_"), "never the key itself");
    assert!(cli.fails(&["apikey", "list", "app_none"]).1.contains("thread app list"));
}

#[test]
fn a_reader_that_has_heard_enough_is_no_fault() {
    let cli = Cli::new();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = cli.command(&["completions", "bash"]).stdout(writer).output().expect("runs");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let created = cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let app = created["appId"].as_str().expect("text");
    let output = cli.command(&["csp", "--app", app]).stdout(writer).output().expect("runs");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn a_port_that_is_taken_is_told_with_the_flag_that_chooses_another() {
    let cli = Cli::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    let (code, said) = cli.fails(&["serve", "--listen", &address]);
    assert!(code == 1 && said.contains(&format!("cannot listen on {address}")), "{said}");
    assert!(said.contains("choose another address with --listen"), "{said}");
}

#[test]
fn secrets_are_rotated_listed_and_revoked_and_shown_once() {
    let cli = Cli::new();
    let created = cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    let (id, first) = (created["appId"].as_str().expect("text"), created["secretId"].as_str().expect("text"));
    let rotated = cli.json(&["secret", "rotate", id, "--overlap", "1h"]);
    assert!(rotated["previousExpiresAt"].is_string() && rotated["secret"] != created["secret"]);
    let listed = cli.json(&["secret", "list", id]);
    assert_eq!(
        (&listed["secrets"][0]["secretId"], &listed["secrets"][0]["state"]),
        (&json!(first), &json!("valid"))
    );
    assert!(!listed.to_string().contains("cgs_"));
    assert_eq!(
        cli.json(&["secret", "revoke", first]),
        json!({"secretId": first, "appId": id, "revoked": true})
    );
    assert_eq!(cli.json(&["secret", "list", id])["secrets"][0]["state"], "revoked");
    assert_eq!(cli.fails(&["secret", "revoke", first]).0, 1);
    assert_eq!(cli.fails(&["secret", "rotate", "app_none"]).0, 1);
    let key = cli.json(&["apikey", "create", id]);
    assert!(key["apiKey"].as_str().expect("text").starts_with("cgk_"));
    assert_eq!(cli.json(&["apikey", "revoke", key["id"].as_str().expect("text")])["revoked"], true);
    assert_eq!(cli.fails(&["apikey", "create", "app_none"]).0, 1);

    let stored = cli.database.dump();
    let secret = created["secret"].as_str().expect("text").as_bytes();
    assert!(!stored.windows(secret.len()).any(|part| part == secret), "encrypted at rest");
    let id = id.as_bytes();
    assert!(stored.windows(id.len()).any(|part| part == id), "the dump has the app");
    if cli.database.is_postgres() {
        return;
    }
    for file in ["thread.db", "thread.db.key"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(cli.dir.path().join(file)).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn webhooks_are_made_listed_shown_and_deleted() {
    let cli = Cli::new();
    let created = cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    let app = created["appId"].as_str().expect("text");
    let url = "https://tickets.example/hooks";
    let chosen = ["--event", "message.from_contact", "--event", "secret.leaked"];
    let hook = cli.json(&[&["webhook", "create", app, "--url", url], &chosen[..]].concat());
    let id = hook["id"].as_str().expect("text");
    assert!(hook["secret"].as_str().expect("text").starts_with("whsec_"));
    let listed = cli.json(&["webhook", "list", app]);
    assert_eq!(
        (&listed["webhooks"][0]["url"], &listed["webhooks"][0]["events"]),
        (&json!(url), &json!(["message.from_contact", "secret.leaked"]))
    );
    assert!(!listed.to_string().contains("whsec_"), "shown once");
    let shown = cli.json(&["webhook", "show", id]);
    assert_eq!((&shown["waiting"], &shown["lastAttempt"]), (&json!(0), &Value::Null));
    let rotated = cli.json(&["webhook", "rotate-secret", id, "--overlap", "1h"]);
    assert!(rotated["secret"] != hook["secret"] && rotated["previousSignsUntil"].is_string());
    assert_eq!(cli.json(&["webhook", "deliveries", id, "--state", "waiting"]), json!({"deliveries": []}));
    assert_eq!(cli.json(&["webhook", "enable", id])["disabledAt"], Value::Null);
    assert_eq!(cli.json(&["webhook", "redeliver", "--given-up-of", id]), json!({"queued": 0}));
    for args in [["create", "app_none", "--url=https://x.example"], ["redeliver", "msg_none", "msg_other"]] {
        assert_eq!(cli.fails(&[&["webhook"], &args[..]].concat()).0, 1, "{args:?}");
    }
    for (url, hint) in [("http://tickets.example", "https://"), ("https://me:pw@x.example", "signed")] {
        let (code, said) = cli.fails(&["webhook", "create", app, "--url", url]);
        assert!(code == 2 && said.contains(hint), "{said}");
    }
    let (code, said) = cli.fails(&["webhook", "create", app, "--url", url, "--event", "messages"]);
    assert!(code == 2 && said.contains("message.from_agent"), "{said}");
    assert_eq!(cli.json(&["webhook", "delete", id]), json!({"id": id, "deleted": true}));
    assert_eq!(cli.fails(&["webhook", "show", id]).0, 1);
}

#[test]
fn wrong_usage_is_explained() {
    let cli = Cli::new();
    for (origin, hint) in [
        ("https://shop.example/app", "did you mean https://shop.example?"),
        ("shop.example", "scheme, host and port"),
        ("https://*.shop.example", "scheme, host and port"),
    ] {
        let (code, said) = cli.fails(&["app", "create", "--name", "Shop", "--origin", origin]);
        assert_eq!(code, 2);
        assert!(said.contains(hint), "{said}");
    }
    assert_eq!(cli.fails(&["app", "create", "--name", "Shop"]).0, 2);
    assert_eq!(cli.fails(&["app", "create", "--name", " ", "--origin", "https://shop.example"]).0, 2);
    assert_eq!(cli.fails(&["nonsense"]).0, 2);
    let mut keyless = cli.command(&["app", "list", "--database", "postgres://localhost/thread"]);
    let refused = keyless.env_remove("THREAD_MASTER_KEY").output().expect("runs");
    let said = String::from_utf8(refused.stderr).expect("text");
    assert_eq!((refused.status.code(), said.lines().count()), (Some(1), 1));
    assert!(said.contains("THREAD_MASTER_KEY") && said.contains("openssl rand -base64 32"), "{said}");
    let help = String::from_utf8(cli.run(&["--help"]).stdout).expect("text");
    assert!(help.contains("thread app create --name") && help.contains("HMAC-SHA256"), "{help}");
}

#[test]
fn the_policy_of_an_app_is_printed_and_another_is_checked() {
    let cli = Cli::new();
    let created = cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    let id = created["appId"].as_str().expect("text");
    let printed = cli.json(&["csp", "--app", id, "--public-url", "https://thread.example"]);
    assert_eq!((&printed["appId"], &printed["pages"]), (&json!(id), &json!(["https://shop.example"])));
    let ways = printed["ways"].as_array().expect("a list");
    let find =
        |name: &str| ways.iter().find(|way| way["name"] == name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!(
        find("wasm")["directives"],
        json!([
            {"directive": "script-src", "values": ["https://thread.example", "'wasm-unsafe-eval'"]},
            {"directive": "connect-src", "values": ["https://thread.example"]},
            {"directive": "frame-src", "values": ["https://thread.example"]},
        ])
    );
    assert!(find("plain")["tag"].as_str().expect("text").contains(&format!("data-app-id=\"{id}\"")));
    assert_eq!(cli.fails(&["csp", "--app", "app_none"]).0, 1);

    let check = |policy: &str| {
        let args = [
            "csp",
            "--app",
            id,
            "--public-url",
            "https://thread.example",
            "--check",
            "--by",
            "tag",
            "--json",
        ];
        let mut child = cli
            .command(&args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("runs");
        child.stdin.take().expect("piped").write_all(policy.as_bytes()).expect("written");
        let output = child.wait_with_output().expect("ends");
        let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        (output.status.success(), said)
    };
    let (works, said) = check("Content-Security-Policy: default-src 'self' https://thread.example");
    assert!(works && said["works"] == true && said["report"]["engine"] == "plain_java_script", "{said}");
    let (works, said) = check("default-src 'self'");
    assert!(
        !works && said["works"] == false && said["report"]["findings"][0]["level"] == "missing",
        "{said}"
    );
}

#[test]
fn a_demo_is_for_this_machine_alone() {
    let cli = Cli::new();
    for args in [
        ["serve", "--demo", "--listen", "0.0.0.0:0", "--public-url", "http://localhost:1"],
        ["serve", "--demo", "--listen", "127.0.0.1:0", "--public-url", "https://thread.example"],
    ] {
        let (code, said) = cli.fails(&args);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("--demo makes connection keys for whoever asks"), "{said}");
    }
}
