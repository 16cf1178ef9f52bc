//! What is drawn. Views read signals and call [`Panel`]; they decide nothing.

mod attachment;
pub(crate) mod chat;
mod composer;
mod conversation;
mod header;
mod icon;
mod list;
mod message;
mod notice;
mod part;
mod scroll;
mod sign_in;

use crate::dom::{View, el, part, words};
use crate::panel::{Panel, Phase};
use crate::state::place::Route;
use crate::text;
use reactive_graph::computed::Memo;
use reactive_graph::prelude::*;

/// The screens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Screen {
    Connecting,
    Visitor,
    SignedOut,
    List,
    Conversation,
}

/// The whole panel; a change of language draws it anew.
pub(crate) fn root(panel: Panel) -> View {
    part(move || {
        panel.clock.track();
        page(panel)
    })
}

fn page(panel: Panel) -> View {
    let screen = Memo::new(move |_| match panel.phase.get() {
        Phase::Connecting => Screen::Connecting,
        Phase::Visitor => Screen::Visitor,
        Phase::SignedOut => Screen::SignedOut,
        Phase::SignedIn | Phase::Expired => {
            if panel.route.with(|route| *route == Route::List) {
                Screen::List
            } else {
                Screen::Conversation
            }
        }
    });
    let main = part(move || match screen.get() {
        Screen::Connecting => notice::connecting(),
        Screen::Visitor => notice::visitor(panel),
        Screen::SignedOut => notice::signed_out(),
        Screen::List => list::list(panel),
        Screen::Conversation => conversation::conversation(panel),
    });
    let announcer = el("p", "visually-hidden")
        .attrs(&[("role", "status"), ("data-announcer", "")])
        .with(words(move || panel.said.get()));
    [header::header(panel), notice::connection(panel), el("main", "main").with(main).into(), announcer.into()]
        .into()
}

/// The app's first words, or ours.
fn greeting(panel: Panel) -> String {
    let greeting = panel.app.with(|app| app.as_ref().and_then(|app| app.greeting.clone()));
    greeting.unwrap_or_else(|| text::new_request_title().into())
}
