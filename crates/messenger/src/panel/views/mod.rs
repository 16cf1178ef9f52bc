//! What is drawn of the panel. Views read signals and call [`Panel`]; they decide nothing.

mod conversation;
mod header;
mod list;
mod notice;
mod sign_in;

use super::{Panel, Phase};
use crate::dom::{View, el, part};
use crate::signal::Memo;
use crate::state::place::Route;
use crate::text;
use crate::views::notice::{announcer, connecting};

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
        panel.talk.clock.track();
        page(panel)
    })
}

fn page(panel: Panel) -> View {
    let screen = Memo::new(move |_| match panel.phase.get() {
        Phase::Connecting => Screen::Connecting,
        Phase::Visitor => Screen::Visitor,
        Phase::SignedOut => Screen::SignedOut,
        Phase::SignedIn | Phase::Expired => {
            if panel.talk.route.with(|route| *route == Route::List) {
                Screen::List
            } else {
                Screen::Conversation
            }
        }
    });
    let main = part(move || match screen.get() {
        Screen::Connecting => connecting(),
        Screen::Visitor => notice::visitor(panel),
        Screen::SignedOut => notice::signed_out(),
        Screen::List => list::list(panel),
        Screen::Conversation => conversation::conversation(panel),
    });
    let main = el("main", "main").with(main).into();
    [header::header(panel), notice::connection(panel), main, announcer(panel.talk)].into()
}

/// The app's first words, or ours.
fn greeting(panel: Panel) -> String {
    let greeting = panel.app.with(|app| app.as_ref().and_then(|app| app.greeting.clone()));
    greeting.unwrap_or_else(|| text::new_request_title().into())
}
