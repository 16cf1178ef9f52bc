//! The bar at the top: whose support this is, who is signed in, back and close.

use crate::dom::{View, el, nothing, part, words};
use crate::panel::{Panel, Phase};
use crate::signal::Memo;
use crate::state::place::{Place, Route};
use crate::text;
use crate::views::icon::Icon;
use crate::views::part::{block, button, span};

/// The bar.
pub(super) fn header(panel: Panel) -> View {
    let is_signed_in = Memo::new(move |_| matches!(panel.phase.get(), Phase::SignedIn | Phase::Expired));
    // Who has no request yet has nowhere to go back to.
    let can_go_back = Memo::new(move |_| {
        is_signed_in.get()
            && panel.talk.route.with(|route| match route {
                Route::List => false,
                Route::At(Place::Request(_)) => true,
                Route::At(Place::New) => {
                    panel.talk.desk.with(|desk| desk.requests().is_some_and(|requests| !requests.is_empty()))
                }
            })
    });
    let start = part(move || {
        if can_go_back.get() {
            button("icon-button", "back", Some(text::back()), Icon::Back.view(), move || {
                panel.talk.go(Route::List);
            })
        } else {
            avatar(panel)
        }
    });
    let account = part(move || match panel.email.get() {
        Some(email) if is_signed_in.get() => account(panel, &email),
        _ => nothing(),
    });
    let close = part(move || {
        if panel.has_widget.get() {
            button("icon-button", "close", Some(text::close()), Icon::Close.view(), move || panel.close())
        } else {
            nothing()
        }
    });
    let sound = part(move || {
        if !is_signed_in.get() {
            return nothing();
        }
        let (label, icon) = if panel.talk.has_sound.get() {
            (text::sound_off(), Icon::Bell)
        } else {
            (text::sound_on(), Icon::Mute)
        };
        button("icon-button", "sound", Some(label), icon.view(), move || panel.talk.toggle_sound())
    });
    let name = el("h1", "name").attr("dir", "auto").with(words(move || panel.app_name()));
    el("header", "header").with([start, name.into(), account, sound, close]).into()
}

/// Who is signed in, and the way out.
fn account(panel: Panel, email: &str) -> View {
    // The address alone has room; those who hear it are told what it is.
    let label = span("visually-hidden", text::signed_in_as(email));
    let address = el("p", "email").attrs(&[("aria-hidden", "true"), ("dir", "auto"), ("title", email)]);
    let out = button("sign-out", "sign-out", None, text::sign_out(), move || panel.sign_out());
    block("account", None, None, vec![label, address.with(email).into(), out])
}

/// The first letter of the app's name. The style sheet makes it a capital: Rust's tables for that are 5 KB.
fn avatar(panel: Panel) -> View {
    let first = panel.app.with(|app| app.as_ref().and_then(|app| app.name.trim().chars().next()));
    // The name stands beside it, for those who hear it.
    el("span", "avatar").attr("aria-hidden", "true").with(first.map(String::from).unwrap_or_default()).into()
}
