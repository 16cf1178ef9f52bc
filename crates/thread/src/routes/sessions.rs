//! Sessions: sign in by key or PIN, renew, end.

use super::body::{SimpleJson, WrittenJson};
use super::leaked_secrets::void_by_digest;
use super::params::findable;
use super::pins::alarm;
use super::write::to_the_end;
use crate::auth::{Claims, ContactCaller, PublicCaller};
use crate::clock::rfc3339;
use crate::crypto::uuid_v7;
use crate::directory::{AppEntry, SecretEntry, Use};
use crate::error::ApiError;
use crate::metrics::names;
use crate::pin::Pin;
use crate::state::AppState;
use crate::store::{ContactCounts, ContactScope, PinOutcome};
use axum::extract::State;
use axum::http::StatusCode;
use metrics::counter;
use protocol::secret_scan::find_secret;
use protocol::wire::{CreateSessionRequest, MAX_ATTEMPT_ID_BYTES, SignInMethod, User};
use protocol::{AppId, AttemptId, Email, ErrorCode};
use serde::Serialize;
use serde_json::value::RawValue;
use signing::digest_hex;

/// `POST /v1/sessions`.
pub(super) async fn create(
    State(state): State<AppState>,
    caller: PublicCaller,
    SimpleJson(request): SimpleJson<CreateSessionRequest>,
) -> Result<(StatusCode, WrittenJson), ApiError> {
    let (method, outcome) = match request {
        CreateSessionRequest::MessengerAuth { app_id, connection_email, connection_key, attempt_id } => {
            let credentials = Credentials { email: &connection_email, key: &connection_key, attempt_id };
            (SignInMethod::MessengerAuth, sign_in_by_key(&state, &caller, &app_id, credentials).await)
        }
        CreateSessionRequest::Pin { app_id, challenge_id, pin } => {
            (SignInMethod::Pin, sign_in_by_pin(&state, &caller, app_id, challenge_id, &pin).await)
        }
    };
    let result = outcome.as_ref().map_or_else(|error| error.code().as_str(), |_| "ok");
    counter!(names::SIGN_INS, "method" => method.as_str(), "result" => result).increment(1);
    Ok((StatusCode::CREATED, outcome?))
}

/// What a page carries.
struct Credentials<'a> {
    email: &'a str,
    key: &'a str,
    attempt_id: Option<AttemptId>,
}

async fn sign_in_by_key(
    state: &AppState,
    caller: &PublicCaller,
    app_id: &AppId,
    Credentials { email, key, attempt_id }: Credentials<'_>,
) -> Result<WrittenJson, ApiError> {
    // Before anything else is checked: what arrives here has been in a page.
    for secret in [key, email].into_iter().filter_map(find_secret) {
        void_by_digest(state, &digest_hex(secret)).await?;
    }
    let app = caller.app(app_id)?;
    let email = Email::parse(email).map_err(|error| {
        ApiError::field("connectionEmail", format!("`connectionEmail` {}.", error.found()))
    })?;
    check_attempt(attempt_id.as_ref())?;
    let now_ms = state.clock().now_ms();
    let Some(secret_id) = accepted(state, &app, &email, key, attempt_id, now_ms).await? else {
        // Only failures count: one office shares an address, and 256 bits cannot be guessed.
        state.limits().sign_in_failures.count(caller.client())?;
        // Nothing here tells one refusal from another: why, `thread key explain` tells who has the secret.
        return Err(ApiError::new(
            ErrorCode::InvalidConnectionKey,
            "The connectionKey is not the HMAC-SHA256, in hex, of exactly this connectionEmail with a valid secret of \
             this app, or it has expired or was used before. `thread key explain` tells which.",
        ));
    };
    let method = SignInMethod::MessengerAuth;
    let claims = claims(state, app_id.clone(), email.identity(), method, Some(secret_id), now_ms);
    respond(state, &app, claims).await
}

