//! What the page shows: launcher, iframe, and what the panel is told.

use super::{Settings, dispatch, with};
use crate::answer::Look;
use crate::dom::{self, Asked, Listener, Timer, of_document, value};
use crate::frame::{Frame, Told};
use crate::launcher::{HOST_NAME, Launcher};
use crate::lifecycle::Event;
use crate::params::body;
use crate::text::Words;
use crate::thread::Session;
use protocol::params::SignIn;
use protocol::port::{FromPanelKind, ToPanelKind};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// What stands in the page, and what it shows.
#[derive(Default)]
pub struct View {
    launcher: Option<Rc<Launcher>>,
    frame: Option<Rc<Frame>>,
    /// Waits for a body to mount into.
    waiting_for_body: Option<Listener>,
    /// Waits for an idle moment to load the panel in.
    preload: Option<Asked>,
    /// Sees whether the launcher has stayed where it was put.
    look_again: Option<Timer>,
    is_open: bool,
    unread: u32,
    look: Option<Look>,
    /// The panel has not said yet that it has ended its session.
    sign_out_due: bool,
    /// Who is signed in, as the panel was last told: `Connecting`, `Session` or `Visitor`.
    standing: ToPanelKind,
}

/// Whether the launcher is where it was put: a page may have replaced its body.
pub fn host_in_page() -> bool {
    let (launcher, is_waiting) =
        with(|instance| (instance.view.launcher.clone(), instance.view.waiting_for_body.is_some()));
    is_waiting || launcher.is_some_and(|launcher| launcher.is_in_page())
}

/// Puts the launcher into the page: at once, or as soon as there is a body.
pub fn mount() {
    let Some(settings) = with(|instance| instance.settings.clone()) else { return };
    let Some(parent) = settings.parent.clone().or_else(body) else {
        let listener = Listener::of_window("DOMContentLoaded", |_| {
            if with(|instance| instance.view.waiting_for_body.take()).is_some() {
                mount();
            }
        });
        with(|instance| instance.view.waiting_for_body = Some(listener));
        return;
    };
    // A library that keeps pages as text or as copies brings back the launcher's element, with nothing in it.
    let copy = of_document("querySelector", HOST_NAME, "");
    if !copy.is_null() {
        copy.unchecked_ref::<Element>().remove();
    }
    let inline = settings.params.target.is_some();
    let page = with(|instance| instance.page.clone());
    let words = Words::of(&language(&settings));
    let launcher = Launcher::mount(&page, &parent, inline, words, || dispatch(Event::Toggle));
    let is_open = with(|instance| {
        instance.view.launcher = Some(Rc::new(launcher));
        instance.view.is_open
    });
    show_state();
    if is_open {
        show_panel(true);
    }
}

/// Puts the launcher back if what the page is doing right now takes it away: a library that swaps a body's content puts
/// in the new, runs its scripts, which call `initialize`, and then takes out all else.
pub fn look_again() {
    let timer = Timer::new(0, || {
        let is_lost = with(|instance| instance.view.launcher.is_some()) && !host_in_page();
        let has_place = with(|instance| {
            let parent = instance.settings.as_ref().and_then(|settings| settings.parent.as_ref());
            parent.is_some_and(|parent| parent.is_connected())
        });
        if is_lost && has_place {
            drop(with(|instance| (instance.view.frame.take(), instance.view.launcher.take())));
            mount();
        }
    });
    drop(with(|instance| instance.view.look_again.replace(timer)));
}

/// Takes everything out of the page.
pub fn unmount() {
    let view = with(|instance| core::mem::take(&mut instance.view));
    drop(view);
    with(|instance| {
        instance.settings = None;
        instance.session = None;
    });
}

/// Keeps the session, and hands it to the panel.
pub fn use_session(session: Session) {
    show_look(session.look.clone());
    // Whoever waits for an answer, or has one to read, will open the panel; nobody else pays for it before.
    let preload = (session.has_open_request || session.unread > 0).then(|| dom::when_idle(load_panel));
    let before = with(|instance| {
        instance.session = Some(session);
        instance.view.standing = ToPanelKind::Session;
        core::mem::replace(&mut instance.view.preload, preload)
    });
    drop(before);
    tell_standing();
}

/// Tells the panel that signing in is on the way.
pub fn tell_connecting() {
    with(|instance| instance.view.standing = ToPanelKind::Connecting);
    tell_standing();
}

/// Tells the panel that nobody is signed in by key.
pub fn tell_visitor() {
    with(|instance| instance.view.standing = ToPanelKind::Visitor);
    tell_standing();
}

/// Has the panel end a session that came by PIN. Only the panel can: it is loaded for that if need be.
pub fn tell_sign_out() {
    with(|instance| instance.view.sign_out_due = true);
    load_panel();
    tell(ToPanelKind::SignOut, &[]);
}

