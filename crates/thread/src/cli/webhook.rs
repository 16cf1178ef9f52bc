//! `thread webhook …`.

use super::{CliError, Context, no_app, output};
use crate::clock::rfc3339;
use crate::config::{as_ms, parse_duration};
use crate::store::{Attempt, DeliveryState, Store, StoredDelivery, StoredWebhook, WebhookCounts};
use crate::webhooks::{NetworkPolicy, WebhookSecret, WebhookUrl};
use clap::{Args, Subcommand, ValueEnum};
use protocol::AppId;
use protocol::webhook::WebhookEventType;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::Duration;

#[derive(Subcommand, Debug)]
pub(super) enum WebhookCommand {
    /// Make a webhook for an app; its signing secret is shown once
    ///
    /// Requests are signed by Standard Webhooks: verify `webhook-signature` over id, timestamp and body with one of its
    /// libraries, refuse old timestamps, and take each `webhook-id` once. Answer 2xx within 15 seconds; whatever else
    /// you answer, the request comes again for three days. 410 disables the webhook.
    Create(Create),
    /// List webhooks
    List {
        /// Identifier of the app; all apps' without it
        app_id: Option<String>,
    },
    /// Show a webhook and how it does
    Show {
        /// Identifier of the webhook
        webhook_id: String,
    },
    /// Delete a webhook with its log and what waits
    Delete {
        /// Identifier of the webhook
        webhook_id: String,
    },
    /// Make a new signing secret, shown once; the one before it signs too for the overlap
    RotateSecret {
        /// Identifier of the webhook
        webhook_id: String,
        /// How long requests carry both signatures
        #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = parse_duration)]
        overlap: Duration,
    },
    /// Send again to a webhook that a 410 disabled
    Enable {
        /// Identifier of the webhook
        webhook_id: String,
    },
    /// Show what was sent and what waits, newest first, with every try
    Deliveries {
        /// Identifier of the webhook
        webhook_id: String,
        /// Only these
        #[arg(long, value_enum)]
        state: Option<State>,
        /// So many at the most
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1_000))]
        limit: u16,
    },
    /// Send again, at once and under the same webhook-id
    Redeliver(Redeliver),
}

#[derive(Args, Debug)]
#[expect(clippy::doc_markdown, reason = "clap shows it as it stands")]
pub(super) struct Create {
    /// Identifier of the app
    app_id: String,
    /// Where events go, like https://tickets.example/hooks/thread
    #[arg(long, value_parser = WebhookUrl::parse)]
    url: WebhookUrl,
    /// Type of event to send; repeat for more; all types without it
    #[arg(long = "event", value_name = "TYPE", value_parser = parse_event)]
    events: Vec<WebhookEventType>,
}

