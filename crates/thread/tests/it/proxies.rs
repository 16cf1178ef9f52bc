//! The configurations in `packaging/`, with the real nginx and Caddy before a running service.

use crate::certificate::{Certificate, certificate};
use crate::cli::Cli;
use crate::program::Running;
use crate::support::within;
use serde_json::Value;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A program that ends with the test.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        // Not SIGKILL: nginx takes its workers with it.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

fn packaged(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging").join(name);
    fs::read_to_string(path).expect("readable")
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("bound").port()
}

/// Replaces what an operator would put in; each must be there.
fn filled_in(mut text: String, values: &[(&str, String)]) -> String {
    for (placeholder, value) in values {
        assert!(text.contains(placeholder), "{placeholder}");
        text = text.replace(placeholder, value);
    }
    text
}

/// A service that is told where its proxy is.
fn behind(cli: &Cli, url: &str) -> Running {
    let flags = ["--public-url", url, "--trusted-proxies", "127.0.0.1/32", "--limit-sign-in-failures", "2"];
    Running::start(cli, &flags)
}

/// What curl gets: the status, and headers and body as they came.
fn curl(certificate: &Certificate, args: &[&str]) -> (u16, String) {
    let output = Command::new("curl")
        .args(["-sS", "-i", "--max-time", "20", "--cacert"])
        .arg(&certificate.authority)
        .args(["-w", "\n%{http_code}"])
        .args(args)
        .output()
        .expect("curl is there");
    let text = String::from_utf8(output.stdout).expect("text");
    let (text, status) = text.rsplit_once('\n').expect("a status");
    (status.parse().expect("a number"), text.to_ascii_lowercase())
}

