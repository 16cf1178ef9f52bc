//! `thread apikey …`.

use super::app::parse_name;
use super::{CliError, Context, no_app};
use clap::Subcommand;
use protocol::AppId;
use secrecy::ExposeSecret as _;
use serde_json::json;

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
        ApiKeyCommand::Revoke { id } => {
            let told = || CliError::NotFound(format!("there is no API key {id} in force"));
            store.revoke_api_key(&id, now_ms).await?.ok_or_else(told)?;
            context.output.print(&json!({"id": id, "revoked": true}), &format!("Revoked {id}."))
        }
    }
}
