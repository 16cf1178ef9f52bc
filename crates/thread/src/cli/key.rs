//! `thread key …`.

use super::{CliError, Context, no_app, output};
use crate::clock::rfc3339;
use crate::config::parse_duration;
use crate::store::{Store, StoredSecret};
use clap::{Args, Subcommand};
use protocol::AppId;
use protocol::secret_scan::SECRET_PREFIX;
use serde_json::{Value, json};
use signing::explain::{Candidate, Case, Explanation, Mistake, Standing, explain, one_time_name};
use signing::{Lifetime, Secret, Terms, sign_v1, sign_v2};
use std::fmt::Write as _;
use std::io::{self, Read as _};
use zeroize::Zeroizing;

#[derive(Subcommand, Debug)]
pub(super) enum KeyCommand {
    /// Make the connection key of an email; the secret comes on standard input
    ///
    /// To compare with what your portal's server makes: thread key sign --email ann@x.com < secret.txt
    Sign(Sign),
    /// Tell why Thread refuses a connection key, and what to do about it
    ///
    /// Tries every way in which portals get it wrong: secret and email swapped, another hash or notation, an email or
    /// a secret that was changed on the way, another app's secret, a key that has expired or was used. Ends with exit code 1
    /// if the key is refused.
    Explain(Explain),
}

#[derive(Args, Debug)]
pub(super) struct Sign {
    /// The email, byte for byte as the page will carry it
    #[arg(long)]
    email: String,
    /// Make a v2 key: for one app and one page load, for minutes
    #[arg(long, requires = "app")]
    v2: bool,
    /// Identifier of the app that a v2 key is for
    #[arg(long, value_name = "APP_ID", requires = "v2")]
    app: Option<AppId>,
    /// How long a v2 key is good, 10m at the most
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = parse_lifetime, requires = "v2")]
    lifetime: Lifetime,
}

#[derive(Args, Debug)]
pub(super) struct Explain {
    /// The appId that the page passes to initialize
    #[arg(long, value_name = "APP_ID")]
    app: AppId,
    /// The connectionEmail of the page, byte for byte
    #[arg(long, allow_hyphen_values = true)]
    email: String,
    /// The connectionKey of the page
    #[arg(long, allow_hyphen_values = true)]
    key: String,
}

pub(super) async fn run(context: &Context, command: KeyCommand) -> Result<(), CliError> {
    match command {
        KeyCommand::Sign(sign) => run_sign(context, &sign),
        KeyCommand::Explain(explain) => run_explain(context, &explain).await,
    }
}

fn parse_lifetime(text: &str) -> Result<Lifetime, String> {
    Lifetime::new(parse_duration(text)?).map_err(|error| error.to_string())
}

fn run_sign(context: &Context, sign: &Sign) -> Result<(), CliError> {
    let mut text = Zeroizing::new(String::new());
    io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|error| CliError::Io("cannot read the secret from standard input".to_owned(), error))?;
    // Files and `echo` end in one line end; it is not part of the secret.
    let text = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    let secret = Secret::from_text(text)?;
    if !text.starts_with(SECRET_PREFIX) {
        output::note(
            "what came on standard input does not begin with cgs_, as Thread's secrets do: is it the whole secret, and \
             not the secret's identifier?",
        );
    }
    let now_s = u64::try_from(context.clock.now_ms() / 1_000).unwrap_or(0);
    let Some(app_id) = &sign.app else {
        let key = sign_v1(&secret, &sign.email);
        return context.output.print(&json!({"connectionKey": key}), &key);
    };
    let terms = Terms::new(now_s, sign.lifetime);
    let key = sign_v2(&secret, app_id, &sign.email, &terms);
    let expires_at = rfc3339(i64::try_from(terms.expires_s()).unwrap_or(i64::MAX).saturating_mul(1_000));
    context.output.print(&json!({"connectionKey": key, "expiresAt": expires_at}), &key)
}

