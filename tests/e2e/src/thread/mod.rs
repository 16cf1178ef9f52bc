//! Thread: the release binary with a database of its own, as one node or as several.

mod database;
mod log_watch;
mod nats;
mod program;

use crate::process::Process;
use crate::wait::{until, until_some};
use crate::{Agent, Result, WireTap, foreign_hmac};
use anyhow::Context as _;
use log_watch::LogWatch;
use nats::Nats;
use program::Program;
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How often another port is tried when the chosen one was taken meanwhile.
const START_ATTEMPTS: usize = 5;

/// A running Thread. Its public address is a [`WireTap`] in front of it.
///
/// When it ends, whatever its processes have logged is searched for every secret, key, token and PIN that was used with
/// it: the test fails if one is there.
pub struct Thread {
    /// `None` while one is restarted, or was killed.
    nodes: Mutex<Vec<Option<Process>>>,
    tap: WireTap,
    program: Arc<Program>,
    watch: LogWatch,
    /// Between several nodes.
    _nats: Option<Arc<Nats>>,
}

/// An app, as `thread app create --json` prints it.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct App {
    /// Its identifier; public.
    pub app_id: String,
    /// The portal authentication secret.
    pub secret: String,
    /// Names the secret to the command line.
    pub secret_id: String,
}

impl App {
    /// The key that a portal in PHP or Python makes for `email`.
    ///
    /// # Errors
    /// If neither is installed.
    pub fn key(&self, email: &str) -> Result<String> {
        foreign_hmac::connection_key(email, &self.secret)
    }
}

/// `thread apikey create --json`.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Names it to the command line.
    pub id: String,
    /// The key itself.
    pub api_key: String,
}

impl Thread {
    /// Starts Thread on a free port with an empty database, and waits until it is ready.
    ///
    /// # Errors
    /// If it does not get ready; its output is in the message.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// The same with further arguments of `thread serve`.
    ///
    /// # Errors
    /// As [`Thread::start`].
    pub async fn start_with(arguments: &[&str]) -> Result<Self> {
        Self::start_on(Program::on_sqlite(arguments)?, 1, None).await
    }

    /// Several nodes on one PostgreSQL, with NATS between them, behind one address that spreads connections over them
    /// evenly, without sticky sessions.
    ///
    /// # Errors
    /// As [`Thread::start`], and if there is no PostgreSQL or no `nats-server`.
    pub async fn start_nodes(count: usize) -> Result<Self> {
        let nats = Nats::start().await?;
        let program = Program::on_postgres(&["--nats", &nats.url()])?;
        Self::start_on(program, count, Some(Arc::new(nats))).await
    }

    async fn start_on(program: Program, count: usize, nats: Option<Arc<Nats>>) -> Result<Self> {
        let program = Arc::new(program);
        let mut failure = anyhow::anyhow!("Thread was not started");
        for _ in 0..START_ATTEMPTS {
            match Self::try_start(&program, count, nats.clone()).await {
                Ok(thread) => return Ok(thread),
                Err(error) if is_address_in_use(&error) => failure = error,
                Err(error) => return Err(error),
            }
        }
        Err(failure)
    }

    async fn try_start(program: &Arc<Program>, count: usize, nats: Option<Arc<Nats>>) -> Result<Self> {
        let tap = WireTap::start_for(count).await?;
        let thread = Self {
            nodes: Mutex::new((0..count).map(|_| None).collect()),
            tap,
            program: Arc::clone(program),
            watch: LogWatch::default(),
            _nats: nats,
        };
        for node in 0..count {
            thread.start_node(node).await?;
        }
        Ok(thread)
    }

    /// Starts a node that does not run.
    ///
    /// # Errors
    /// If it does not get ready.
    pub async fn start_node(&self, node: usize) -> Result {
        let process = self.program.serve(self.tap.upstream_ports()[node], &self.origin()).await?;
        self.nodes()[node] = Some(process);
        Ok(())
    }

    /// Kills a node: it says goodbye to nobody.
    pub fn kill_node(&self, node: usize) {
        let process = self.nodes()[node].take();
        if let Some(process) = process {
            self.watch.ended(&process.end());
        }
    }

    /// Ends Thread as an operator does, and starts it again on its database, at the same address.
    ///
    /// # Errors
    /// If it does not end, or does not get ready again.
    pub async fn restart(&self) -> Result {
        let count = self.nodes().len();
        for node in 0..count {
            let running = self.nodes()[node].take();
            if let Some(mut process) = running {
                process.terminate().await?;
                self.watch.ended(&process.end());
            }
            self.start_node(node).await?;
        }
        Ok(())
    }

