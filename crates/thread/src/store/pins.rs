//! Challenges of sign-in by PIN, their limits, and the queue of their mails.
//!
//! Every decision is one writing transaction, and those of an app are in order: of parallel guesses each sees what the
//! one before it left. What is refused writes as well, so that it takes about as long as what is not.

use super::transaction::retried;
use super::{Store, StoreError, Tx};
use crate::clock::MINUTE_MS;
use crate::crypto::random_credential;
use crate::pin::{Pin, PinHasher};
use protocol::AppId;

const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// How long a PIN is valid once its mail is made.
pub const PIN_VALID_MS: i64 = 10 * MINUTE_MS;
/// A mail that could not be sent for so long is given up: whoever waited has gone.
pub const MAIL_GIVEN_UP_AFTER_MS: i64 = 30 * MINUTE_MS;
/// A mail that is being sent is nobody else's for so long; a process that dies leaves it to the next.
const SENDING_MS: i64 = MINUTE_MS;

/// The limits of signing in by PIN.
#[derive(Clone, Copy, Debug)]
pub struct PinLimits {
    /// Tries of one challenge.
    pub tries_per_challenge: i64,
    /// Wrong tries of an app and address in 24 hours.
    pub failures_per_day: i64,
    /// Mails to an address of an app in 15 minutes.
    pub mails_per_address: i64,
    /// Mails that one client's address can cause in an hour.
    pub mails_per_client: i64,
}

/// Who wants a PIN.
#[derive(Clone, Copy, Debug)]
pub struct PinRequest<'a> {
    /// The app.
    pub app_id: &'a AppId,
    /// Normalised address.
    pub email: &'a str,
    /// Keyed hash of the client's address.
    pub client_mac: &'a str,
}

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PinOutcome<T> {
    /// It had its effect.
    Done(T),
    /// It had none; so many of the app's calls had none in this hour.
    Refused(i64),
}

/// A mail that is to be sent now.
#[derive(Clone, Debug)]
pub struct DueMail {
    /// Its challenge.
    pub challenge_id: String,
    /// The app.
    pub app_id: AppId,
    /// Whom it goes to: the normalised address, never what was typed.
    pub email: String,
    /// Tries so far, with this one.
    pub attempts: i64,
}

