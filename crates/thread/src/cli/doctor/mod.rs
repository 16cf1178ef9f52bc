//! `thread doctor`: looks at everything that the service needs, as it is configured, and says what to do.

mod data;
mod reach;
mod ways;

use super::{CliError, Context};
use crate::config::ServeConfig;
use crate::webhooks::NetworkPolicy;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// As it should be.
    Ok,
    /// It works, but somebody should know.
    Warning,
    /// The service cannot do its work.
    Failed,
}

impl State {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug)]
struct Finding {
    name: &'static str,
    state: State,
    /// One sentence; for anything but ok, with what to do.
    detail: String,
}

impl Finding {
    fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, state: State::Ok, detail: detail.into() }
    }

    fn warning(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, state: State::Warning, detail: detail.into() }
    }

    fn failed(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, state: State::Failed, detail: detail.into() }
    }
}

pub(super) async fn run(context: &Context, config: ServeConfig) -> Result<(), CliError> {
    let now_ms = context.clock.now_ms();
    let (mut findings, store) = data::database(context).await;
    if let Some(store) = &store {
        findings.extend(data::content(store, now_ms).await);
        findings.extend(
            data::webhooks(store, &NetworkPolicy::new(config.webhooks.networks.clone()), now_ms).await,
        );
    }
    findings.push(ways::assets());
    findings.push(ways::mail(&config).await);
    let has_file = context.database.starts_with("sqlite:");
    findings.push(ways::attachments(&config, has_file, store.as_ref()).await);
    findings.extend(ways::versions(&config, has_file));
    findings.extend(ways::nats(&config, store.as_ref()).await);
    findings.push(ways::certificates());
    findings.extend(reach::public_url(&config));
    findings.push(reach::listen(config.listen).await);
    findings.extend(reach::from_outside(&config, now_ms).await);
    if let Some(store) = store {
        store.close().await;
    }
    report(context, &findings)
}

fn report(context: &Context, findings: &[Finding]) -> Result<(), CliError> {
    let mut text = String::new();
    for Finding { name, state, detail } in findings {
        let _ = writeln!(text, "{:<8} {name:<13} {detail}", state.as_str());
    }
    let failed = findings.iter().filter(|finding| finding.state == State::Failed).count();
    let checks: Vec<Value> = findings
        .iter()
        .map(|Finding { name, state, detail }| json!({"name": name, "state": state.as_str(), "detail": detail}))
        .collect();
    context.output.print(&json!({"healthy": failed == 0, "checks": checks}), &text)?;
    if failed == 0 { Ok(()) } else { Err(CliError::Unhealthy(failed)) }
}