    fn nodes(&self) -> MutexGuard<'_, Vec<Option<Process>>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Thread's public origin.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.tap.port())
    }

    /// What browsers send to it.
    pub fn tap(&self) -> &WireTap {
        &self.tap
    }

    /// What it logged since it was started.
    pub fn log(&self) -> String {
        self.nodes().iter().flatten().map(Process::output).collect()
    }

    /// Creates an app that accepts pages of `origin`, and waits until the running service knows it.
    ///
    /// # Errors
    /// If the command fails.
    pub async fn create_app(&self, name: &str, origin: &str) -> Result<App> {
        let app: App =
            self.run_json(&["app", "create", "--name", name, "--origin", origin, "--json"]).await?;
        self.watch.issued(&app.secret);
        let url = format!("{}/v1/apps/{}", self.origin(), app.app_id);
        until("the running Thread knows the new app", async || {
            Ok(reqwest::get(&url).await?.status().is_success())
        })
        .await?;
        Ok(app)
    }

    /// Somebody who answers service requests of an app, with an API key that the running service knows.
    ///
    /// # Errors
    /// If the command fails.
    pub async fn agent(&self, app: &App) -> Result<Agent> {
        Ok(Agent::new(self.origin(), self.api_key(app, None).await?.api_key))
    }

    /// The same, with a name that customers see.
    ///
    /// # Errors
    /// If the command fails.
    pub async fn agent_named(&self, app: &App, name: &str) -> Result<Agent> {
        Ok(Agent::new(self.origin(), self.api_key(app, Some(name)).await?.api_key))
    }

    /// The same, at one of several nodes.
    ///
    /// # Errors
    /// If the command fails.
    pub async fn agent_at(&self, node: usize, app: &App) -> Result<Agent> {
        let origin = format!("http://127.0.0.1:{}", self.tap.upstream_ports()[node]);
        let key = self.api_key_at(&origin, app, None).await?;
        Ok(Agent::new(origin, key.api_key))
    }

    /// An API key that the running service knows, with a name that customers see or none.
    ///
    /// # Errors
    /// If the command fails.
    pub async fn api_key(&self, app: &App, name: Option<&str>) -> Result<ApiKey> {
        self.api_key_at(&self.origin(), app, name).await
    }

    /// The same, that the service at one of its addresses knows.
    async fn api_key_at(&self, origin: &str, app: &App, name: Option<&str>) -> Result<ApiKey> {
        let mut command = vec!["apikey", "create", &app.app_id, "--json"];
        command.extend(name.iter().flat_map(|name| ["--name", name]));
        let key: ApiKey = self.run_json(&command).await?;
        self.watch.issued(&key.api_key);
        let agent = Agent::new(origin.to_owned(), key.api_key.clone());
        until("the running Thread knows the new API key", async || Ok(agent.open_requests().await.is_ok()))
            .await?;
        Ok(key)
    }

    /// Makes an API key void, and waits until the running service knows.
    ///
    /// # Errors
    /// If the command fails.
    pub async fn revoke(&self, key: &ApiKey) -> Result {
        self.run_json::<serde_json::Value>(&["apikey", "revoke", &key.id, "--json"]).await?;
        let agent = Agent::new(self.origin(), key.api_key.clone());
        until("the running Thread takes the API key no more", async || {
            Ok(agent.open_requests().await.is_err())
        })
        .await
    }

    /// Waits for a mail to `email`, and reads the PIN in its subject.
    ///
    /// # Errors
    /// If none comes.
    pub async fn pin(&self, email: &str) -> Result<String> {
        self.next_pin(email, &[]).await
    }

    /// The same for a mail that came after those with these PINs.
    ///
    /// # Errors
    /// If none comes.
    pub async fn next_pin(&self, email: &str, known: &[&str]) -> Result<String> {
        let pin = until_some("a mail with a PIN came", async || {
            let Ok(mails) = std::fs::read_dir(self.program.mail_folder()) else { return Ok(None) };
            for mail in mails {
                let path = mail?.path();
                if path.extension().is_some_and(|ending| ending == "eml") {
                    let text = std::fs::read_to_string(path)?;
                    if let Some(pin) = pin_of(&text, email).filter(|pin| !known.contains(&pin.as_str())) {
                        return Ok(Some(pin));
                    }
                }
            }
            Ok(None)
        })
        .await?;
        self.watch.mailed(&pin);
        Ok(pin)
    }

    /// Asks Thread for a session as a portal's page would, without a browser; gives status and error code.
    ///
    /// # Errors
    /// If Thread does not answer.
    pub async fn post_session(&self, app: &App, email: &str, key: &str) -> Result<(u16, Option<String>)> {
        let body = serde_json::json!({
            "appId": app.app_id,
            "connectionType": "messenger_auth",
            "connectionEmail": email,
            "connectionKey": key,
        });
        let url = format!("{}/v1/sessions", self.origin());
        let answer = reqwest::Client::new().post(url).json(&body).send().await?;
        let status = answer.status().as_u16();
        let body: serde_json::Value = answer.json().await?;
        Ok((status, body["code"].as_str().map(str::to_owned)))
    }

    /// What a command prints with `--json`, on this Thread's database.
    ///
    /// # Errors
    /// If it fails, or prints something else.
    pub async fn command<T: DeserializeOwned>(&self, args: &[&str]) -> Result<T> {
        self.run_json(args).await
    }

    async fn run_json<T: DeserializeOwned>(&self, args: &[&str]) -> Result<T> {
        let program = Arc::clone(&self.program);
        let args: Vec<_> = args.iter().map(|&arg| arg.to_owned()).collect();
        let output = tokio::task::spawn_blocking(move || program.run(&args)).await??;
        serde_json::from_str(&output).with_context(|| "`thread … --json` printed no such JSON")
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        let running = std::mem::take(&mut *self.nodes());
        for process in running.into_iter().flatten() {
            self.watch.ended(&process.end());
        }
        let findings = self.watch.findings(&self.tap.sent());
        if !findings.is_empty() {
            let told = format!("Thread logged a secret, a key, a token or a PIN:\n{}", findings.join("\n"));
            // A test that fails already has its own reason.
            if std::thread::panicking() { eprintln!("{told}") } else { panic!("{told}") }
        }
    }
}

/// The six digits in the subject of a mail to `email`.
fn pin_of(mail: &str, email: &str) -> Option<String> {
    let header = |name: &str| mail.lines().find_map(|line| line.strip_prefix(name));
    header("To: ").filter(|to| to.contains(email))?;
    let words = header("Subject: ")?.split(|c: char| !c.is_ascii_digit());
    words.into_iter().find(|word| word.len() == 6).map(str::to_owned)
}

/// Whether a server said that somebody else has its port.
pub(crate) fn is_address_in_use(error: &anyhow::Error) -> bool {
    let text = error.to_string().to_lowercase();
    text.contains("address already in use") || text.contains("address in use")
}
