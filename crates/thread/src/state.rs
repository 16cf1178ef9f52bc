//! What a running service holds.

use crate::assets::Assets;
use crate::attachments::{AttachmentError, AttachmentTarget, Attachments};
use crate::auth::TokenSigner;
use crate::client_ip::ClientKey;
use crate::clock::Clock;
use crate::config::{ServeConfig, as_count, as_ms};
use crate::connections::ConnectionLimits;
use crate::directory::Directory;
use crate::limits::RateLimiter;
use crate::live::{Audience, Hub};
use crate::mail::{MailError, MailQueue, Mailer};
use crate::metrics::Limit;
use crate::metrics::MetricsAccess;
use crate::nodes::Nodes;
use crate::origin::Origin;
use crate::pin::PinHasher;
use crate::readiness::Readiness;
use crate::store::{ContactScope, PinLimits, Store, StoreError, StoredEvent};
use crate::versions::{Versions, VersionsTarget};
use crate::webhooks::Dispatcher;
use ipnet::IpNet;
use protocol::conversation::ServerFrame;
use protocol::wire::AttachmentLimits;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Shared by all requests. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    store: Store,
    directory: Directory,
    hub: Arc<Hub>,
    nodes: Nodes,
    signer: TokenSigner,
    pins: PinHasher,
    mail: MailQueue,
    attachments: Option<Attachments>,
    webhooks: Dispatcher,
    clock: Clock,
    assets: Assets,
    versions: Versions,
    limits: Limits,
    settings: Settings,
    readiness: Readiness,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

/// The rate limits.
#[derive(Debug)]
pub struct Limits {
    /// Refused connection keys.
    pub sign_in_failures: RateLimiter<ClientKey>,
    /// Wrong PINs, whatever they were tried on.
    pub pin_failures: RateLimiter<ClientKey>,
    /// Reports of leaked secrets.
    pub leaked_secrets: RateLimiter<ClientKey>,
    /// Messages of a contact.
    pub messages: RateLimiter<ContactScope>,
    /// That somebody is writing.
    pub typing: RateLimiter<Typist>,
    /// Uploads.
    pub uploads: RateLimiter<Typist>,
}

/// Who is writing, or uploads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Typist {
    /// A contact.
    Contact(ContactScope),
    /// An agents' tool, by its API key's id.
    Agent(String),
}

/// What was configured.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where browsers reach this service.
    pub public_origin: Origin,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Life of a token, milliseconds.
    pub session_lifetime_ms: i64,
    /// Life of a session by key, renewals and all, milliseconds.
    pub session_max_lifetime_ms: i64,
    /// Life of a token that came from a PIN, milliseconds.
    pub pin_session_lifetime_ms: i64,
    /// Life of a session by PIN, renewals and all, milliseconds.
    pub pin_session_max_lifetime_ms: i64,
    /// Limits of signing in by PIN.
    pub pin_limits: PinLimits,
    /// Largest body, bytes.
    pub max_body_bytes: usize,
    /// Open sockets of a contact.
    pub max_sockets: usize,
    /// Open sockets of an app's agents.
    pub max_agent_sockets: usize,
    /// For a live socket to say who it is.
    pub hello_within: Duration,
    /// For a request to arrive and be answered.
    pub request_within: Duration,
    /// For an upload to arrive and be answered.
    pub upload_within: Duration,
    /// Uploads on their way at a time.
    pub max_uploads_in_flight: usize,
    /// What connections may take.
    pub connections: ConnectionLimits,
    /// Who may read the metrics at the common address, unless they have one of their own.
    pub metrics: Option<MetricsAccess>,
    /// Closed service requests are kept for so long, milliseconds.
    pub retention_ms: Option<i64>,
    /// The playground makes connection keys for whoever asks.
    pub demo: bool,
}