impl Store {
    /// Makes a challenge and queues its mail, within the limits.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn request_pin(
        &self,
        request: PinRequest<'_>,
        limits: &PinLimits,
        now_ms: i64,
    ) -> Result<PinOutcome<String>, StoreError> {
        retried!(self.try_request_pin(request, limits, now_ms))
    }

    async fn try_request_pin(
        &self,
        request: PinRequest<'_>,
        limits: &PinLimits,
        now_ms: i64,
    ) -> Result<PinOutcome<String>, StoreError> {
        let mut tx = self.begin_for(request.app_id).await?;
        prune(&mut tx, now_ms).await?;
        let of_address = count(
            &mut tx,
            "SELECT COUNT(*) FROM pin_challenges WHERE created_at > $1 AND app_id = $2 AND email = $3",
            &[request.app_id.as_str(), request.email],
            now_ms - 15 * MINUTE_MS,
        )
        .await?;
        let of_client = count(
            &mut tx,
            "SELECT COUNT(*) FROM pin_challenges WHERE created_at > $1 AND client_mac = $2",
            &[request.client_mac],
            now_ms - HOUR_MS,
        )
        .await?;
        let failures = failures(&mut tx, request.app_id.as_str(), request.email, now_ms).await?;
        let within = of_address < limits.mails_per_address
            && of_client < limits.mails_per_client
            && failures < limits.failures_per_day;
        let id = random_credential("pin_");
        let outcome = if within {
            sqlx::query(
                "INSERT INTO pin_challenges (id, app_id, email, client_mac, tries, created_at, expires_at) \
                 SELECT $1, id, $3, $4, 0, $5, $6 FROM apps WHERE id = $2",
            )
            .bind(&id)
            .bind(request.app_id.as_str())
            .bind(request.email)
            .bind(request.client_mac)
            .bind(now_ms)
            .bind(now_ms + MAIL_GIVEN_UP_AFTER_MS)
            .execute(&mut *tx)
            .await?;
            PinOutcome::Done(id.clone())
        } else {
            PinOutcome::Refused(refuse(&mut tx, request.app_id.as_str(), now_ms).await?)
        };
        // Queues nothing where there is no challenge, and takes as long.
        sqlx::query(
            "INSERT INTO pin_mails (challenge_id, attempts, next_at) SELECT id, 0, $2 FROM pin_challenges WHERE id = $1",
        )
        .bind(&id)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// Uses a PIN up: the address that it was mailed to.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn use_pin(
        &self,
        app_id: &AppId,
        challenge_id: &str,
        pin: &Pin,
        hasher: &PinHasher,
        limits: &PinLimits,
        now_ms: i64,
    ) -> Result<PinOutcome<String>, StoreError> {
        retried!(self.try_use_pin(app_id, challenge_id, pin, hasher, limits, now_ms))
    }

    async fn try_use_pin(
        &self,
        app_id: &AppId,
        challenge_id: &str,
        pin: &Pin,
        hasher: &PinHasher,
        limits: &PinLimits,
        now_ms: i64,
    ) -> Result<PinOutcome<String>, StoreError> {
        type Row = (String, Option<String>, i64, i64, Option<i64>);
        let mut tx = self.begin_for(app_id).await?;
        let row: Option<Row> = sqlx::query_as(
            "SELECT email, pin_mac, tries, expires_at, used_at FROM pin_challenges WHERE id = $1 AND app_id = $2",
        )
        .bind(challenge_id)
        .bind(app_id.as_str())
        .fetch_optional(&mut *tx)
        .await?;
        let fits = hasher.verify(challenge_id, pin, row.as_ref().and_then(|(_, mac, ..)| mac.as_deref()));
        // One that is not there is as one that nothing fits: whatever is asked and written of a challenge is asked and
        // written for it, too, so that the time tells nothing.
        let (email, tries, expires_at, used_at) = row.map_or_else(
            || (String::new(), 0, 0, None),
            |(email, _, tries, expires_at, used_at)| (email, tries, expires_at, used_at),
        );
        let failures = failures(&mut tx, app_id.as_str(), &email, now_ms).await?;
        let is_open = used_at.is_none()
            && expires_at > now_ms
            && tries < limits.tries_per_challenge
            && failures < limits.failures_per_day;
        if is_open && fits {
            sqlx::query("UPDATE pin_challenges SET used_at = $2 WHERE id = $1")
                .bind(challenge_id)
                .bind(now_ms)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            return Ok(PinOutcome::Done(email));
        }
        let (challenge, address) = if is_open { (challenge_id, email.as_str()) } else { ("", "") };
        sqlx::query("UPDATE pin_challenges SET tries = tries + 1 WHERE id = $1")
            .bind(challenge)
            .execute(&mut *tx)
            .await?;
        // Nobody has an empty address.
        sqlx::query(
            "INSERT INTO pin_failures (app_id, email, failed_at) SELECT id, $2, $3 FROM apps WHERE id = $1",
        )
        .bind(app_id.as_str())
        .bind(address)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        let number = refuse(&mut tx, app_id.as_str(), now_ms).await?;
        tx.commit().await?;
        Ok(PinOutcome::Refused(number))
    }

    /// How many mails wait to be sent, now or later.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn waiting_mails(&self) -> Result<i64, StoreError> {
        let (number,): (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM pin_mails").fetch_one(&self.reader).await?;
        Ok(number)
    }

    /// Whether a mail waits to be sent.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn has_due_mail(&self, now_ms: i64) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = sqlx::query_as("SELECT next_at FROM pin_mails WHERE next_at <= $1 LIMIT 1")
            .bind(now_ms)
            .fetch_optional(&self.reader)
            .await?;
        Ok(row.is_some())
    }

    /// Takes the next mail and gives its challenge this PIN, in place of that of an earlier try. Until it is settled
    /// by [`Store::mail_sent`] or [`Store::mail_failed`], nobody else takes it for a minute.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn take_due_mail(
        &self,
        pin: &Pin,
        hasher: &PinHasher,
        now_ms: i64,
    ) -> Result<Option<DueMail>, StoreError> {
        let mut tx = self.begin().await?;
        // Also what was used or blocked meanwhile needs no mail.
        sqlx::query(
            "DELETE FROM pin_mails WHERE challenge_id IN \
             (SELECT c.id FROM pin_mails m JOIN pin_challenges c ON c.id = m.challenge_id \
             WHERE m.next_at <= $2 AND (c.used_at IS NOT NULL OR c.created_at <= $1))",
        )
        .bind(now_ms - MAIL_GIVEN_UP_AFTER_MS)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        let row: Option<(String, String, String, i64)> = sqlx::query_as(
            "SELECT c.id, c.app_id, c.email, m.attempts FROM pin_mails m JOIN pin_challenges c ON c.id = m.challenge_id \
             WHERE m.next_at <= $1 ORDER BY m.next_at, c.created_at LIMIT 1",
        )
        .bind(now_ms)
        .fetch_optional(&mut *tx)
        .await?;
        let Some((challenge_id, app_id, email, attempts)) = row else {
            tx.commit().await?;
            return Ok(None);
        };
        sqlx::query("UPDATE pin_mails SET attempts = attempts + 1, next_at = $2 WHERE challenge_id = $1")
            .bind(&challenge_id)
            .bind(now_ms + SENDING_MS)
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE pin_challenges SET pin_mac = $2, expires_at = $3 WHERE id = $1")
            .bind(&challenge_id)
            .bind(hasher.pin(&challenge_id, pin))
            .bind(now_ms + PIN_VALID_MS)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Some(DueMail { challenge_id, app_id: AppId(app_id), email, attempts: attempts + 1 }))
    }

    /// The mail is out.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn mail_sent(&self, challenge_id: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM pin_mails WHERE challenge_id = $1")
            .bind(challenge_id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The mail is to be tried again then.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn mail_failed(&self, challenge_id: &str, next_at_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE pin_mails SET next_at = $2 WHERE challenge_id = $1")
            .bind(challenge_id)
            .bind(next_at_ms)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn count(tx: &mut Tx, sql: &'static str, keys: &[&str], after_ms: i64) -> Result<i64, StoreError> {
    let mut query = sqlx::query_as(sql).bind(after_ms);
    for key in keys {
        query = query.bind(*key);
    }
    let (number,): (i64,) = query.fetch_one(&mut **tx).await?;
    Ok(number)
}

async fn failures(tx: &mut Tx, app_id: &str, email: &str, now_ms: i64) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) FROM pin_failures WHERE failed_at > $1 AND app_id = $2 AND email = $3";
    count(tx, sql, &[app_id, email], now_ms - DAY_MS).await
}

/// Counts a call without effect; how many there were in this hour.
async fn refuse(tx: &mut Tx, app_id: &str, now_ms: i64) -> Result<i64, StoreError> {
    let row: Option<(i64,)> = sqlx::query_as(
        "INSERT INTO pin_refusals (app_id, hour, number) SELECT id, $2, 1 FROM apps WHERE id = $1 \
         ON CONFLICT (app_id, hour) DO UPDATE SET number = pin_refusals.number + 1 RETURNING number",
    )
    .bind(app_id)
    .bind(now_ms / HOUR_MS)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map_or(0, |(number,)| number))
}

/// Takes away what no limit looks at any more.
async fn prune(tx: &mut Tx, now_ms: i64) -> Result<(), StoreError> {
    for (sql, before) in [
        ("DELETE FROM pin_challenges WHERE created_at <= $1", now_ms - HOUR_MS),
        ("DELETE FROM pin_failures WHERE failed_at <= $1", now_ms - DAY_MS),
        ("DELETE FROM pin_refusals WHERE hour < $1", (now_ms - DAY_MS) / HOUR_MS),
    ] {
        sqlx::query(sql).bind(before).execute(&mut **tx).await?;
    }
    Ok(())
}
