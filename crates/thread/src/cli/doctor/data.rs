//! What is stored.

use super::{Context, Finding};
use crate::clock::rfc3339;
use crate::store::{Store, StoreError, StoredApp, StoredSecret};
use crate::webhooks::{NetworkPolicy, WebhookUrl};
use std::path::Path;

const HOUR_MS: i64 = 60 * 60 * 1_000;
const WEEK_MS: i64 = 7 * 24 * HOUR_MS;
/// A stored time so far ahead is no rounding.
const AHEAD_MS: i64 = 5_000;

/// Opens the database, unless that would make it.
pub(super) async fn database(context: &Context) -> (Vec<Finding>, Option<Store>) {
    const NAME: &str = "database";
    let file = context.database.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
    if let Some(path) = file.filter(|path| !path.is_empty() && !Path::new(path).exists()) {
        let detail = format!("{path} is not there yet: `thread app create` or `thread serve` makes it");
        return (vec![Finding::warning(NAME, detail)], None);
    }
    let store = match context.store().await {
        Ok(store) => store,
        Err(error) => return (vec![Finding::failed(NAME, error.to_string())], None),
    };
    let mut findings = Vec::new();
    findings.push(match store.ping().await {
        Ok(()) => Finding::ok(NAME, "answers, its schema is up to date, the master key opens it"),
        Err(error) => Finding::failed(NAME, error.to_string()),
    });
    if let Some(path) = file {
        findings.extend(private(Path::new(path)));
        findings.extend(private(Path::new(&format!("{path}.key"))));
    }
    if store.master_key().has_former() {
        let detail = "a former one is given as well: when `thread master-key rotate` says that nothing had to be sealed \
                      anew, take it away (THREAD_MASTER_KEY_PREVIOUS)";
        findings.push(Finding::warning("master key", detail));
    }
    (findings, Some(store))
}

/// A file that others can read.
#[cfg(unix)]
fn private(path: &Path) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    let path = path.display();
    (mode & 0o077 != 0).then(|| {
        Finding::warning("permissions", format!("others can read {path} (mode {mode:o}): chmod 600 {path}"))
    })
}

#[cfg(not(unix))]
fn private(_: &Path) -> Option<Finding> {
    None
}

/// Apps with their origins and secrets, and the clock that wrote it all.
pub(super) async fn content(store: &Store, now_ms: i64) -> Vec<Finding> {
    match look_at_content(store, now_ms).await {
        Ok(findings) => findings,
        Err(error) => vec![Finding::failed("apps", error.to_string())],
    }
}

async fn look_at_content(store: &Store, now_ms: i64) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    let apps = store.list_apps().await?;
    findings.push(match apps.len() {
        0 => Finding::warning("apps", "there is none: thread app create --name NAME --origin ORIGIN"),
        number => Finding::ok("apps", number.to_string()),
    });
    for app in &apps {
        findings.extend(origins(app));
        findings.extend(secrets(app, &store.secrets_of(&app.id).await?, now_ms));
    }
    findings.push(match store.newest_change().await? {
        Some(newest) if newest > now_ms + AHEAD_MS => Finding::failed(
            "clock",
            format!(
                "it is {} here, but the database holds what was written at {}: set the clock by NTP",
                rfc3339(now_ms),
                rfc3339(newest)
            ),
        ),
        _ => Finding::ok("clock", format!("{}, not behind what is stored", rfc3339(now_ms))),
    });
    Ok(findings)
}

fn origins(app: &StoredApp) -> Vec<Finding> {
    let id = &app.id;
    if app.origins.is_empty() {
        let detail = format!("{id} accepts no page: thread app update {id} --origin https://…");
        return vec![Finding::warning("origins", detail)];
    }
    app.origins
        .iter()
        .filter(|origin| !is_safe(origin))
        .map(|origin| {
            let detail =
                format!("{id} accepts {origin}: whoever is on the way can read its pages; use https://");
            Finding::warning("origins", detail)
        })
        .collect()
}

/// Whether nobody between can read along: TLS, or no way at all.
pub(super) fn is_safe(origin: &str) -> bool {
    let host = origin.strip_prefix("http://").unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    origin.starts_with("https://")
        || matches!(host, "localhost" | "[::1]")
        || host.ends_with(".localhost")
        || host.starts_with("127.")
}

fn secrets(app: &StoredApp, secrets: &[StoredSecret], now_ms: i64) -> Option<Finding> {
    let id = &app.id;
    let in_force: Vec<_> = secrets
        .iter()
        .filter(|secret| secret.revoked_at.is_none() && secret.expires_at.is_none_or(|until| until > now_ms))
        .collect();
    if in_force.is_empty() {
        let detail = format!("{id} has none in force, so no portal can sign in: thread secret rotate {id}");
        return Some(Finding::warning("secrets", detail));
    }
    // Beside one that lasts, one that lapses is a rotation.
    let last = in_force.iter().map(|secret| secret.expires_at.unwrap_or(i64::MAX)).max()?;
    (last < now_ms + WEEK_MS).then(|| {
        let detail = format!("the last one of {id} lapses at {}: thread secret rotate {id}", rfc3339(last));
        Finding::warning("secrets", detail)
    })
}

/// Webhooks that do not get through.
pub(super) async fn webhooks(store: &Store, allowed: &NetworkPolicy, now_ms: i64) -> Vec<Finding> {
    match look_at_webhooks(store, allowed, now_ms).await {
        Ok(findings) => findings,
        Err(error) => vec![Finding::failed("webhooks", error.to_string())],
    }
}

async fn look_at_webhooks(
    store: &Store,
    allowed: &NetworkPolicy,
    now_ms: i64,
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for webhook in store.webhooks(None).await? {
        let id = &webhook.id;
        let counts = store.webhook_counts(&webhook).await?;
        if webhook.disabled_at.is_some() {
            let detail =
                format!("{id} is disabled, since its receiver answered 410: thread webhook enable {id}");
            findings.push(Finding::warning("webhooks", detail));
        } else if let Some(since) = counts.waiting_since.filter(|since| *since < now_ms - HOUR_MS) {
            let detail = format!(
                "{} of {id} wait, the oldest since {}: thread webhook deliveries {id} --state waiting",
                counts.waiting,
                rfc3339(since)
            );
            findings.push(Finding::warning("webhooks", detail));
        } else if let Some(ip) =
            WebhookUrl::parse(&webhook.url).ok().and_then(|url| url.ip()).filter(|ip| !allowed.allows(*ip))
        {
            let detail =
                format!("{id}: {ip} is not public, so nothing is sent there: see --webhook-networks");
            findings.push(Finding::warning("webhooks", detail));
        } else {
            findings.push(Finding::ok(
                "webhooks",
                format!("{id}: {} delivered, {} wait", counts.delivered, counts.waiting),
            ));
        }
    }
    Ok(findings)
}