/// Why a service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// `--nats` for one node.
    #[error("--nats connects nodes that share a PostgreSQL; with SQLite there is one: leave it out")]
    NatsAlone,
    /// `--attachments`.
    #[error("--attachments: {0}")]
    Attachments(#[from] AttachmentError),
    /// `--widget-versions`.
    #[error("--widget-versions {0}: {1}")]
    Versions(String, std::io::Error),
    /// `--demo`.
    #[error(
        "--demo makes connection keys for whoever asks, so it takes no requests from elsewhere: listen on 127.0.0.1, and \
         let --public-url be on this machine too (found {0})"
    )]
    Demo(String),
    /// `--mail`.
    #[error("--mail: {0}")]
    Mail(#[from] MailError),
}

impl AppState {
    /// Reads what is stored and gets ready to serve.
    ///
    /// # Errors
    /// If the database fails or was encrypted with another master key.
    pub async fn load(
        store: Store,
        config: &ServeConfig,
        public_origin: Origin,
        assets: Assets,
        clock: Clock,
    ) -> Result<Self, LoadError> {
        if config.nats.is_some() && !store.is_shared() {
            return Err(LoadError::NatsAlone);
        }
        let session_key = store.session_signing_key().await?;
        let nodes = Nodes::new(config.nats.clone(), &session_key);
        let signer = TokenSigner::new(&session_key);
        let pins = PinHasher::new(store.pin_key().await?);
        let mail = MailQueue::new(Mailer::new(&config.mail)?, config.mail_from.clone());
        let file_limits = AttachmentLimits {
            max_bytes: config.limits.attachment_bytes.into(),
            content_types: config.attachment_types.clone(),
        };
        let beside_the_database = || store.attachments_folder().map(AttachmentTarget::Folder);
        let target = config.attachments.clone().or_else(beside_the_database).unwrap_or_else(|| {
            tracing::warn!("attachments are off: --attachments names no place that all nodes share");
            AttachmentTarget::Off
        });
        let attachments = Attachments::open(&target, file_limits)?;
        let versions = keep_versions(&store, config.widget_versions.as_ref(), &assets)?;
        if config.demo {
            demo_is_for_this_machine(config, &public_origin)?;
        }
        let public_limits = attachments.as_ref().map(|attachments| attachments.limits().clone());
        let directory = Directory::load(&store, public_limits, clock.now_ms()).await?;
        let limits = Limits {
            sign_in_failures: RateLimiter::per_minute(
                Limit::SignInFailures,
                config.limits.sign_in_failures,
                clock.clone(),
            ),
            pin_failures: RateLimiter::per_hour(
                Limit::PinFailures,
                config.limits.pin_failures_per_ip,
                clock.clone(),
            ),
            leaked_secrets: RateLimiter::per_minute(
                Limit::LeakedSecrets,
                config.limits.leaked_secrets,
                clock.clone(),
            ),
            messages: RateLimiter::per_minute(Limit::Messages, config.limits.messages, clock.clone()),
            uploads: RateLimiter::per_minute(Limit::Uploads, config.limits.uploads, clock.clone()),
            typing: RateLimiter::per_minute(Limit::Typing, config.limits.typing, clock.clone()),
        };
        let settings = Settings {
            public_origin,
            trusted_proxies: config.trusted_proxies.clone(),
            session_lifetime_ms: as_ms(config.session_lifetime),
            session_max_lifetime_ms: as_ms(config.session_max_lifetime),
            pin_session_lifetime_ms: as_ms(config.pin_session_lifetime),
            pin_session_max_lifetime_ms: as_ms(config.pin_session_max_lifetime),
            pin_limits: PinLimits {
                tries_per_challenge: config.limits.pin_tries.into(),
                failures_per_day: config.limits.pin_failures.into(),
                mails_per_address: config.limits.pin_mails.into(),
                mails_per_client: config.limits.pin_mails_per_ip.into(),
            },
            max_body_bytes: as_count(config.limits.body_bytes),
            max_sockets: as_count(config.limits.sockets),
            max_agent_sockets: as_count(config.limits.agent_sockets),
            hello_within: config.limits.hello_time,
            request_within: config.limits.request_time,
            upload_within: config.limits.upload_time,
            max_uploads_in_flight: as_count(config.limits.uploads_in_flight),
            connections: config.limits.of_connections(&config.trusted_proxies),
            metrics: match config.metrics_listen {
                Some(_) => None,
                None => Some(MetricsAccess::only_from(config.metrics_from.clone())),
            },
            retention_ms: config.retention.map(as_ms),
            demo: config.demo,
        };
        Ok(Self(Arc::new(Inner {
            store,
            directory,
            hub: Arc::default(),
            nodes,
            signer,
            pins,
            mail,
            attachments,
            webhooks: Dispatcher::new(&config.webhooks),
            clock,
            assets,
            versions,
            limits,
            settings,
            readiness: Readiness::default(),
            shutdown: CancellationToken::new(),
            tasks: TaskTracker::new(),
        })))
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Apps, secrets and sessions in memory.
    pub fn directory(&self) -> &Directory {
        &self.0.directory
    }

    /// The open sockets.
    pub fn hub(&self) -> &Arc<Hub> {
        &self.0.hub
    }

    /// The other nodes.
    pub fn nodes(&self) -> &Nodes {
        &self.0.nodes
    }

    /// Tells what was stored to every socket that it concerns, here and at the other nodes.
    pub fn publish(&self, contact: &ContactScope, events: &[StoredEvent]) {
        self.directory().add_contact(contact);
        self.hub().publish(contact, events);
        self.nodes().tell_events(contact, events);
    }

    /// The same for what is told in passing; not to sockets of the API key with this id.
    pub fn note(&self, audience: &Audience, note: &ServerFrame, but_key: Option<&str>) {
        self.hub().note(audience, note, but_key);
        self.nodes().tell_note(audience, note, but_key);
    }

    /// Makes and verifies session tokens.
    pub fn signer(&self) -> &TokenSigner {
        &self.0.signer
    }

    /// Hashes PINs.
    pub fn pins(&self) -> &PinHasher {
        &self.0.pins
    }

    /// The queue of mails.
    pub fn mail(&self) -> &MailQueue {
        &self.0.mail
    }

    /// The attachments, unless they are off.
    pub fn attachments(&self) -> Option<&Attachments> {
        self.0.attachments.as_ref()
    }

    /// Sends webhooks.
    pub fn webhooks(&self) -> &Dispatcher {
        &self.0.webhooks
    }

    /// The time.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The browser files.
    pub fn assets(&self) -> &Assets {
        &self.0.assets
    }

    /// The widget's versions.
    pub fn versions(&self) -> &Versions {
        &self.0.versions
    }

    /// The rate limits.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// What was configured.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Whether the database answers.
    pub fn readiness(&self) -> &Readiness {
        &self.0.readiness
    }

    /// Where browsers reach this service.
    pub fn public_origin(&self) -> &Origin {
        &self.0.settings.public_origin
    }

    /// Whose `X-Forwarded-For` is believed.
    pub fn trusted_proxies(&self) -> &[IpNet] {
        &self.0.settings.trusted_proxies
    }

    /// Cancelled when the service is to stop.
    pub fn shutdown(&self) -> &CancellationToken {
        &self.0.shutdown
    }

    /// Work that a stopping service waits for: sockets, and writes on their way.
    pub fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }
}

fn keep_versions(
    store: &Store,
    target: Option<&VersionsTarget>,
    assets: &Assets,
) -> Result<Versions, LoadError> {
    let folder = match target {
        Some(VersionsTarget::Off) => return Ok(Versions::of(assets)),
        Some(VersionsTarget::Folder(folder)) => Some(folder.clone()),
        None => store.folder_beside(".widget"),
    };
    let Some(folder) = folder else {
        tracing::warn!(
            "of the widget's versions, the one that is built in is served alone: --widget-versions names no folder that \
             all nodes share"
        );
        return Ok(Versions::of(assets));
    };
    Versions::keep(assets, &folder).map_err(|error| LoadError::Versions(folder.display().to_string(), error))
}

/// Whoever can reach a demo can sign in as anybody.
fn demo_is_for_this_machine(config: &ServeConfig, public_origin: &Origin) -> Result<(), LoadError> {
    if !config.listen.ip().is_loopback() {
        return Err(LoadError::Demo(config.listen.to_string()));
    }
    if !public_origin.is_loopback() {
        return Err(LoadError::Demo(public_origin.to_string()));
    }
    Ok(())
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppState(…)")
    }
}
