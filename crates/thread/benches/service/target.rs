//! What is measured: the program as it is shipped, in a process of its own; and an empty route.

use crate::client::{call, request};
use anyhow::Context as _;
use serde_json::{Value, json};
use signing::{Secret, sign_v1};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// A process that listens. Killed when dropped.
pub struct Process {
    child: Child,
    pub address: String,
}

impl Process {
    fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("piped")?).read_line(&mut line)?;
        let address =
            line.trim().strip_prefix("listening on http://").context("says where it listens")?.to_owned();
        Ok(Self { child, address })
    }

    /// This program with one empty route.
    pub fn empty_route() -> anyhow::Result<Self> {
        Self::start(Command::new(std::env::current_exe()?).arg("--empty-route"))
    }

    /// Kilobytes of memory that are its own.
    pub fn memory_kib(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("Linux tells")?;
        Ok(line.split_whitespace().nth(1).context("a number")?.parse()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Answers `POST /v1/sessions` with nothing.
pub async fn serve_empty_route() -> anyhow::Result<()> {
    let app = axum::Router::new().route("/v1/sessions", axum::routing::post(|| async {}));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

/// A database in a folder, or in a schema of PostgreSQL.
pub struct Database {
    pub folder: TempDir,
    pub address: String,
}

impl Database {
    pub fn sqlite() -> anyhow::Result<Self> {
        let folder =
            tempfile::tempdir_in(std::env::var("THREAD_BENCH_FOLDER").unwrap_or_else(|_| "/var/tmp".into()))?;
        let address = format!("sqlite:{}", folder.path().join("thread.db").display());
        Ok(Self { folder, address })
    }

    /// `None` without `THREAD_TEST_POSTGRES`.
    pub fn postgres() -> anyhow::Result<Option<Self>> {
        let Ok(server) = std::env::var("THREAD_TEST_POSTGRES") else { return Ok(None) };
        let schema = format!("bench_{}", hex::encode(thread::crypto::random_bytes::<8>()));
        let made =
            Command::new("psql").args(["-qc", &format!("CREATE SCHEMA {schema}"), &server]).status()?;
        anyhow::ensure!(made.success(), "psql cannot make a schema");
        let address = format!("{server}&options=-csearch_path%3D{schema}");
        Ok(Some(Self { folder: tempfile::tempdir()?, address }))
    }

    pub fn file(&self) -> &Path {
        self.folder.path()
    }

    fn thread(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thread"));
        command.args(args).current_dir(self.folder.path());
        command.env("THREAD_DATABASE", &self.address).env("THREAD_MASTER_KEY", MASTER_KEY);
        command
    }

    /// Makes an app.
    pub fn app(&self) -> anyhow::Result<App> {
        let output = self
            .thread(&["app", "create", "--name", "Bench", "--origin", "http://bench", "--json"])
            .output()?;
        let made: Value = serde_json::from_slice(&output.stdout).context("thread app create")?;
        let text = |name: &str| made[name].as_str().map(ToOwned::to_owned).context("a text");
        let secret = Secret::from_text(&text("secret")?).context("a secret")?;
        Ok(App { id: text("appId")?, secret })
    }

    /// Starts the service, with limits that are out of the way.
    pub fn serve(&self) -> anyhow::Result<Process> {
        let serve = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--limit-messages",
            "1000000000",
            "--limit-sockets",
            "1000000",
        ];
        let mut command = self.thread(&serve);
        command.env("THREAD_LOG", std::env::var("THREAD_LOG").unwrap_or_else(|_| "warn".into()));
        Process::start(&mut command)
    }
}

/// An app, with what signs in to it.
#[derive(Clone)]
pub struct App {
    pub id: String,
    secret: Secret,
}

impl App {
    /// A request that signs this address in.
    pub fn sign_in(&self, email: &str) -> Vec<u8> {
        let body = json!({
            "appId": self.id, "connectionType": "messenger_auth", "connectionEmail": email,
            "connectionKey": sign_v1(&self.secret, email),
        });
        request("POST", "/v1/sessions", None, &body)
    }

    /// A token.
    pub async fn token(&self, address: &str, email: &str) -> anyhow::Result<String> {
        let session = call(address, &self.sign_in(email), 201).await?;
        session["token"].as_str().map(ToOwned::to_owned).context("a token")
    }

    /// A contact with a service request: token and path of its messages.
    pub async fn writer(&self, address: &str, email: &str) -> anyhow::Result<(String, String)> {
        let token = self.token(address, email).await?;
        let body = json!({"clientId": "first", "body": "Measure me"});
        let raised =
            call(address, &request("POST", "/v1/service-requests", Some(&token), &body), 201).await?;
        let id = raised["id"].as_str().context("an id")?;
        Ok((token, format!("/v1/service-requests/{id}/messages")))
    }
}
