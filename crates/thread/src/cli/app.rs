//! `thread app …`.

use super::secret::{state, to_json};
use super::{CliError, Context, no_app};
use crate::clock::rfc3339;
use crate::config::parse_origin;
use crate::office_hours::OfficeHours;
use crate::origin::Origin;
use crate::store::{AppUpdate, NewApp, StoredApp};
use clap::{Args, Subcommand};
use protocol::AppId;
use serde_json::{Value, json};
use signing::Secret;
use std::fmt::Write as _;

const DEFAULT_BRAND_COLOR: &str = "#2f5bea";
const MAX_NAME_CHARS: usize = 100;
const MAX_GREETING_CHARS: usize = 500;

#[derive(Subcommand, Debug)]
pub(super) enum AppCommand {
    /// Make an app and its secret, which is shown once
    Create(Create),
    /// List all apps
    List,
    /// Show one app
    Show {
        /// Identifier of the app
        app_id: String,
    },
    /// Change an app; a running service follows within a second
    Update(Update),
    /// Delete an app with its secrets, contacts and conversations
    Delete {
        /// Identifier of the app
        app_id: String,
    },
}

#[derive(Args, Debug)]
#[expect(clippy::doc_markdown, reason = "clap shows it as it stands")]
pub(super) struct Create {
    /// The service provider's name, as customers know it
    #[arg(long, value_parser = parse_name)]
    name: String,
    /// Origin of the portal's pages: scheme, host and port, like https://shop.example; repeat for more
    #[arg(long = "origin", required = true, value_name = "ORIGIN", value_parser = parse_origin)]
    origins: Vec<Origin>,
    /// The app's colour
    #[arg(long, value_name = "#RRGGBB", default_value = DEFAULT_BRAND_COLOR, value_parser = parse_color)]
    brand_color: String,
    /// First words in an empty panel
    #[arg(long, value_parser = parse_greeting)]
    greeting: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct Update {
    /// Identifier of the app
    app_id: String,
    /// New name
    #[arg(long, value_parser = parse_name)]
    name: Option<String>,
    /// Origin to add; repeat for more
    #[arg(long = "origin", value_name = "ORIGIN", value_parser = parse_origin)]
    origins: Vec<Origin>,
    /// Origin to take away; repeat for more
    #[arg(long = "remove-origin", value_name = "ORIGIN", value_parser = parse_origin)]
    remove_origins: Vec<Origin>,
    /// New colour
    #[arg(long, value_name = "#RRGGBB", value_parser = parse_color)]
    brand_color: Option<String>,
    /// New greeting; empty removes it
    #[arg(long, value_parser = parse_greeting)]
    greeting: Option<String>,
    /// Corner of the page for launcher and panel
    #[arg(long, value_parser = ["left", "right"])]
    position: Option<String>,
    /// What to show while nobody answers; empty removes it
    #[arg(long, value_parser = parse_greeting)]
    away_text: Option<String>,
    /// When somebody answers, like "Mon-Fri 09:00-17:00, Sat 10:00-14:00 Europe/Berlin"; empty removes it
    #[arg(long, value_parser = parse_office_hours)]
    office_hours: Option<String>,
    /// Take v2 connection keys alone, which live for minutes and are good for one page load; false lets v1 in again
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    require_v2: Option<bool>,
}

pub(super) async fn run(context: &Context, command: AppCommand) -> Result<(), CliError> {
    match command {
        AppCommand::Create(create) => run_create(context, create).await,
        AppCommand::List => list(context).await,
        AppCommand::Show { app_id } => show(context, &app_id.into()).await,
        AppCommand::Update(update) => run_update(context, update).await,
        AppCommand::Delete { app_id } => delete(context, &app_id.into()).await,
    }
}

async fn run_create(context: &Context, create: Create) -> Result<(), CliError> {
    let secret = Secret::generate();
    let app = NewApp {
        name: create.name,
        brand_color: create.brand_color,
        greeting: create.greeting,
        origins: texts(&create.origins),
    };
    let store = context.store_or_new().await?;
    let (app_id, secret_id) = store.create_app(&app, &secret, context.clock.now_ms()).await?;
    context.output.print(
        &json!({"appId": app_id, "secret": secret.expose(), "secretId": secret_id}),
        &format!(
            "appId      {app_id}\nsecret     {}\nsecretId   {secret_id}\n\nThe secret is not shown again. Keep it on the \
             portal's server; it must never reach a page.",
            secret.expose()
        ),
    )
}

async fn list(context: &Context) -> Result<(), CliError> {
    let apps = context.store().await?.list_apps().await?;
    let text = if apps.is_empty() {
        "No app yet: thread app create --name NAME --origin ORIGIN".to_owned()
    } else {
        apps.iter().fold(String::new(), |mut text, app| {
            let _ = writeln!(text, "{}  {}  {}", app.id, app.name, app.origins.join(" "));
            text
        })
    };
    let apps: Vec<Value> = apps.iter().map(app_json).collect();
    context.output.print(&json!({"apps": apps}), &text)
}

async fn show(context: &Context, id: &AppId) -> Result<(), CliError> {
    let store = context.store().await?;
    let app = store.find_app(id).await?.ok_or_else(|| no_app(id))?;
    let secrets = store.secrets_of(id).await?;
    let now_ms = context.clock.now_ms();
    let mut text = format!(
        "appId        {}\nname         {}\norigins      {}\nbrand color  {}\ngreeting     {}\nposition     {}\naway text    {}\noffice hours {}\nkeys         {}\ncreated      {}",
        app.id,
        app.name,
        app.origins.join(" "),
        app.brand_color,
        app.greeting.as_deref().unwrap_or("-"),
        app.position.as_deref().unwrap_or("-"),
        app.away_text.as_deref().unwrap_or("-"),
        app.office_hours.as_deref().unwrap_or("-"),
        if app.require_v2 { "v2 alone" } else { "v1 and v2" },
        rfc3339(app.created_at),
    );
    for secret in &secrets {
        let last_used = secret.last_used_at.map_or_else(|| "never".to_owned(), rfc3339);
        let _ =
            write!(text, "\nsecret       {}  {}  last used {last_used}", secret.id, state(secret, now_ms));
    }
    let mut shown = app_json(&app);
    shown["secrets"] = secrets.iter().map(|secret| to_json(secret, now_ms)).collect();
    context.output.print(&shown, &text)
}

async fn run_update(context: &Context, update: Update) -> Result<(), CliError> {
    let store = context.store().await?;
    let id = AppId(update.app_id);
    let change = AppUpdate {
        name: update.name,
        brand_color: update.brand_color,
        greeting: update.greeting,
        position: update.position,
        away_text: update.away_text,
        office_hours: update.office_hours,
        require_v2: update.require_v2,
        add_origins: texts(&update.origins),
        remove_origins: texts(&update.remove_origins),
    };
    store.update_app(&id, &change).await?.ok_or_else(|| no_app(&id))?;
    show(context, &id).await
}

async fn delete(context: &Context, id: &AppId) -> Result<(), CliError> {
    context.store().await?.delete_app(id).await?.ok_or_else(|| no_app(id))?;
    context
        .output
        .print(&json!({"appId": id, "deleted": true}), &format!("Deleted {id} and all that was its own."))
}

fn app_json(app: &StoredApp) -> Value {
    json!({
        "appId": app.id,
        "name": app.name,
        "origins": app.origins,
        "brandColor": app.brand_color,
        "greeting": app.greeting,
        "position": app.position,
        "awayText": app.away_text,
        "officeHours": app.office_hours,
        "requireV2": app.require_v2,
        "createdAt": rfc3339(app.created_at),
    })
}

fn texts(origins: &[Origin]) -> Vec<String> {
    origins.iter().map(|origin| origin.as_str().to_owned()).collect()
}

pub(super) fn parse_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(format!("must have 1 to {MAX_NAME_CHARS} characters on one line"));
    }
    Ok(name.to_owned())
}

fn parse_greeting(text: &str) -> Result<String, String> {
    if text.chars().count() > MAX_GREETING_CHARS || text.contains('\0') {
        return Err(format!("may have {MAX_GREETING_CHARS} characters at the most"));
    }
    Ok(text.trim().to_owned())
}

fn parse_office_hours(text: &str) -> Result<String, String> {
    let text = text.trim();
    if !text.is_empty() {
        OfficeHours::parse(text).map_err(|error| error.to_string())?;
    }
    Ok(text.to_owned())
}

fn parse_color(text: &str) -> Result<String, String> {
    let is_hex = text
        .strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    if is_hex { Ok(text.to_ascii_lowercase()) } else { Err("must be a colour like #2f5bea".to_owned()) }
}
