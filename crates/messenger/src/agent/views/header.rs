//! The bar at the top: whose requests these are, who answers, the sound, and the way out.

use crate::agent::{Agents, Phase};
use crate::dom::{View, el, nothing, part, words};
use crate::text;
use crate::views::icon::Icon;
use crate::views::part::{block, button, passage};

/// The bar.
pub(super) fn header(agents: Agents) -> View {
    let name = el("h1", "name").attr("dir", "auto").with(words(move || agents.app_name()));
    let answers_as = part(move || {
        agents.about.with(|about| {
            let Some(about) = about else { return nothing() };
            let name = about.agent.as_ref().map_or(about.app.name.as_str(), |agent| agent.name.as_str());
            passage("email", text::agent::answers_as(name))
        })
    });
    let sound = part(move || {
        let (label, icon) = if agents.talk.has_sound.get() {
            (text::sound_off(), Icon::Bell)
        } else {
            (text::sound_on(), Icon::Mute)
        };
        button("icon-button", "sound", Some(label), icon.view(), move || agents.talk.toggle_sound())
    });
    let out = part(move || {
        if agents.phase.get() == Phase::Visitor {
            nothing()
        } else {
            // Also where the key that the tab keeps cannot be tried: it can be forgotten.
            button("header-link", "sign-out", None, text::sign_out(), move || agents.sign_out())
        }
    });
    let who = block("who", None, None, vec![name.into(), answers_as]);
    el("header", "header").with([avatar(agents), who, sound, out]).into()
}

/// The first letter of the app's name, which stands beside it for those who hear it.
fn avatar(agents: Agents) -> View {
    let first = words(move || agents.app_name().trim().chars().next().map(String::from).unwrap_or_default());
    el("span", "avatar").attr("aria-hidden", "true").with(first).into()
}
