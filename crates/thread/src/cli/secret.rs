//! `thread secret …`.

use super::{CliError, Context, no_app};
use crate::clock::rfc3339;
use crate::config::{as_ms, parse_duration};
use crate::store::{Revocation, StoredSecret};
use clap::Subcommand;
use protocol::AppId;
use serde_json::{Value, json};
use signing::Secret;
use std::fmt::Write as _;
use std::time::Duration;

#[derive(Subcommand, Debug)]
pub(super) enum SecretCommand {
    /// Make a new secret, shown once; the one before it stays valid for the overlap
    ///
    /// Put the new secret on the portal's server within the overlap. A third one is never valid: rotating again ends
    /// the oldest at once. Sessions run on; `secret revoke` ends them.
    Rotate {
        /// Identifier of the app
        app_id: String,
        /// How long the previous secret stays valid
        #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = parse_duration)]
        overlap: Duration,
    },
    /// Make a secret void at once, with every session that came from it
    Revoke {
        /// Identifier of the secret: see `thread secret list`
        secret_id: String,
    },
    /// List an app's secrets by identifier; the secrets themselves are never shown again
    List {
        /// Identifier of the app
        app_id: String,
    },
}

pub(super) async fn run(context: &Context, command: SecretCommand) -> Result<(), CliError> {
    match command {
        SecretCommand::Rotate { app_id, overlap } => rotate(context, &app_id.into(), overlap).await,
        SecretCommand::Revoke { secret_id } => revoke(context, &secret_id).await,
        SecretCommand::List { app_id } => list(context, &app_id.into()).await,
    }
}

async fn rotate(context: &Context, app_id: &AppId, overlap: Duration) -> Result<(), CliError> {
    let secret = Secret::generate();
    let store = context.store().await?;
    let rotated = store
        .rotate_secret(app_id, &secret, as_ms(overlap), context.clock.now_ms())
        .await?
        .ok_or_else(|| no_app(app_id))?;
    let previous_expires_at = rotated.previous_expires_at.map(rfc3339);
    let secret_id = rotated.secret_id;
    context.output.print(
        &json!({"secretId": secret_id, "secret": secret.expose(), "previousExpiresAt": previous_expires_at}),
        &format!(
            "secretId   {secret_id}\nsecret     {}\n\nThe secret is not shown again. {}",
            secret.expose(),
            previous_expires_at.as_ref().map_or_else(
                || "No former one was in force.".to_owned(),
                |until| format!("The former one is valid until {until}."),
            ),
        ),
    )
}

async fn revoke(context: &Context, secret_id: &str) -> Result<(), CliError> {
    let revoked =
        context.store().await?.revoke_secret(secret_id, Revocation::Ordered, context.clock.now_ms()).await?;
    let app_id = revoked.ok_or_else(|| {
        CliError::NotFound(format!(
            "there is no secret {secret_id} in force: see `thread secret list APP_ID`"
        ))
    })?;
    context.output.print(
        &json!({"secretId": secret_id, "appId": app_id, "revoked": true}),
        &format!("Revoked {secret_id} of {app_id}, and the sessions that came from it."),
    )
}

async fn list(context: &Context, app_id: &AppId) -> Result<(), CliError> {
    let store = context.store().await?;
    store.find_app(app_id).await?.ok_or_else(|| no_app(app_id))?;
    let now_ms = context.clock.now_ms();
    let secrets = store.secrets_of(app_id).await?;
    let mut text = String::new();
    for secret in &secrets {
        let expires = secret.expires_at.map_or_else(|| "-".to_owned(), rfc3339);
        let state = state(secret, now_ms);
        let last_used = secret.last_used_at.map_or_else(|| "never".to_owned(), rfc3339);
        let _ = writeln!(
            text,
            "{}  {state}  created {}  expires {expires}  last used {last_used}",
            secret.id,
            rfc3339(secret.created_at)
        );
    }
    let secrets: Vec<Value> = secrets.iter().map(|secret| to_json(secret, now_ms)).collect();
    context.output.print(&json!({"secrets": secrets}), &text)
}

/// All that may be shown of a secret.
pub(super) fn to_json(secret: &StoredSecret, now_ms: i64) -> Value {
    json!({
        "secretId": secret.id,
        "state": state(secret, now_ms),
        "createdAt": rfc3339(secret.created_at),
        "expiresAt": secret.expires_at.map(rfc3339),
        "revokedAt": secret.revoked_at.map(rfc3339),
        "lastUsedAt": secret.last_used_at.map(rfc3339),
    })
}

pub(super) fn state(secret: &StoredSecret, now_ms: i64) -> &'static str {
    if secret.revoked_at.is_some() {
        "revoked"
    } else if secret.expires_at.is_some_and(|until| until <= now_ms) {
        "expired"
    } else {
        "valid"
    }
}
