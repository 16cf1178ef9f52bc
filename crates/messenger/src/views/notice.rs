//! Screens and bars that say how things stand, each failure with its way out.

use super::icon::Icon;
use super::part::{block, button, heading, passage, span};
use crate::dom::{View, el, nothing, words};
use crate::failure::Failure;
use crate::talk::Talk;
use crate::text;

/// Signing in is on the way.
pub(crate) fn connecting() -> View {
    let text = heading("notice-text", text::connecting());
    block("notice", Some("status"), Some("connecting"), vec![spinner("spinner"), text])
}

/// Something is being fetched.
pub(crate) fn loading() -> View {
    let text = passage("visually-hidden", text::loading());
    block("notice", Some("status"), Some("loading"), vec![spinner("spinner"), text])
}

/// Something turns while one waits.
pub(crate) fn spinner(class: &str) -> View {
    span(class, nothing())
}

/// A state with its words.
pub(crate) fn plain(state: &str, icon: Icon, title: &str, text: impl Into<View>) -> View {
    let icon = span("notice-icon", icon.view());
    let title = heading("notice-title", title);
    block("notice", None, Some(state), vec![icon, title, passage("notice-text", text)])
}

/// What went wrong, in the middle of where it is missing.
pub(crate) fn failure(reason: Failure, retry: impl Fn() + 'static) -> View {
    let icon = span("notice-icon", Icon::Warning.view());
    let text = passage("notice-text", text::failure(reason));
    let retry = button("button", "retry", None, text::try_again(), retry);
    block("notice", Some("alert"), Some("failed"), vec![icon, text, retry])
}

/// The bar while the connection is away.
pub(crate) fn cut_off(talk: Talk) -> View {
    let text = passage("", text::reconnecting());
    let now = button("link", "reconnect", None, text::reconnect_now(), move || talk.connect_if_down());
    block("bar", Some("status"), Some("offline"), vec![text, now])
}

/// What only screen readers tell.
pub(crate) fn announcer(talk: Talk) -> View {
    el("p", "visually-hidden")
        .attrs(&[("role", "status"), ("data-announcer", "")])
        .with(words(move || talk.said.get()))
        .into()
}
