//! Screens and bars that say how things stand in the panel.

use super::sign_in;
use crate::dom::{View, nothing, part};
use crate::failure::Failure;
use crate::panel::{Panel, Phase};
use crate::text;
use crate::views::icon::Icon;
use crate::views::notice::{cut_off, failure, loading, plain, spinner};
use crate::views::part::{block, passage};
use protocol::ErrorCode;
use protocol::wire::SignInMethod;

/// The user has signed out.
pub(super) fn signed_out() -> View {
    plain("signed-out", Icon::Lock, text::signed_out_title(), text::signed_out_text())
}

/// Nobody is signed in: the way to do so, or where there is one.
pub(super) fn visitor(panel: Panel) -> View {
    part(move || match (panel.app_failure.get(), panel.app.get()) {
        (None, None) => loading(),
        (None, Some(app)) if app.sign_in.contains(&SignInMethod::Pin) => sign_in::sign_in(panel),
        (None, Some(app)) => {
            plain("visitor", Icon::Lock, text::visitor_title(), text::visitor_text(&app.name))
        }
        (Some(Failure::Refused(ErrorCode::UnknownApp | ErrorCode::NotFound)), _) => {
            plain("unknown-app", Icon::Warning, text::unknown_app_title(), text::unknown_app_text())
        }
        (Some(reason), _) => failure(reason, move || panel.visit_again()),
    })
}

/// The bar below the header: the connection, or the session, is being restored.
pub(super) fn connection(panel: Panel) -> View {
    part(move || match panel.phase.get() {
        Phase::Expired => {
            let text = passage("", text::signing_in_again());
            block("bar", Some("status"), Some("expired"), vec![spinner("spinner small"), text])
        }
        Phase::SignedIn if panel.talk.is_cut_off.get() => cut_off(panel.talk),
        _ => nothing(),
    })
}

/// Nobody answers now, by the app's office hours.
pub(super) fn away(panel: Panel) -> View {
    part(move || match panel.app.get() {
        Some(app) if app.away == Some(true) => {
            let text = app.away_text.unwrap_or_else(|| text::away().into());
            let hours = app
                .office_hours
                .map_or_else(nothing, |hours| passage("hours", [text::office_hours(), " ", &hours].concat()));
            block("away", None, Some("away"), vec![passage("", text), hours])
        }
        _ => nothing(),
    })
}
