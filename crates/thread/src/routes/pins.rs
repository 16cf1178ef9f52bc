//! `POST /v1/pins`: has a PIN sent to an address.

use super::body::SimpleJson;
use super::write::to_the_end;
use crate::auth::PublicCaller;
use crate::crypto::random_credential;
use crate::error::ApiError;
use crate::mail::MailAddress;
use crate::state::AppState;
use crate::store::{PinOutcome, PinRequest};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::wire::{CreatePinRequest, CreatePinResponse};
use protocol::{AppId, Email};

/// Answers `202` for any well-formed address. Over a limit, the challenge is one that nothing fits.
pub(super) async fn create(
    State(state): State<AppState>,
    caller: PublicCaller,
    SimpleJson(request): SimpleJson<CreatePinRequest>,
) -> Result<(StatusCode, Json<CreatePinResponse>), ApiError> {
    let app_id = caller.app(&request.app_id)?.public.app_id.clone();
    let email = Email::parse(&request.email)
        .map_err(|error| ApiError::field("email", format!("`email` {}.", error.found())))?;
    MailAddress::of(&email).map_err(|error| ApiError::field("email", format!("`email` {error}.")))?;
    let client_mac = state.pins().client(&caller.client().to_string());
    let challenge_id = to_the_end(&state.clone(), async move {
        let email = email.identity();
        let request = PinRequest { app_id: &app_id, email: &email, client_mac: &client_mac };
        let now_ms = state.clock().now_ms();
        Ok(match state.store().request_pin(request, &state.settings().pin_limits, now_ms).await? {
            PinOutcome::Done(challenge_id) => {
                state.mail().wake();
                challenge_id
            }
            PinOutcome::Refused(number) => {
                alarm(&app_id, number);
                random_credential("pin_")
            }
        })
    })
    .await?;
    Ok((StatusCode::ACCEPTED, Json(CreatePinResponse { challenge_id })))
}

/// Tells the operator that somebody guesses or floods: at 10 refusals of an app in an hour, 100, 1000, …
pub(super) fn alarm(app_id: &AppId, refusals: i64) {
    let is_round = refusals >= 10 && 10_i64.pow(refusals.ilog10()) == refusals;
    if is_round {
        tracing::warn!(%app_id, refusals, "many refused PINs within an hour: somebody guesses, or sends mails to others");
    }
}
