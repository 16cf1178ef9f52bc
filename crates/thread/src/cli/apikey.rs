//! `thread apikey …`.

use super::app::parse_name;
use super::{CliError, Context, no_app};
use crate::clock::rfc3339;
use crate::store::ApiKeyState;
use clap::Subcommand;
use protocol::AppId;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use std::fmt::Write as _;

#[derive(Subcommand, Debug)]
pub(super) enum ApiKeyCommand {
    /// Make an API key for an app, shown once
    Create {
        /// Identifier of the app
        app_id: String,
        /// Who answers with it, as customers see it
        #[arg(long, value_parser = parse_name)]
        name: Option<String>,
    },
    /// List an app's API keys: whose they are, never the keys themselves
    List {
        /// Identifier of the app
        app_id: String,
    },
    /// Make an API key void
    Revoke {
        /// Identifier of the API key
        id: String,
    },
}

pub(super) async fn run(context: &Context, command: ApiKeyCommand) -> Result<(), CliError> {
    let store = context.store().await?;
    let now_ms = context.clock.now_ms();
    match command {
        ApiKeyCommand::Create { app_id, name } => {
            let app_id = AppId(app_id);
            let (id, key) = store
                .create_api_key(&app_id, name.as_deref(), now_ms)
                .await?
                .ok_or_else(|| no_app(&app_id))?;
            let key = key.expose_secret();
            context.output.print(
                &json!({"id": id, "apiKey": key}),
                &format!("id       {id}\napiKey   {key}\n\nThe key is not shown again. Send it as `Authorization: Bearer {key}`."),
            )
        }
        ApiKeyCommand::List { app_id } => {
            let app_id = AppId(app_id);
            store.find_app(&app_id).await?.ok_or_else(|| no_app(&app_id))?;
            list(context, &store.api_keys_of(&app_id).await?)
        }
        ApiKeyCommand::Revoke { id } => {
            let told = || CliError::NotFound(format!("there is no API key {id} in force"));
            store.revoke_api_key(&id, now_ms).await?.ok_or_else(told)?;
            context.output.print(&json!({"id": id, "revoked": true}), &format!("Revoked {id}."))
        }
    }
}

fn list(context: &Context, keys: &[ApiKeyState]) -> Result<(), CliError> {
    let mut text = String::new();
    for key in keys {
        let (name, created) = (key.name.as_deref().unwrap_or("-"), rfc3339(key.created_at));
        let state =
            key.revoked_at.map_or_else(|| "valid".to_owned(), |at| format!("revoked {}", rfc3339(at)));
        let _ = writeln!(text, "{}  {state}  created {created}  {name}", key.id);
    }
    if keys.is_empty() {
        "No API key yet: thread apikey create APP_ID --name NAME".clone_into(&mut text);
    }
    let keys: Vec<Value> = keys
        .iter()
        .map(|key| {
            json!({
                "id": key.id,
                "name": key.name,
                "createdAt": rfc3339(key.created_at),
                "revokedAt": key.revoked_at.map(rfc3339),
            })
        })
        .collect();
    context.output.print(&json!({"apiKeys": keys}), &text)
}
