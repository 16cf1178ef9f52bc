//! What the service hands things to: browser files, mail, attachments, TLS.

use super::Finding;
use crate::assets::Assets;
use crate::attachments::{AttachmentTarget, Attachments};
use crate::config::ServeConfig;
use crate::http_client;
use crate::mail::{MailTarget, Mailer};
use crate::store::Store;
use hyper_util::client::legacy::connect::dns::GaiResolver;
use protocol::wire::AttachmentLimits;
use std::path::Path;
use std::time::Duration;

const NATS_PATIENCE: Duration = Duration::from_secs(5);

/// Whether the program was built with its browser files.
pub(super) fn assets() -> Finding {
    let assets = Assets::embedded();
    let missing: Vec<_> = ["widget.js", "messenger/index.html"]
        .into_iter()
        .filter(|path| assets.find(path).is_none())
        .collect();
    if missing.is_empty() {
        Finding::ok("assets", "widget and panel are built in")
    } else {
        let detail =
            format!("this program was built without {}: build it by ./build.sh", missing.join(" and "));
        Finding::failed("assets", detail)
    }
}

/// Whether mails can go out. None is sent.
pub(super) async fn mail(config: &ServeConfig) -> Finding {
    const NAME: &str = "mail";
    if let MailTarget::File(folder) = &config.mail
        && !folder.is_dir()
    {
        return Finding::warning(
            NAME,
            format!("{} is not there yet: it is made at the start", folder.display()),
        );
    }
    let checked = match Mailer::new(&config.mail) {
        Ok(mailer) => mailer.check().await,
        Err(error) => Err(error),
    };
    match (checked, &config.mail) {
        (Err(error), _) => Finding::failed(NAME, format!("{error}: see --mail")),
        (Ok(()), MailTarget::Log) => Finding::warning(
            NAME,
            "PINs only go to the log, which is for development: set --mail smtp://… or smtps://…",
        ),
        (Ok(()), _) if config.mail_from.email.domain() == "localhost" => Finding::warning(
            NAME,
            format!(
                "answers; but mails come from {}, which few servers take: set --mail-from",
                config.mail_from.email
            ),
        ),
        (Ok(()), target) => {
            Finding::ok(NAME, format!("{target:?} takes mails from {}", config.mail_from.email))
        }
    }
}

/// Whether attachments can be stored, read and taken away again.
pub(super) async fn attachments(config: &ServeConfig, has_file: bool, store: Option<&Store>) -> Finding {
    const NAME: &str = "attachments";
    let limits = AttachmentLimits { max_bytes: 0, content_types: Vec::new() };
    let target = match (&config.attachments, store) {
        (Some(target), _) => target.clone(),
        (None, Some(store)) => {
            store.attachments_folder().map_or(AttachmentTarget::Off, AttachmentTarget::Folder)
        }
        (None, None) if has_file => {
            return Finding::ok(NAME, "a folder beside the database, made at the start");
        }
        (None, None) => AttachmentTarget::Off,
    };
    if let AttachmentTarget::Off = target {
        return match &config.attachments {
            Some(_) => Finding::ok(NAME, "off"),
            None => Finding::warning(
                NAME,
                "off: PostgreSQL has no folder beside it. Set --attachments to s3://…, to file:DIR with a single node, or \
                 to off, which says that it is meant",
            ),
        };
    }
    if let AttachmentTarget::Folder(folder) = &target
        && config.nats.is_some()
    {
        let detail = format!(
            "{}: files of one node are there for the others only if all share this folder; else set --attachments s3://…",
            folder.display()
        );
        return Finding::warning(NAME, detail);
    }
    if let AttachmentTarget::Folder(folder) = &target
        && !Path::new(folder).exists()
    {
        return Finding::ok(NAME, format!("{} is made at the start", folder.display()));
    }
    let checked = match Attachments::open(&target, limits) {
        Ok(Some(attachments)) => attachments.check().await,
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    match checked {
        Ok(()) => Finding::ok(NAME, format!("{target} stores, gives back and deletes")),
        Err(error) => Finding::failed(NAME, error.to_string()),
    }
}

/// Where the widget's versions are kept.
pub(super) fn versions(config: &ServeConfig, has_file: bool) -> Option<Finding> {
    (config.widget_versions.is_none() && !has_file).then(|| {
        Finding::warning(
            "versions",
            "pages that pin a version of the widget by its hash lose it with an update: set --widget-versions to a folder that \
             all nodes share, or to off, which says that it is meant",
        )
    })
}

/// Whether NATS answers, if one is named.
pub(super) async fn nats(config: &ServeConfig, store: Option<&Store>) -> Option<Finding> {
    const NAME: &str = "nats";
    let target = config.nats.as_ref()?;
    if store.is_some_and(|store| !store.is_shared()) {
        let detail = "not used: a SQLite database has one node; --nats is for several on one PostgreSQL";
        return Some(Finding::warning(NAME, detail));
    }
    let connecting = async_nats::ConnectOptions::new().name("thread doctor").connect(target.0.clone());
    let said = match tokio::time::timeout(NATS_PATIENCE, connecting).await {
        Ok(Ok(_)) => return Some(Finding::ok(NAME, "NATS answers")),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer in time".to_owned(),
    };
    let detail = format!(
        "NATS does not answer ({said}), so nodes hear of each other up to a second later: see --nats"
    );
    Some(Finding::warning(NAME, detail))
}

/// Whether the system has certificates, for webhooks and mail over TLS.
pub(super) fn certificates() -> Finding {
    match http_client::connector(GaiResolver::new(), Duration::from_secs(1)) {
        Ok(_) => Finding::ok("certificates", "the system's can be read"),
        Err(error) => Finding::warning(
            "certificates",
            format!(
                "{error}: install the system's (Debian: ca-certificates), or webhooks and mail fail over TLS"
            ),
        ),
    }
}
