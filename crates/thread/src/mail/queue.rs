//! The queue's workers. What waits is in the database; a PIN is drawn when its mail is made.

use super::address::MailAddress;
use super::message::pin_mail;
use super::transport::{MailError, Mailer};
use crate::clock::Clock;
use crate::directory::Directory;
use crate::pin::{Pin, PinHasher};
use crate::state::AppState;
use crate::store::{DueMail, Store, StoreError};
use lettre::message::Mailbox;
use std::time::Duration;
use tokio::sync::Notify;

/// Mails on their way at a time.
const WORKERS: usize = 4;
/// How often the queue is looked at without being told, for what is to be tried again.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Before the second try, the third, and so on; the last one repeats.
const WAIT_MS: [i64; 5] = [2_000, 5_000, 15_000, 60_000, 180_000];

/// Sends what waits.
#[derive(Debug)]
pub struct MailQueue {
    mailer: Mailer,
    sender: Mailbox,
    came: Notify,
}

impl MailQueue {
    /// A queue that sends by `mailer`, as `sender`.
    pub fn new(mailer: Mailer, sender: Mailbox) -> Self {
        Self { mailer, sender, came: Notify::new() }
    }

    /// A mail was queued.
    pub fn wake(&self) {
        self.came.notify_one();
    }

    /// Whether mails only go to the log.
    pub const fn is_log(&self) -> bool {
        self.mailer.is_log()
    }

    /// Sends the next mail that is due; `false` if there is none.
    async fn send_next(
        &self,
        store: &Store,
        directory: &Directory,
        hasher: &PinHasher,
        clock: &Clock,
    ) -> Result<bool, StoreError> {
        if !store.has_due_mail(clock.now_ms()).await? {
            return Ok(false);
        }
        let pin = Pin::draw();
        let Some(mail) = store.take_due_mail(&pin, hasher, clock.now_ms()).await? else { return Ok(false) };
        // Others may be due as well.
        self.came.notify_one();
        match self.send(&mail, &pin, directory, clock.now_ms()).await {
            Ok(()) => store.mail_sent(&mail.challenge_id).await?,
            Err(error) if error.is_permanent() => {
                tracing::warn!(%error, app_id = %mail.app_id, "a PIN's mail is given up");
                store.mail_sent(&mail.challenge_id).await?;
            }
            Err(error) => {
                let index = usize::try_from(mail.attempts - 1).unwrap_or(0).min(WAIT_MS.len() - 1);
                store.mail_failed(&mail.challenge_id, clock.now_ms() + WAIT_MS[index]).await?;
                tracing::warn!(%error, attempts = mail.attempts, "a PIN's mail waits for another try");
            }
        }
        Ok(true)
    }

    async fn send(
        &self,
        mail: &DueMail,
        pin: &Pin,
        directory: &Directory,
        now_ms: i64,
    ) -> Result<(), MailError> {
        // An app that was deleted, or an address that an older release let pass: there is nobody to tell.
        let Some(app) = directory.app(&mail.app_id) else { return Ok(()) };
        let Ok(to) = MailAddress::from_identity(&mail.email) else { return Ok(()) };
        let message = pin_mail(&self.sender, &to, &app.public.name, pin)?;
        self.mailer.send(message, pin.expose(), now_ms).await
    }
}

/// Sends until the service stops; a mail on its way is sent to its end.
pub async fn work(state: AppState) {
    let workers = (0..WORKERS).map(|_| one_worker(state.clone()));
    futures_util::future::join_all(workers).await;
}

async fn one_worker(state: AppState) {
    let queue = state.mail();
    while !state.shutdown().is_cancelled() {
        match queue.send_next(state.store(), state.directory(), state.pins(), state.clock()).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the mail queue cannot be read"),
        }
        tokio::select! {
            () = state.shutdown().cancelled() => {}
            () = queue.came.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}
