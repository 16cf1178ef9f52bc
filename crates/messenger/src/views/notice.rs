//! Screens and bars that say how things stand, each failure with its way out.

use super::icon::Icon;
use super::part::{block, button, heading, passage, span};
use super::sign_in;
use crate::dom::{View, nothing, part};
use crate::failure::Failure;
use crate::panel::{Panel, Phase};
use crate::text;
use protocol::ErrorCode;
use protocol::wire::SignInMethod;
use reactive_graph::prelude::*;

/// Signing in is on the way.
pub(super) fn connecting() -> View {
    let text = heading("notice-text", text::connecting());
    block("notice", Some("status"), Some("connecting"), vec![spinner("spinner"), text])
}

/// Something is being fetched.
pub(super) fn loading() -> View {
    let text = passage("visually-hidden", text::loading());
    block("notice", Some("status"), Some("loading"), vec![spinner("spinner"), text])
}

fn spinner(class: &str) -> View {
    span(class, nothing())
}

/// The user has signed out.
pub(super) fn signed_out() -> View {
    plain("signed-out", Icon::Lock, text::signed_out_title(), text::signed_out_text())
}

fn plain(state: &str, icon: Icon, title: &str, text: impl Into<View>) -> View {
    let icon = span("notice-icon", icon.view());
    let title = heading("notice-title", title);
    block("notice", None, Some(state), vec![icon, title, passage("notice-text", text)])
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

/// What went wrong, in the middle of where it is missing.
pub(super) fn failure(reason: Failure, retry: impl Fn() + 'static) -> View {
    let icon = span("notice-icon", Icon::Warning.view());
    let text = passage("notice-text", text::failure(reason));
    let retry = button("button", "retry", None, text::try_again(), retry);
    block("notice", Some("alert"), Some("failed"), vec![icon, text, retry])
}

/// The bar below the header: the connection, or the session, is being restored.
pub(super) fn connection(panel: Panel) -> View {
    part(move || match panel.phase.get() {
        Phase::Expired => {
            let text = passage("", text::signing_in_again());
            block("bar", Some("status"), Some("expired"), vec![spinner("spinner small"), text])
        }
        Phase::SignedIn if panel.is_cut_off.get() => {
            let text = passage("", text::reconnecting());
            let now = button("link", "reconnect", None, text::reconnect_now(), move || {
                panel.connect_if_down();
            });
            block("bar", Some("status"), Some("offline"), vec![text, now])
        }
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
