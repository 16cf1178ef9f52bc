//! Writes that must not stop halfway.

use super::params::is_findable;
use crate::error::ApiError;
use crate::state::AppState;
use crate::store::{Outcome, Written};
use protocol::ErrorCode;
use protocol::conversation::{MAX_ATTACHMENTS, MarkReadRequest, WriteMessageRequest};
use protocol::wire::{MAX_CLIENT_ID_BYTES, MAX_MESSAGE_CHARS};
use tracing::Instrument as _;

/// Runs a write to its end even if the client hangs up: what is stored is told to the sockets.
pub(super) async fn to_the_end<T: Send + 'static>(
    state: &AppState,
    work: impl Future<Output = Result<T, ApiError>> + Send + 'static,
) -> Result<T, ApiError> {
    let work = state.tasks().spawn(work.instrument(tracing::Span::current()));
    work.await.unwrap_or_else(|_| {
        // The task panicked; it cannot be cancelled.
        Err(ApiError::new(ErrorCode::Internal, "A fault of the service."))
    })
}

/// Tells the sockets what was stored.
pub(super) fn told<T>(state: &AppState, written: Written<T>) -> T {
    state.publish(&written.contact, &written.events);
    state.webhooks().wake();
    written.value
}

/// The stored thing, new or old.
pub(super) fn settled<T>(state: &AppState, outcome: Outcome<T>) -> Result<T, ApiError> {
    match outcome {
        Outcome::Stored(written) => Ok(told(state, written)),
        Outcome::Again(value) => Ok(value),
        Outcome::Conflict => Err(ApiError::new(
            ErrorCode::Conflict,
            "This clientId was used for other content: take a new one for new content.",
        )),
        Outcome::NoAttachment => Err(no_attachment()),
    }
}

fn no_attachment() -> ApiError {
    ApiError::field(
        "attachmentIds",
        "`attachmentIds` must be uploads of your own that no message carries yet: upload again.",
    )
}

/// Whether a message has the documented form.
pub(super) fn check(request: &WriteMessageRequest) -> Result<(), ApiError> {
    let client_id = request.client_id.as_str();
    if client_id.is_empty() || client_id.len() > MAX_CLIENT_ID_BYTES {
        return Err(ApiError::field(
            "clientId",
            format!("`clientId` must have 1 to {MAX_CLIENT_ID_BYTES} bytes."),
        ));
    }
    if request.attachment_ids.len() > MAX_ATTACHMENTS {
        return Err(ApiError::field(
            "attachmentIds",
            format!("A message may have {MAX_ATTACHMENTS} attachments at the most."),
        ));
    }
    if !request.attachment_ids.iter().all(|id| is_findable(id.as_str())) {
        return Err(no_attachment());
    }
    if request.body.trim().is_empty() && request.attachment_ids.is_empty() {
        return Err(ApiError::field("body", "`body` is empty: write something."));
    }
    if request.body.chars().count() > MAX_MESSAGE_CHARS {
        return Err(ApiError::field(
            "body",
            format!("`body` may have {MAX_MESSAGE_CHARS} characters at the most."),
        ));
    }
    if request.body.contains('\0') {
        return Err(ApiError::field("body", "`body` has a NUL character, which is not text."));
    }
    Ok(())
}

/// The `seq` of a read mark.
pub(super) fn check_seq(request: MarkReadRequest) -> Result<i64, ApiError> {
    if request.seq < 1 {
        return Err(ApiError::field("seq", "`seq` must be the number of a message: 1 or more."));
    }
    Ok(request.seq)
}