/// What any proxy must do: TLS, sockets, the client's address, room for attachments, and nothing of the inside.
async fn assert_served(cli: &Cli, running: &Running, url: &str, certificate: &Certificate) {
    within(Duration::from_secs(20), || async { curl(certificate, &[&format!("{url}/healthz")]).0 == 200 })
        .await;
    let doctor = cli
        .command(&["doctor", "--json", "--public-url", url, "--trusted-proxies", "127.0.0.1/32", "--listen"])
        .arg(running.url.trim_start_matches("http://"))
        .env("SSL_CERT_FILE", &certificate.authority)
        .output()
        .expect("runs");
    let found: Value = serde_json::from_slice(&doctor.stdout).expect("JSON");
    let state = |name: &str| {
        let checks = found["checks"].as_array().expect("a list");
        checks
            .iter()
            .find(|check| check["name"] == name)
            .map_or("missing", |check| check["state"].as_str().unwrap_or(""))
    };
    for name in ["public-url", "listen", "reached", "sockets"] {
        assert_eq!(state(name), "ok", "{name}: {found}");
    }
    assert_eq!(state("proxies"), "missing", "nothing to say of them: {found}");

    let (status, answer) = curl(certificate, &[&format!("{url}/v1/apps/none")]);
    assert!(status == 404 && answer.contains("access-control-allow-origin: *"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age"), "{answer}");
    assert!(
        !curl(certificate, &[&format!("{url}/metrics")]).1.contains("# help"),
        "metrics are for the inside"
    );

    let app = cli.json(&["app", "create", "--name", "Shop", "--origin", "https://shop.example"]);
    let body = serde_json::json!({
        "appId": app["appId"], "connectionType": "messenger_auth", "connectionEmail": "ann@shop.example",
        "connectionKey": "0".repeat(64),
    })
    .to_string();
    let sign_in = |address: &str| {
        let forged = format!("X-Forwarded-For: {address}");
        curl(
            certificate,
            &[
                "-H",
                &forged,
                "-H",
                "Content-Type: application/json",
                "-d",
                &body,
                &format!("{url}/v1/sessions"),
            ],
        )
        .0
    };
    within(Duration::from_secs(5), || async { sign_in("198.51.100.9") != 404 }).await;
    let statuses: Vec<u16> = (1..=3).map(|n| sign_in(&format!("198.51.100.{n}"))).collect();
    assert_eq!(statuses[2], 429, "an address that a client makes up does not count: {statuses:?}");

    let key = cli.json(&["apikey", "create", app["appId"].as_str().expect("text")]);
    let key = format!("Authorization: Bearer {}", key["apiKey"].as_str().expect("text"));
    fs::write(cli.dir.path().join("upload"), vec![b'x'; 10 * 1024 * 1024]).expect("written");
    let file = format!("@{}", cli.dir.path().join("upload").display());
    let address = format!("{url}/v1/agent/attachments?name=big.txt");
    let upload = || {
        curl(
            certificate,
            &[
                "-H",
                &key,
                "-H",
                "Content-Type: text/plain",
                "-H",
                "Expect:",
                "--data-binary",
                &file,
                &address,
            ],
        )
    };
    within(Duration::from_secs(5), || async { upload().0 == 201 }).await;
}

#[tokio::test]
async fn nginx_as_packaged_serves_thread() {
    let cli = Cli::new();
    let dir = cli.dir.path().to_owned();
    let certificate = certificate(&dir);
    let (port, plain) = (free_port(), free_port());
    let url = format!("https://localhost:{port}");
    let running = behind(&cli, &url);
    let site = filled_in(
        packaged("nginx/thread.conf"),
        &[
            ("127.0.0.1:8080", running.url.trim_start_matches("http://").to_owned()),
            ("listen 443 ssl", format!("listen 127.0.0.1:{port} ssl")),
            ("listen 80", format!("listen 127.0.0.1:{plain}")),
            ("server_name thread.example", "server_name localhost".to_owned()),
            ("/etc/letsencrypt/live/thread.example/fullchain.pem", certificate.chain.display().to_string()),
            ("/etc/letsencrypt/live/thread.example/privkey.pem", certificate.key.display().to_string()),
            ("/var/cache/nginx-thread", dir.join("cache").display().to_string()),
        ],
    );
    let dir_text = dir.display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {dir_text}/{kind};"))
        .join("\n");
    fs::write(
        dir.join("nginx.conf"),
        format!(
            "daemon off; pid {dir_text}/nginx.pid; error_log stderr; events {{}}\n\
             http {{ access_log off;\n{temporary}{site}\n}}"
        ),
    )
    .expect("written");
    // The program's workers give up root's rights, and must still reach their folders.
    let mode = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o755);
    fs::set_permissions(&dir, mode).expect("ours");
    let log = File::create(dir.join("nginx.log")).expect("made");
    let _nginx = Guard(
        Command::new("nginx")
            .args(["-e", "stderr", "-c"])
            .arg(dir.join("nginx.conf"))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("nginx is there: ./build.sh install"),
    );
    assert_served(&cli, &running, &url, &certificate).await;

    let page = format!("{url}/docs/errors");
    let hits: Vec<bool> =
        (0..2).map(|_| curl(&certificate, &[&page]).1.contains("x-cache-status: hit")).collect();
    assert_eq!(hits, [false, true], "what may be kept is kept");
    let (_, answer) = curl(&certificate, &[&format!("{url}/v1/apps/none")]);
    assert!(!answer.contains("x-cache-status"), "the API is not");
    let (status, answer) = curl(&certificate, &[&format!("http://127.0.0.1:{plain}/docs/errors")]);
    assert!(status == 301 && answer.contains("location: https://"), "{answer}");
}

#[tokio::test]
async fn caddy_as_packaged_serves_thread() {
    let cli = Cli::new();
    let dir = cli.dir.path().to_owned();
    let certificate = certificate(&dir);
    let port = free_port();
    let url = format!("https://localhost:{port}");
    let running = behind(&cli, &url);
    let (file, key) = (certificate.chain.display(), certificate.key.display());
    let site = filled_in(
        packaged("caddy/Caddyfile"),
        &[
            // No certificate is asked for at an authority, and no port is taken but this.
            ("thread.example {", format!("localhost:{port} {{\n\tbind 127.0.0.1\n\ttls {file} {key}\n")),
            ("127.0.0.1:8080", running.url.trim_start_matches("http://").to_owned()),
        ],
    );
    let global = "{\n\tadmin off\n\tauto_https disable_redirects\n}\n";
    fs::write(dir.join("Caddyfile"), [global, &site].concat()).expect("written");
    let log = File::create(dir.join("caddy.log")).expect("made");
    let _caddy = Guard(
        Command::new("caddy")
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(dir.join("Caddyfile"))
            .env("HOME", &dir)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("caddy is there: ./build.sh install"),
    );
    assert_served(&cli, &running, &url, &certificate).await;
}

#[test]
fn the_packaged_settings_are_settings() {
    let cli = Cli::new();
    // What is commented out is meant to be used as well.
    let settings = packaged("thread.toml")
        .replace("# mail", "mail")
        .replace("# attach", "attach")
        .replace("# limit", "limit");
    fs::write(cli.dir.path().join("thread.toml"), settings).expect("written");
    let output = cli.run(&["serve", "--help", "--config", "thread.toml"]);
    let help = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success() && help.contains("https://thread.example"), "{help}");
}
