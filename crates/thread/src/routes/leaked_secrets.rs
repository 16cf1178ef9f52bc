//! `POST /v1/leaked-secrets`: a secret that was seen in a page is void.

use super::body::SimpleJson;
use crate::auth::PublicCaller;
use crate::error::ApiError;
use crate::metrics::names;
use crate::state::AppState;
use crate::store::Revocation;
use axum::extract::State;
use axum::http::StatusCode;
use metrics::counter;
use protocol::AppId;
use protocol::wire::LeakedSecretRequest;

/// Answers `204` whatever came: a reply that differed would tell which digests are of secrets. Any page may report,
/// since whoever knows the digest knows the secret.
pub(super) async fn report(
    State(state): State<AppState>,
    caller: PublicCaller,
    body: Result<SimpleJson<LeakedSecretRequest>, ApiError>,
) -> StatusCode {
    if let Ok(SimpleJson(request)) = body
        && state.limits().leaked_secrets.count(caller.client()).is_ok()
        && let Err(error) = void_by_digest(&state, &request.sha256.to_ascii_lowercase()).await
    {
        tracing::error!(?error, "a leaked secret could not be revoked");
    }
    StatusCode::NO_CONTENT
}

/// Revokes the secret with this digest, if there is one, at once.
pub(super) async fn void_by_digest(state: &AppState, sha256: &str) -> Result<(), ApiError> {
    let Some(secret_id) = state.directory().secret_by_digest(sha256) else { return Ok(()) };
    let now_ms = state.clock().now_ms();
    let revoked = state.store().revoke_secret(&secret_id, Revocation::Leaked, now_ms).await?;
    state.webhooks().wake();
    state.directory().refresh(state.store(), now_ms).await?;
    state.nodes().tell_changed();
    if let Some(app_id) = revoked {
        report_leak(&app_id, &secret_id);
    }
    Ok(())
}

/// Tells the operator, once for each secret: this is the place for every way of telling.
fn report_leak(app_id: &AppId, secret_id: &str) {
    counter!(names::LEAKED_SECRETS).increment(1);
    tracing::warn!(%secret_id, %app_id, "a secret was seen in a page and is revoked: rotate it, and look for the leak");
}
