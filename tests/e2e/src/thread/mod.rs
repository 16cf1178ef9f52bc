//! Thread: the release binary with a database of its own.

use crate::process::{Process, clean_command};
use crate::wait::{until, until_some};
use crate::{Agent, Result, WireTap, foreign_hmac, paths};
use anyhow::{Context as _, bail, ensure};
use serde::de::DeserializeOwned;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How often another port is tried when the chosen one was taken meanwhile.
const START_ATTEMPTS: usize = 5;

/// A running Thread. Its public address is a [`WireTap`] in front of it.
pub struct Thread {
    // Dropped in this order: the process before the folder it writes to. None while it is restarted.
    process: Mutex<Option<Process>>,
    tap: WireTap,
    cli: Arc<Cli>,
}

/// Thread's command line, on the database of one Thread.
struct Cli {
    binary: PathBuf,
    /// Of `thread serve`, beside those that every test needs.
    arguments: Vec<String>,
    folder: tempfile::TempDir,
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
struct ApiKey {
    api_key: String,
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
        let binary = paths::binary("CHATGENIE_THREAD_BIN", "thread")?;
        let arguments = arguments.iter().map(|&text| text.to_owned()).collect();
        let cli = Arc::new(Cli { binary, arguments, folder: tempfile::tempdir()? });
        let mut failure = anyhow::anyhow!("Thread was not started");
        for _ in 0..START_ATTEMPTS {
            match Self::try_start(Arc::clone(&cli)).await {
                Ok(thread) => return Ok(thread),
                Err(error) if is_address_in_use(&error) => failure = error,
                Err(error) => return Err(error),
            }
        }
        Err(failure)
    }

    async fn try_start(cli: Arc<Cli>) -> Result<Self> {
        let tap = WireTap::start().await?;
        let process = serve(&cli, &tap).await?;
        Ok(Self { process: Mutex::new(Some(process)), tap, cli })
    }

    /// Ends Thread as an operator does, and starts it again on its database, at the same address.
    ///
    /// # Errors
    /// If it does not end, or does not get ready again.
    pub async fn restart(&self) -> Result {
        let running = self.process().take();
        if let Some(mut process) = running {
            process.terminate().await?;
        }
        let process = serve(&self.cli, &self.tap).await?;
        *self.process() = Some(process);
        Ok(())
    }

    fn process(&self) -> MutexGuard<'_, Option<Process>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
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
        self.process().as_ref().map(Process::output).unwrap_or_default()
    }

    /// Creates an app that accepts pages of `origin`, and waits until the running service knows it.
    ///
    /// # Errors
    /// If the command fails.
    pub async fn create_app(&self, name: &str, origin: &str) -> Result<App> {
        let app: App =
            self.run_json(&["app", "create", "--name", name, "--origin", origin, "--json"]).await?;
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
        self.agent_with(&["apikey", "create", &app.app_id, "--json"]).await
    }

    /// The same, with a name that customers see.
    ///
    /// # Errors
    /// If the command fails.
    pub async fn agent_named(&self, app: &App, name: &str) -> Result<Agent> {
        self.agent_with(&["apikey", "create", &app.app_id, "--name", name, "--json"]).await
    }

    async fn agent_with(&self, command: &[&str]) -> Result<Agent> {
        let key: ApiKey = self.run_json(command).await?;
        let agent = Agent::new(self.origin(), key.api_key);
        until("the running Thread knows the new API key", async || Ok(agent.open_requests().await.is_ok()))
            .await?;
        Ok(agent)
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
        until_some("a mail with a PIN came", async || {
            let Ok(mails) = std::fs::read_dir(self.cli.mail_folder()) else { return Ok(None) };
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
        .await
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
        let cli = Arc::clone(&self.cli);
        let args: Vec<_> = args.iter().map(|&arg| arg.to_owned()).collect();
        let output = tokio::task::spawn_blocking(move || cli.run(&args)).await??;
        serde_json::from_str(&output).with_context(|| "`thread … --json` printed no such JSON")
    }
}

/// Starts the service behind `tap`, and waits until it is ready.
async fn serve(cli: &Cli, tap: &WireTap) -> Result<Process> {
    let listen = format!("127.0.0.1:{}", tap.upstream_port());
    let public_url = format!("http://127.0.0.1:{}", tap.port());
    let (database, mail) = (cli.database(), format!("file:{}", cli.mail_folder().display()));
    let mut command = clean_command(&cli.binary);
    command.args(["serve", "--listen", &listen, "--public-url", &public_url]);
    command.args(["--database", &database, "--mail", &mail]).args(&cli.arguments);
    let mut process = Process::start("thread", &mut command)?;
    let ready = format!("http://{listen}/readyz");
    until("Thread is ready", async || {
        process.still_runs()?;
        Ok(reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success()))
    })
    .await?;
    Ok(process)
}

impl Cli {
    fn database(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("thread.db").display())
    }

    fn mail_folder(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    fn run(&self, args: &[String]) -> Result<String> {
        let output =
            clean_command(&self.binary).args(args).args(["--database", &self.database()]).output()?;
        ensure!(
            output.status.success(),
            "`thread {}` ended with {}:\n{}",
            args.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        match String::from_utf8(output.stdout) {
            Ok(text) => Ok(text),
            Err(_) => bail!("`thread {}` printed no UTF-8", args.join(" ")),
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
