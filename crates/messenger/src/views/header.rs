//! The bar at the top: whose support this is, who is signed in, back and close.

use super::icon::Icon;
use super::part::{block, button, nothing, part, passage, span, words};
use crate::panel::{Panel, Phase};
use crate::state::place::{Place, Route};
use crate::text;
use leptos::prelude::*;

/// The bar.
pub(super) fn header(panel: Panel) -> AnyView {
    // Who has no request yet has nowhere to go back to.
    let can_go_back = Memo::new(move |_| {
        matches!(panel.phase.get(), Phase::SignedIn | Phase::Expired)
            && panel.route.with(|route| match route {
                Route::List => false,
                Route::At(Place::Request(_)) => true,
                Route::At(Place::New) => {
                    panel.desk.with(|desk| desk.requests().is_some_and(|requests| !requests.is_empty()))
                }
            })
    });
    let start = part(move || {
        if can_go_back.get() {
            button("icon-button", "back", Some(text::back()), Icon::Back.view(), move || {
                panel.go(Route::List);
            })
        } else {
            avatar(panel)
        }
    });
    let is_signed_in = Memo::new(move |_| matches!(panel.phase.get(), Phase::SignedIn | Phase::Expired));
    let email = part(move || match panel.email.get() {
        Some(email) if is_signed_in.get() => {
            let email = passage("email", text::signed_in_as(&email).into_any());
            let out = button("sign-out", "sign-out", None, text::sign_out().into_any(), move || {
                panel.sign_out();
            });
            block("account", None, None, vec![email, out])
        }
        _ => nothing(),
    });
    let close = part(move || {
        if panel.has_widget.get() {
            button("icon-button", "close", Some(text::close()), Icon::Close.view(), move || panel.close())
        } else {
            nothing()
        }
    });
    view! {
        <header class="header">
            {start} <div class="who">
                <h1 class="name" dir="auto">
                    {words(move || panel.name())}
                </h1>
                {email}
            </div> {close}
        </header>
    }
    .into_any()
}

/// The first letter of the app's name. The style sheet makes it a capital: Rust's tables for that are 5 KB.
fn avatar(panel: Panel) -> AnyView {
    let first = panel.app.with(|app| app.as_ref().and_then(|app| app.name.trim().chars().next()));
    match first {
        // The name stands beside it, for those who hear it.
        Some(first) => {
            let letter = String::from(first);
            view! {
                <span class="avatar" aria-hidden="true">
                    {letter}
                </span>
            }
            .into_any()
        }
        None => span("avatar", nothing()),
    }
}