/// The secret that the key was made with, if it opens a session: a v2 key once, or again to the attempt that owns it.
async fn accepted(
    state: &AppState,
    app: &AppEntry,
    email: &Email,
    key: &str,
    attempt_id: Option<AttemptId>,
    now_ms: i64,
) -> Result<Option<String>, ApiError> {
    let Some((secret, genuine)) = app.verify_key(email.as_str(), key, now_ms) else { return Ok(None) };
    if let Some(one_time) = genuine.one_time().cloned() {
        let app_id = app.public.app_id.clone();
        let work = {
            let state = state.clone();
            async move { Ok(state.store().use_key(&app_id, &one_time, attempt_id.as_ref(), now_ms).await?) }
        };
        if !to_the_end(state, work).await? {
            return Ok(None);
        }
    }
    note_use(&app.public.app_id, secret, now_ms);
    Ok(Some(secret.id.clone()))
}

/// Tells the operator of a portal that still has the former secret shortly before it lapses.
fn note_use(app_id: &AppId, secret: &SecretEntry, now_ms: i64) {
    if let Use::NearItsEnd { expires_at, warn } = secret.used(now_ms) {
        counter!(names::OLD_SECRET_USES, "app" => app_id.as_str().to_owned(), "secret" => secret.id.clone())
            .increment(1);
        if warn {
            tracing::warn!(
                %app_id, secret_id = %secret.id, expires_at = %rfc3339(expires_at),
                "a portal still uses a secret that lapses soon: put the new one on its server"
            );
        }
    }
}

fn check_attempt(attempt_id: Option<&AttemptId>) -> Result<(), ApiError> {
    match attempt_id {
        Some(id) if !(1..=MAX_ATTEMPT_ID_BYTES).contains(&id.as_str().len()) => Err(ApiError::field(
            "attemptId",
            format!("`attemptId` must have 1 to {MAX_ATTEMPT_ID_BYTES} bytes, or be left out."),
        )),
        _ => Ok(()),
    }
}

/// Whatever is wrong, the reply is the same, after a write as well.
async fn sign_in_by_pin(
    state: &AppState,
    caller: &PublicCaller,
    app_id: AppId,
    challenge_id: String,
    pin: &str,
) -> Result<WrittenJson, ApiError> {
    let app = caller.app(&app_id)?;
    let pin =
        Pin::parse(pin).ok_or_else(|| ApiError::field("pin", "`pin` must be the six digits of the mail."))?;
    let challenge_id = findable(challenge_id);
    // Counted beforehand, so that parallel tries do not slip through, and given back if it was right.
    let client = caller.client();
    state.limits().pin_failures.count(client)?;
    let claims = {
        let state = state.clone();
        to_the_end(&state.clone(), async move {
            let (now_ms, limits) = (state.clock().now_ms(), &state.settings().pin_limits);
            match state.store().use_pin(&app_id, &challenge_id, &pin, state.pins(), limits, now_ms).await? {
                PinOutcome::Done(email) => {
                    state.limits().pin_failures.give_back(&client);
                    Ok(claims(&state, app_id, email, SignInMethod::Pin, None, now_ms))
                }
                PinOutcome::Refused(number) => {
                    alarm(&app_id, number);
                    Err(ApiError::new(
                        ErrorCode::InvalidPin,
                        "The PIN is wrong, was used before or is older than 10 minutes: have a new one sent.",
                    ))
                }
            }
        })
        .await?
    };
    respond(state, &app, claims).await
}

fn claims(
    state: &AppState,
    app_id: AppId,
    email: String,
    method: SignInMethod,
    secret_id: Option<String>,
    now_ms: i64,
) -> Claims {
    let (lifetime_ms, max_lifetime_ms) = lifetimes(state, method);
    let ends_at = now_ms.saturating_add(max_lifetime_ms);
    Claims {
        session_id: uuid_v7(now_ms),
        app_id,
        email,
        method,
        secret_id,
        issued_at: now_ms,
        expires_at: now_ms.saturating_add(lifetime_ms).min(ends_at),
        ends_at,
    }
}