#[derive(Args, Debug)]
pub(super) struct Redeliver {
    /// Identifiers of deliveries
    #[arg(required_unless_present = "given_up_of")]
    delivery_ids: Vec<String>,
    /// All that this webhook gave up, in order
    #[arg(long, value_name = "WEBHOOK_ID", conflicts_with = "delivery_ids")]
    given_up_of: Option<String>,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum State {
    Waiting,
    Delivered,
    GivenUp,
}

pub(super) async fn run(context: &Context, command: WebhookCommand) -> Result<(), CliError> {
    let store = context.store().await?;
    match command {
        WebhookCommand::Create(create) => run_create(context, &store, create).await,
        WebhookCommand::List { app_id } => list(context, &store, app_id.map(AppId)).await,
        WebhookCommand::Show { webhook_id } => show(context, &store, &webhook_id).await,
        WebhookCommand::Delete { webhook_id } => {
            store.delete_webhook(&webhook_id).await?.ok_or_else(|| no_webhook(&webhook_id))?;
            context.output.print(
                &json!({"id": webhook_id, "deleted": true}),
                &format!("Deleted {webhook_id}, its log and what waited."),
            )
        }
        WebhookCommand::RotateSecret { webhook_id, overlap } => {
            rotate_secret(context, &store, &webhook_id, overlap).await
        }
        WebhookCommand::Enable { webhook_id } => {
            store.enable_webhook(&webhook_id).await?.ok_or_else(|| no_webhook(&webhook_id))?;
            show(context, &store, &webhook_id).await
        }
        WebhookCommand::Deliveries { webhook_id, state, limit } => {
            deliveries(context, &store, &webhook_id, state, limit).await
        }
        WebhookCommand::Redeliver(redeliver) => run_redeliver(context, &store, redeliver).await,
    }
}

async fn run_create(context: &Context, store: &Store, create: Create) -> Result<(), CliError> {
    let app_id = AppId(create.app_id);
    let secret = WebhookSecret::generate();
    let id = store
        .create_webhook(&app_id, create.url.as_str(), &create.events, &secret, context.clock.now_ms())
        .await?
        .ok_or_else(|| no_app(&app_id))?;
    if let Some(ip) = create.url.ip().filter(|ip| !NetworkPolicy::default().allows(*ip)) {
        output::note(&format!("{ip} is not public: Thread sends there only if --webhook-networks lets it"));
    }
    let secret = secret.expose();
    context.output.print(
        &json!({"id": id, "secret": secret.as_str(), "url": create.url.as_str(), "events": names(&create.events)}),
        &format!(
            "id       {id}\nsecret   {}\n\nThe secret is not shown again. Requests are signed with it by Standard \
             Webhooks: verify each before you trust it.",
            secret.as_str()
        ),
    )
}

async fn list(context: &Context, store: &Store, app_id: Option<AppId>) -> Result<(), CliError> {
    if let Some(app_id) = &app_id {
        store.find_app(app_id).await?.ok_or_else(|| no_app(app_id))?;
    }
    let webhooks = store.webhooks(app_id.as_ref()).await?;
    let text = if webhooks.is_empty() {
        "No webhook yet: thread webhook create APP_ID --url URL".to_owned()
    } else {
        webhooks.iter().fold(String::new(), |mut text, webhook| {
            let events =
                if webhook.events.is_empty() { "all".to_owned() } else { names(&webhook.events).join(" ") };
            let state = if webhook.disabled_at.is_some() { "  DISABLED" } else { "" };
            let _ = writeln!(text, "{}  {}  {}  {events}{state}", webhook.id, webhook.app_id, webhook.url);
            text
        })
    };
    let webhooks: Vec<Value> = webhooks.iter().map(webhook_json).collect();
    context.output.print(&json!({"webhooks": webhooks}), &text)
}

async fn show(context: &Context, store: &Store, id: &str) -> Result<(), CliError> {
    let webhook = store.find_webhook(id).await?.ok_or_else(|| no_webhook(id))?;
    let counts = store.webhook_counts(&webhook).await?;
    let last = store.deliveries(id, None, 1).await?;
    let last_attempt = last.first().and_then(|delivery| delivery.attempts.last());
    let mut json = webhook_json(&webhook);
    json["waiting"] = counts.waiting.into();
    json["waitingSince"] = counts.waiting_since.map(rfc3339).into();
    json["delivered"] = counts.delivered.into();
    json["givenUp"] = counts.given_up.into();
    json["lastAttempt"] = last_attempt.map_or(Value::Null, attempt_json);
    context.output.print(&json, &show_text(&webhook, &counts, last_attempt))
}

fn show_text(webhook: &StoredWebhook, counts: &WebhookCounts, last_attempt: Option<&Attempt>) -> String {
    let time = |at: Option<i64>| at.map_or_else(|| "-".to_owned(), rfc3339);
    format!(
        "id           {}\napp          {}\nurl          {}\nevents       {}\ncreated      {}\ndisabled     {}\n\
         waiting      {}, the oldest since {}\ndelivered    {}\ngiven up     {}\nlast try     {}",
        webhook.id,
        webhook.app_id,
        webhook.url,
        if webhook.events.is_empty() { "all".to_owned() } else { names(&webhook.events).join(" ") },
        rfc3339(webhook.created_at),
        time(webhook.disabled_at),
        counts.waiting,
        time(counts.waiting_since),
        counts.delivered,
        counts.given_up,
        last_attempt.map_or_else(|| "-".to_owned(), attempt_text),
    )
}

async fn rotate_secret(
    context: &Context,
    store: &Store,
    id: &str,
    overlap: Duration,
) -> Result<(), CliError> {
    let secret = WebhookSecret::generate();
    let until = context.clock.now_ms().saturating_add(as_ms(overlap));
    store.rotate_webhook_secret(id, &secret, until).await?.ok_or_else(|| no_webhook(id))?;
    let (secret, until) = (secret.expose(), rfc3339(until));
    context.output.print(
        &json!({"id": id, "secret": secret.as_str(), "previousSignsUntil": until}),
        &format!(
            "secret   {}\n\nThe secret is not shown again. Until {until} requests are signed with the previous one too.",
            secret.as_str()
        ),
    )
}

async fn deliveries(
    context: &Context,
    store: &Store,
    id: &str,
    state: Option<State>,
    limit: u16,
) -> Result<(), CliError> {
    store.find_webhook(id).await?.ok_or_else(|| no_webhook(id))?;
    let state = state.map(|state| match state {
        State::Waiting => DeliveryState::Waiting,
        State::Delivered => DeliveryState::Delivered,
        State::GivenUp => DeliveryState::GivenUp,
    });
    let deliveries = store.deliveries(id, state, limit.into()).await?;
    let text = deliveries.iter().fold(String::new(), |mut text, delivery| {
        let next = delivery.next_at.map(|at| format!("  next {}", rfc3339(at))).unwrap_or_default();
        let (id, event_type, state) = (&delivery.id, &delivery.event_type, delivery.state.as_str());
        let _ = writeln!(text, "{id}  {}  {event_type}  {state}{next}", rfc3339(delivery.created_at));
        for attempt in &delivery.attempts {
            let _ = writeln!(text, "    {}", attempt_text(attempt));
        }
        text
    });
    let text = if text.is_empty() { "Nothing yet.".to_owned() } else { text };
    let deliveries: Vec<Value> = deliveries.iter().map(delivery_json).collect();
    context.output.print(&json!({"deliveries": deliveries}), &text)
}

async fn run_redeliver(context: &Context, store: &Store, redeliver: Redeliver) -> Result<(), CliError> {
    let now_ms = context.clock.now_ms();
    let queued = if let Some(id) = redeliver.given_up_of {
        store.find_webhook(&id).await?.ok_or_else(|| no_webhook(&id))?;
        store.redeliver_given_up(&id, now_ms).await?
    } else {
        let mut queued = 0;
        for id in redeliver.delivery_ids {
            let told =
                || CliError::NotFound(format!("there is no delivery {id}: see `thread webhook deliveries`"));
            store.redeliver(&id, now_ms).await?.ok_or_else(told)?;
            queued += 1;
        }
        queued
    };
    context.output.print(
        &json!({"queued": queued}),
        &format!("Queued: {queued}. A running service sends within a second."),
    )
}

fn webhook_json(webhook: &StoredWebhook) -> Value {
    json!({
        "id": webhook.id,
        "appId": webhook.app_id,
        "url": webhook.url,
        "events": names(&webhook.events),
        "createdAt": rfc3339(webhook.created_at),
        "disabledAt": webhook.disabled_at.map(rfc3339),
        "previousSignsUntil": webhook.previous_until.map(rfc3339),
    })
}

fn delivery_json(delivery: &StoredDelivery) -> Value {
    json!({
        "id": delivery.id,
        "type": delivery.event_type,
        "state": delivery.state.as_str(),
        "createdAt": rfc3339(delivery.created_at),
        "nextAt": delivery.next_at.map(rfc3339),
        "attempts": delivery.attempts.iter().map(attempt_json).collect::<Vec<_>>(),
    })
}

fn attempt_json(attempt: &Attempt) -> Value {
    json!({
        "startedAt": rfc3339(attempt.started_at),
        "tookMs": attempt.took_ms,
        "status": attempt.status,
        "fault": attempt.fault,
    })
}

fn attempt_text(attempt: &Attempt) -> String {
    let said = match (attempt.status, &attempt.fault) {
        (Some(status), _) => format!("answered {status}"),
        (None, Some(fault)) => fault.clone(),
        (None, None) => "no answer".to_owned(),
    };
    format!("{}  {said}, {} ms", rfc3339(attempt.started_at), attempt.took_ms)
}

fn names(events: &[WebhookEventType]) -> Vec<&'static str> {
    events.iter().map(|event| event.as_str()).collect()
}

fn no_webhook(id: &str) -> CliError {
    CliError::NotFound(format!("there is no webhook {id}: see `thread webhook list`"))
}

fn parse_event(text: &str) -> Result<WebhookEventType, String> {
    WebhookEventType::parse(text).ok_or_else(|| {
        let known: Vec<_> = WebhookEventType::ALL.iter().map(|known| known.as_str()).collect();
        format!("must be one of {}", known.join(", "))
    })
}
