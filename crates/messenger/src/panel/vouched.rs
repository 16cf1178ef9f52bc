//! What a session's token says by itself: `cgt_<claims>.<mac>`, the claims JSON in base64url.
//!
//! Thread signs it, so a token that somebody has changed opens nothing. The port is the page's, whose scripts may say
//! whatever they like: that a session is somebody's is believed only if its token says so, else what the browser keeps
//! of that user would be sent with another's token.

use crate::{browser, codec};
use protocol::AppId;
use protocol::wire::SessionResponse;

/// Whom a token is for.
#[derive(serde::Deserialize)]
struct Claims {
    app: AppId,
    email: String,
}

/// Whether a session is of this panel's app, and its token of the user whom it names.
pub(super) fn is_vouched_for(session: &SessionResponse) -> bool {
    let is_of_this_app = browser::app_id().is_some_and(|app_id| app_id == session.app.app_id);
    is_of_this_app
        && claims(&session.token)
            .is_some_and(|claims| claims.app == session.app.app_id && claims.email == session.user.email)
}

fn claims(token: &str) -> Option<Claims> {
    let (claims, _) = token.strip_prefix("cgt_")?.split_once('.')?;
    let base64 = claims.replace('-', "+").replace('_', "/");
    // One character a byte.
    let binary = browser::window().atob(&base64).ok()?;
    let json = String::from_utf8(binary.chars().map(|byte| u8::try_from(byte).ok()).collect::<Option<_>>()?);
    codec::from_json(&json.ok()?)
}
