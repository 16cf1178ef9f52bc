//! The built program as a running service.

use crate::cli::Cli;
use crate::support::{json_of, text};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use signing::{Secret, sign_v1};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// Killed when dropped.
pub struct Running {
    pub child: Child,
    pub url: String,
    pub http: Client,
}

impl Running {
    pub fn start(cli: &Cli, flags: &[&str]) -> Self {
        Self::start_in(cli, flags, &[])
    }

    /// With these variables of the environment.
    pub fn start_in(cli: &Cli, flags: &[&str], environment: &[(&'static str, &str)]) -> Self {
        let logs =
            File::options().create(true).append(true).open(cli.dir.path().join("logs")).expect("opens");
        let mut command = cli.command(&[&["serve", "--listen", "127.0.0.1:0"], flags].concat());
        Self::spawn(command.envs(environment.iter().copied()), logs)
    }

    /// Runs a command that becomes a service.
    pub fn spawn(command: &mut Command, logs: File) -> Self {
        let mut child =
            command.env("THREAD_LOG", "trace").stdout(Stdio::piped()).stderr(logs).spawn().expect("runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("readable");
        let url = line.trim().strip_prefix("listening on ").expect("says where it listens").to_owned();
        Self { child, url, http: Client::new() }
    }

    pub async fn sign_in(&self, app: &Value, secret: &str, email: &str) -> Response {
        self.sign_in_with(app, &sign_v1(&Secret::from_text(secret).expect("valid"), email), email).await
    }

    pub async fn sign_in_with(&self, app: &Value, key: &str, email: &str) -> Response {
        let body = json!({"appId": app, "connectionType": "messenger_auth", "connectionEmail": email, "connectionKey": key});
        self.http.post(format!("{}/v1/sessions", self.url)).json(&body).send().await.expect("answered")
    }

    pub async fn raise(&self, token: &str, body: &str) -> Value {
        let request = self.http.post(format!("{}/v1/service-requests", self.url)).bearer_auth(token);
        let response = request.json(&json!({"clientId": "c1", "body": body})).send().await.expect("answered");
        json_of(response, StatusCode::CREATED).await
    }

    pub async fn token(&self, app: &Value, secret: &str, email: &str) -> String {
        text(&json_of(self.sign_in(app, secret, email).await, StatusCode::CREATED).await["token"])
    }

    pub fn request(&self, method: Method, path: &str, bearer: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(bearer)
    }

    pub async fn get(&self, path: &str, bearer: &str) -> Value {
        let response = self.request(Method::GET, path, bearer).send().await.expect("answered");
        json_of(response, StatusCode::OK).await
    }

    /// Writes a message; what came of it, `Err` if the connection broke.
    pub async fn write(
        &self,
        prefix: &str,
        bearer: &str,
        id: &str,
        client_id: &str,
    ) -> reqwest::Result<Response> {
        let path = format!("{prefix}/service-requests/{id}/messages");
        let body = json!({"clientId": client_id, "body": format!("Message {client_id}")});
        self.request(Method::POST, &path, bearer).json(&body).send().await
    }

    pub async fn readiness(&self) -> StatusCode {
        self.http.get(format!("{}/readyz", self.url)).send().await.expect("answered").status()
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(sent.expect("kill is there").success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An app by the command line: its id, the secret, the secret's id.
pub fn create(cli: &Cli) -> (Value, String, String) {
    let app = cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    (app["appId"].clone(), text(&app["secret"]), text(&app["secretId"]))
}