/// Shows the panel, which the first time loads it, or hides it.
pub fn show_panel(open: bool) {
    let launcher = with(|instance| {
        instance.view.is_open = open;
        instance.view.launcher.clone()
    });
    let Some(launcher) = launcher else { return };
    if open {
        load_panel();
    }
    show_state();
    if open {
        tell_opened(true);
    } else {
        tell(ToPanelKind::Closed, &[]);
        launcher.take_focus_back();
    }
}

/// Shows how many messages were not seen.
pub fn show_unread(count: u32) {
    with(|instance| instance.view.unread = count);
    show_state();
}

/// Gives the launcher the look that the app wants.
pub fn show_look(look: Look) {
    with(|instance| instance.view.look = Some(look));
    show_state();
}

fn show_state() {
    let (launcher, is_open, unread, look) = with(|instance| {
        let view = &instance.view;
        (view.launcher.clone(), view.is_open, view.unread, view.look.clone())
    });
    if let Some(launcher) = launcher {
        launcher.show_state(is_open, unread);
        if let Some(look) = look {
            launcher.set_look(&look);
        }
    }
}

/// Loads the panel; again, if it was loaded but did not come.
fn load_panel() {
    drop(with(|instance| instance.view.preload.take()));
    let (launcher, settings, thread) = with(|instance| {
        let launcher = instance.view.launcher.clone().filter(|_| instance.view.frame.is_none());
        (launcher, instance.settings.clone(), instance.thread.clone())
    });
    let (Some(launcher), Some(settings)) = (launcher, settings) else {
        if let Some(frame) = with(|instance| instance.view.frame.clone()) {
            frame.load_again();
        }
        return;
    };
    let frame = Frame::mount(
        launcher.surface(),
        launcher.name(),
        thread.panel(&settings.params.app_id, &language(&settings)),
        thread.origin().to_owned(),
        tell_everything,
        hear,
    );
    with(|instance| instance.view.frame = Some(Rc::new(frame)));
}

/// A panel that has just loaded knows nothing.
fn tell_everything() {
    let Some(settings) = with(|instance| instance.settings.clone()) else { return };
    let theme = settings.params.theme.as_str().into();
    tell(ToPanelKind::Appearance, &[("locale", language(&settings).into()), ("theme", theme)]);
    tell_standing();
    let (sign_out_due, is_open) = with(|instance| (instance.view.sign_out_due, instance.view.is_open));
    if sign_out_due {
        tell(ToPanelKind::SignOut, &[]);
    }
    if is_open {
        tell_opened(!is_focus_elsewhere());
    }
}

fn tell_standing() {
    let (kind, session, settings) =
        with(|instance| (instance.view.standing, instance.session.clone(), instance.settings.clone()));
    match (kind, session, settings.as_ref().map(|settings| &settings.params.sign_in)) {
        (ToPanelKind::Session, Some(session), _) => tell(kind, &[("session", session.response)]),
        (ToPanelKind::Visitor, _, Some(SignIn::Key { email, .. })) => {
            tell(kind, &[("email", email.as_str().trim().into())]);
        }
        _ => tell(kind, &[]),
    }
}

fn tell_opened(takes_focus: bool) {
    if let Some(frame) = with(|instance| instance.view.frame.clone()) {
        if takes_focus {
            frame.focus();
        }
        frame.tell(ToPanelKind::Opened, &[("focus", takes_focus.into())]);
    }
}

fn tell(kind: ToPanelKind, members: &[(&str, JsValue)]) {
    if let Some(frame) = with(|instance| instance.view.frame.clone()) {
        frame.tell(kind, members);
    }
}

/// Whether the user has gone on in the page while the panel was loading.
fn is_focus_elsewhere() -> bool {
    let is_ours =
        with(|instance| instance.view.launcher.clone()).is_some_and(|launcher| launcher.has_focus());
    let active = value::text(&of_document("activeElement", "", ""), "localName");
    // Where nothing has the focus, the body has it.
    !is_ours && active.is_some_and(|name| name != "body")
}

/// What the panel says.
fn hear(told: Told) {
    dispatch(match told.kind {
        FromPanelKind::Close => Event::Close,
        FromPanelKind::Unread => Event::PanelUnread(told.count),
        FromPanelKind::SignedIn => Event::PanelSignedIn { email: told.email },
        FromPanelKind::SignedOut => {
            with(|instance| instance.view.sign_out_due = false);
            Event::PanelSignedOut
        }
        FromPanelKind::SessionExpired => Event::PanelSessionExpired,
    });
}

/// The visitor's language: as the page's script says, as the page says, as the browser says.
fn language(settings: &Settings) -> String {
    let page =
        || value::text(&of_document("documentElement", "", ""), "lang").filter(|lang| !lang.is_empty());
    let locale = settings.params.locale.clone().or_else(page);
    locale
        .unwrap_or_else(|| NAVIGATOR.with(|navigator| value::text(navigator, "language")).unwrap_or_default())
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = navigator)]
    static NAVIGATOR: JsValue;
}
