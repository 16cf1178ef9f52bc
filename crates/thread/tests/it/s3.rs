//! Attachments on an S3-compatible server that checks signatures: moto, from `PyPI` (`./build.sh install`).

use crate::cli::Cli;
use crate::program::Running;
use crate::support::{ANN, json_of, text, within};
use reqwest::{Client, StatusCode};
use serde_json::Value;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Calls that the server lets through unsigned: making a user, its rights, its key, and the bucket.
const OPEN_CALLS: &str = "4";
const BUCKET: &str = "attachments";

struct Moto {
    child: Child,
    url: String,
    key: (String, String),
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What `./build.sh` names, or else what it installed.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("CHATGENIE_MOTO") {
        return named.into();
    }
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).expect("a home folder");
    let mut tools =
        std::fs::read_dir(home.join("chatgenie-tools")).expect("./build.sh install makes it").flatten();
    let moto = tools.find(|tool| tool.file_name().to_string_lossy().starts_with("moto@"));
    moto.expect("moto is there: ./build.sh install").path().join("bin/moto_server")
}

impl Moto {
    async fn start(cli: &Cli) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("bound").port();
        let child = Command::new(program())
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .current_dir(cli.dir.path())
            .env("INITIAL_NO_AUTH_ACTION_COUNT", OPEN_CALLS)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto_server is there: ./build.sh install");
        let url = format!("http://127.0.0.1:{port}");
        let mut moto = Self { child, url, key: Default::default() };
        let http = Client::new();
        let up = || async { http.get(format!("{}/moto-api/", moto.url)).send().await.is_ok() };
        within(Duration::from_mins(1), up).await;
        let policy =
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
        let iam = |form: Vec<(&'static str, &'static str)>| {
            let scope = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x";
            let body: String = form
                .iter()
                .map(|(name, value)| {
                    format!(
                        "{name}={}",
                        url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>()
                    )
                })
                .collect::<Vec<_>>()
                .join("&");
            let request = http.post(&moto.url).header("authorization", scope);
            let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
            async move {
                let response = request.send().await.expect("answered");
                let status = response.status();
                let body = response.text().await.expect("whole");
                assert_eq!(status, StatusCode::OK, "{body}");
                body
            }
        };
        iam(vec![("Action", "CreateUser"), ("Version", "2010-05-08"), ("UserName", "thread")]).await;
        iam(vec![
            ("Action", "PutUserPolicy"),
            ("Version", "2010-05-08"),
            ("UserName", "thread"),
            ("PolicyName", "s3"),
            ("PolicyDocument", policy),
        ])
        .await;
        let made =
            iam(vec![("Action", "CreateAccessKey"), ("Version", "2010-05-08"), ("UserName", "thread")]).await;
        let between = |name: &str| {
            let (_, rest) = made.split_once(&format!("<{name}>")).expect("there");
            rest.split_once('<').expect("ends").0.to_owned()
        };
        let key = (between("AccessKeyId"), between("SecretAccessKey"));
        let made = http.put(format!("{}/{BUCKET}", moto.url)).send().await.expect("answered");
        assert_eq!(made.status(), StatusCode::OK);
        moto.key = key;
        moto
    }

    fn target(&self) -> String {
        format!("s3://{BUCKET}/files?endpoint={}&region=us-east-1", self.url)
    }

    /// How many objects there are.
    async fn kept(&self) -> usize {
        let list =
            Client::new().get(format!("{}/moto-api/data.json", self.url)).send().await.expect("answered");
        let all: Value = json_of(list, StatusCode::OK).await;
        let objects = all["s3"]["FakeKey"].as_array().expect("a list");
        objects.iter().filter(|object| object["disposed"] == false).count()
    }

    fn environment(&self) -> [(&'static str, &str); 2] {
        [("AWS_ACCESS_KEY_ID", &self.key.0), ("AWS_SECRET_ACCESS_KEY", &self.key.1)]
    }
}

#[tokio::test]
async fn attachments_are_kept_in_a_bucket() {
    let cli = Cli::new();
    let moto = Moto::start(&cli).await;
    let target = moto.target();
    let app = cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    let (app_id, secret) = (app["appId"].as_str().expect("text"), text(&app["secret"]));
    let running = Running::start_in(&cli, &["--attachments", &target], &moto.environment());
    let token = text(
        &json_of(running.sign_in(&app["appId"], &secret, ANN).await, StatusCode::CREATED).await["token"],
    );
    let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let upload = running.http.post(format!("{}/v1/attachments?name=a.zip", running.url)).bearer_auth(&token);
    let upload =
        upload.header("content-type", "application/zip").body(bytes.clone()).send().await.expect("answered");
    let id = text(&json_of(upload, StatusCode::CREATED).await["id"]);
    let fetched = running.http.get(format!("{}/v1/attachments/{id}", running.url)).bearer_auth(&token);
    let fetched = fetched.send().await.expect("answered");
    assert_eq!(fetched.status(), StatusCode::OK);
    assert!(fetched.bytes().await.expect("whole") == bytes);
    assert!(!cli.dir.path().join("thread.db.attachments").exists(), "nothing beside the database");

    let contact = |command: &str, environment: [(&str, &str); 2]| {
        let mut thread = cli.command(&["contact", command, app_id, ANN, "--attachments", &target, "--json"]);
        if command == "export" {
            thread.args(["--output", "ann"]);
        }
        thread.envs(environment).output().expect("runs")
    };
    let exported = contact("export", moto.environment());
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let file = std::fs::read(cli.dir.path().join("ann").join(format!("{id}-a.zip"))).expect("exported");
    assert!(file == bytes);

    // The server really looks at signatures.
    let stranger = [("AWS_ACCESS_KEY_ID", moto.key.0.as_str()), ("AWS_SECRET_ACCESS_KEY", "guessed")];
    let doctor = |environment: [(&str, &str); 2]| {
        let mut thread = cli.command(&["doctor", "--listen", "127.0.0.1:0", "--attachments", &target]);
        String::from_utf8(thread.envs(environment).output().expect("runs").stdout).expect("text")
    };
    let (well, ill) = (doctor(moto.environment()), doctor(stranger));
    assert!(well.contains("ok       attachments"), "{well}");
    assert!(ill.contains("failed   attachments"), "{ill}");

    assert_eq!(moto.kept().await, 1);
    let deleted = contact("delete", moto.environment());
    assert!(deleted.status.success(), "{}", String::from_utf8_lossy(&deleted.stderr));
    assert_eq!(moto.kept().await, 0);
}
