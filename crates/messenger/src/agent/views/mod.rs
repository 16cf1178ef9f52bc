//! What is drawn of the agents' page. Views read signals and call [`Agents`]; they decide nothing.

mod conversation;
mod header;
mod list;
mod sign_in;
mod tabs;

use super::{Agents, Phase};
use crate::dom::{View, el, nothing, part};
use crate::state::place::Route;
use crate::text;
use crate::views::notice;

/// The whole page; a change of language draws it anew.
pub(super) fn root(agents: Agents) -> View {
    part(move || {
        agents.talk.clock.track();
        page(agents)
    })
}

fn page(agents: Agents) -> View {
    let screen = part(move || match agents.phase.get() {
        Phase::Visitor => el("main", "main").with(sign_in::sign_in(agents)).into(),
        Phase::Connecting => {
            [header::header(agents), el("main", "main").with(notice::connecting()).into()].into()
        }
        Phase::Failed(reason) => {
            let failure = notice::failure(reason, move || agents.restore());
            [header::header(agents), el("main", "main").with(failure).into()].into()
        }
        Phase::SignedIn => inbox(agents),
    });
    [screen, notice::announcer(agents.talk)].into()
}

/// The list beside the conversation; on a phone one of the two.
fn inbox(agents: Agents) -> View {
    let bar =
        part(move || if agents.talk.is_cut_off.get() { notice::cut_off(agents.talk) } else { nothing() });
    let shows = move || {
        let is_list = agents.talk.route.with(|route| *route == Route::List);
        Some(if is_list { "list" } else { "conversation" }.into())
    };
    let side = el("nav", "side").attr("aria-label", text::agent::requests());
    // On a phone the list is what the page is about.
    let inbox = el("main", "inbox")
        .live("data-shows", shows)
        .with(side.with([tabs::tabs(agents), list::list(agents)]))
        .with(el("div", "main").with(conversation::shown(agents)));
    [header::header(agents), bar, inbox.into()].into()
}