/// Of a token, and of a session with all its renewals; milliseconds.
fn lifetimes(state: &AppState, method: SignInMethod) -> (i64, i64) {
    let settings = state.settings();
    match method {
        SignInMethod::MessengerAuth => (settings.session_lifetime_ms, settings.session_max_lifetime_ms),
        SignInMethod::Pin => (settings.pin_session_lifetime_ms, settings.pin_session_max_lifetime_ms),
    }
}

/// `POST /v1/sessions/current/renew`: a new token of the same session.
pub(super) async fn renew(
    State(state): State<AppState>,
    caller: ContactCaller,
) -> Result<WrittenJson, ApiError> {
    let now_ms = state.clock().now_ms();
    let mut claims = caller.claims;
    claims.issued_at = now_ms;
    let (lifetime_ms, _) = lifetimes(&state, claims.method);
    claims.expires_at = now_ms.saturating_add(lifetime_ms).min(claims.ends_at);
    state.hub().extend(&claims.session_id, claims.expires_at);
    respond(&state, &caller.app, claims).await
}

/// `DELETE /v1/sessions/current`: the session, in all its tokens and sockets, is over.
pub(super) async fn end(
    State(state): State<AppState>,
    caller: ContactCaller,
) -> Result<StatusCode, ApiError> {
    let claims = caller.claims;
    let work = {
        let state = state.clone();
        async move {
            state.store().revoke_session(&claims.session_id, claims.ends_at, state.clock().now_ms()).await?;
            state.directory().add_revoked(&claims.session_id, claims.ends_at);
            state.nodes().tell_changed();
            Ok(StatusCode::NO_CONTENT)
        }
    };
    to_the_end(&state, work).await
}

/// A `protocol::wire::SessionResponse`, with the app's part as the directory keeps it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session<'a> {
    token: String,
    expires_at: String,
    method: SignInMethod,
    user: User,
    app: &'a RawValue,
    unread: u32,
    open_service_requests: u32,
}

async fn respond(state: &AppState, app: &AppEntry, claims: Claims) -> Result<WrittenJson, ApiError> {
    let ContactCounts { unread, open_service_requests } = counts(state, &claims.scope()).await?;
    Ok(WrittenJson::of(&Session {
        token: state.signer().sign(&claims),
        expires_at: rfc3339(claims.expires_at),
        method: claims.method,
        user: User { email: claims.email },
        app: app.shown(state.clock().now_ms()),
        unread,
        open_service_requests,
    }))
}

async fn counts(state: &AppState, scope: &ContactScope) -> Result<ContactCounts, ApiError> {
    if state.directory().may_know_contact(scope) {
        Ok(state.store().contact_counts(scope).await?)
    } else {
        Ok(ContactCounts::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::wire::{App, SessionResponse, Theme};
    use serde_json::value::to_raw_value;

    #[test]
    fn an_answer_is_what_the_protocol_says() {
        let app = App {
            app_id: "app".into(),
            name: "Shop".into(),
            greeting: None,
            theme: Theme { brand_color: "#2f5bea".into(), position: None },
            sign_in: vec![SignInMethod::Pin],
            away: Some(true),
            away_text: None,
            office_hours: None,
            attachments: None,
        };
        let session = Session {
            token: "cgt_".into(),
            expires_at: rfc3339(0),
            method: SignInMethod::Pin,
            user: User { email: "ann@shop.example".into() },
            app: &to_raw_value(&app).expect("serialises"),
            unread: 3,
            open_service_requests: 2,
        };
        let written = serde_json::to_value(&session).expect("serialises");
        let read: SessionResponse = serde_json::from_value(written.clone()).expect("of the protocol");
        let counts = (read.unread, read.open_service_requests);
        assert_eq!((read.app.name.as_str(), counts), ("Shop", (3, 2)));
        assert_eq!(serde_json::to_value(&read).expect("serialises"), written, "and nothing else");
    }
}
