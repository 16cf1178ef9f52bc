//! Connection keys as partners make them: by another language's HMAC, not by ours.

use crate::{Result, paths};
use anyhow::{Context as _, bail, ensure};
use std::process::Command;

/// `hash_hmac('sha256', email, secret)` by PHP, else by Python.
///
/// # Errors
/// If neither is installed.
pub fn connection_key(email: &str, secret: &str) -> Result<String> {
    let mut command = if let Some(php) = paths::find_program("php") {
        let mut command = Command::new(php);
        command.args(["-r", r#"echo hash_hmac("sha256", $argv[1], $argv[2]);"#]);
        command
    } else if let Some(python) = paths::find_program("python3") {
        let mut command = Command::new(python);
        command.args([
            "-c",
            "import hmac, sys; print(hmac.new(sys.argv[2].encode(), sys.argv[1].encode(), 'sha256').hexdigest(), end='')",
        ]);
        command
    } else {
        bail!("neither php nor python3 is on PATH: run ./build.sh install")
    };
    let output = command.arg(email).arg(secret).output().context("starting a foreign HMAC")?;
    let key = String::from_utf8(output.stdout)?;
    ensure!(
        output.status.success() && key.len() == 64,
        "the foreign HMAC failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(key)
}