async fn run_explain(context: &Context, asked: &Explain) -> Result<(), CliError> {
    let store = context.store().await?;
    let app = store.find_app(&asked.app).await?.ok_or_else(|| no_app(&asked.app))?;
    let now_ms = context.clock.now_ms();
    let used_at_ms = match one_time_name(&asked.key) {
        Some(name) => store.key_used_at(&name).await?,
        None => None,
    };
    let secrets = opened_secrets(&store, &asked.app).await?;
    let candidates: Vec<Candidate<'_>> = secrets
        .iter()
        .map(|(stored, secret)| Candidate {
            secret,
            id: &stored.id,
            standing: if stored.app_id != asked.app {
                Standing::OfOtherApp(&stored.app_id)
            } else if stored.revoked_at.is_some() {
                Standing::Revoked
            } else if stored.expires_at.is_some_and(|until| until <= now_ms) {
                Standing::Lapsed
            } else {
                Standing::InForce
            },
        })
        .collect();
    let other_apps: Vec<AppId> = store.list_apps().await?.into_iter().map(|app| app.id).collect();
    let explanation = explain(&Case {
        app_id: &asked.app,
        email: &asked.email,
        key: &asked.key,
        requires_v2: app.require_v2,
        now_ms,
        candidates: &candidates,
        other_apps: &other_apps,
        used_at_ms,
    });
    context.output.print(&to_json(&explanation, &asked.app), &to_text(&explanation, &asked.app))?;
    match explanation {
        Explanation::Valid { .. } => Ok(()),
        Explanation::Mistakes(_) | Explanation::Unexplained(_) => {
            Err(CliError::Negative("the key is refused"))
        }
    }
}

/// Every secret that is still there, the app's own first.
async fn opened_secrets(store: &Store, app_id: &AppId) -> Result<Vec<(StoredSecret, Secret)>, CliError> {
    let mut stored = store.all_secrets().await?;
    stored.sort_by_key(|secret| secret.app_id != *app_id);
    let opened = stored.into_iter().map(|stored| {
        let secret = store.open_secret(&stored)?;
        Ok((stored, secret))
    });
    opened.collect()
}

fn to_json(explanation: &Explanation, app_id: &AppId) -> Value {
    let mistakes: Vec<Value> = explanation
        .mistakes()
        .iter()
        .map(|mistake| {
            let mut told =
                json!({"mistake": mistake.code(), "cause": mistake.cause(), "cure": mistake.cure(app_id)});
            if let Mistake::Used { at_ms } = mistake {
                told["usedAt"] = rfc3339(*at_ms).into();
            }
            told
        })
        .collect();
    let secret_id = match explanation {
        Explanation::Valid { secret_id } => Some(secret_id),
        _ => None,
    };
    json!({
        "valid": secret_id.is_some(),
        "secretId": secret_id,
        "certain": !matches!(explanation, Explanation::Unexplained(_)),
        "mistakes": mistakes,
    })
}

fn to_text(explanation: &Explanation, app_id: &AppId) -> String {
    let mut text = match explanation {
        Explanation::Valid { secret_id } => {
            return format!(
                "Thread takes this key: it was made with the secret {secret_id} from exactly this email.\nIf the page is \
                 refused all the same, look at its origin: thread app show {app_id}."
            );
        }
        Explanation::Mistakes(_) => "Thread refuses this key. This is how it came about:\n".to_owned(),
        Explanation::Unexplained(_) => {
            "Thread refuses this key, and no known mistake leads to it. What it looks like:\n".to_owned()
        }
    };
    for mistake in explanation.mistakes() {
        let _ = write!(text, "\n- {}", mistake.cause());
        if let Mistake::Used { at_ms } = mistake {
            let _ = write!(text, " First used: {}.", rfc3339(*at_ms));
        }
        let _ = writeln!(text, "\n  {}", mistake.cure(app_id));
    }
    text
}
