//! What is measured: the program as it is shipped, in a process of its own; and an empty route.

use crate::client::{call, request};
use anyhow::Context as _;
use serde_json::{Value, json};
use signing::{Secret, sign_v1};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
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

    /// Time that it was on a processor so far. Linux counts it in hundredths of a second.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name, in parentheses, may hold anything; user and system time are the 12th and 13th field after it.
        let (_, fields) = stat.rsplit_once(") ").context("Linux tells")?;
        let ticks = |index: usize| -> anyhow::Result<u64> {
            Ok(fields.split(' ').nth(index).context("a number")?.parse()?)
        };
        Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
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

/// What a service logs, into a file.
#[derive(Clone, Copy)]
pub enum Logs {
    /// As it is shipped: a line a request.
    Default,
    Warnings,
}

/// A database in a folder, or in a schema of PostgreSQL.
pub struct Database {
    folder: TempDir,
    pub address: String,
    /// Another build than the present one.
    program: Option<PathBuf>,
}

impl Database {
    pub fn sqlite() -> anyhow::Result<Self> {
        let folder =
            tempfile::tempdir_in(std::env::var("THREAD_BENCH_FOLDER").unwrap_or_else(|_| "/var/tmp".into()))?;
        let address = format!("sqlite:{}", folder.path().join("thread.db").display());
        Ok(Self { folder, address, program: None })
    }

    /// The same for another build of the program.
    pub fn sqlite_of(program: &Path) -> anyhow::Result<Self> {
        Ok(Self { program: Some(program.to_owned()), ..Self::sqlite()? })
    }

    /// `None` without `THREAD_TEST_POSTGRES`.
    pub fn postgres() -> anyhow::Result<Option<Self>> {
        let Ok(server) = std::env::var("THREAD_TEST_POSTGRES") else { return Ok(None) };
        let schema = format!("bench_{}", hex::encode(thread::crypto::random_bytes::<8>()));
        let made =
            Command::new("psql").args(["-qc", &format!("CREATE SCHEMA {schema}"), &server]).status()?;
        anyhow::ensure!(made.success(), "psql cannot make a schema");
        let address = format!("{server}&options=-csearch_path%3D{schema}");
        Ok(Some(Self { folder: tempfile::tempdir()?, address, program: None }))
    }

    /// The folder of its file.
    pub fn file(&self) -> &Path {
        self.folder.path()
    }

    pub fn is_postgres(&self) -> bool {
        self.address.starts_with("postgres")
    }

    pub fn name(&self) -> &'static str {
        match (self.is_postgres(), &self.program) {
            (true, _) => "PostgreSQL",
            (false, None) => "SQLite",
            (false, Some(_)) => "SQLite, the other build",
        }
    }

    /// Size of its file; `None` of a server's.
    pub fn bytes(&self) -> anyhow::Result<Option<u64>> {
        if self.is_postgres() {
            return Ok(None);
        }
        Ok(Some(std::fs::metadata(self.file().join("thread.db"))?.len()))
    }

    fn thread(&self, args: &[&str]) -> Command {
        let program = self.program.as_deref().unwrap_or_else(|| Path::new(env!("CARGO_BIN_EXE_thread")));
        let mut command = Command::new(program);
        command.args(args).current_dir(self.folder.path());
        command.env_remove("THREAD_LOG");
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

    /// An API key of the app.
    pub fn api_key(&self, app: &App) -> anyhow::Result<String> {
        let output = self.thread(&["apikey", "create", &app.id, "--json"]).output()?;
        let made: Value = serde_json::from_slice(&output.stdout).context("thread apikey create")?;
        made["apiKey"].as_str().map(ToOwned::to_owned).context("an API key")
    }

    /// Starts the service, with limits that are out of the way.
    pub fn serve(&self, logs: Logs) -> anyhow::Result<Process> {
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
        if matches!(logs, Logs::Warnings) {
            command.env("THREAD_LOG", "warn");
        }
        command.stderr(File::options().create(true).append(true).open(self.file().join("log"))?);
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

    /// Address of the messages of the first service request in the contact's list.
    pub async fn first_request(&self, address: &str, token: &str) -> anyhow::Result<String> {
        let list =
            call(address, &request("GET", "/v1/service-requests", Some(token), &json!(null)), 200).await?;
        let id = list["serviceRequests"][0]["id"].as_str().context("a service request")?;
        Ok(format!("/v1/service-requests/{id}/messages"))
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
