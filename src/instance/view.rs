//! What the page shows: launcher, iframe, and what the panel is told.

use super::{dispatch, with};
use crate::dom::Listener;
use crate::frame::{Frame, Told};
use crate::launcher::Launcher;
use crate::lifecycle::Event;
use crate::thread::Session;
use protocol::params::SignIn;
use protocol::port::{FromPanelKind, ToPanelKind};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::Document;

/// What stands in the page, and what it shows.
#[derive(Default)]
pub struct View {
    launcher: Option<Rc<Launcher>>,
    frame: Option<Rc<Frame>>,
    /// Waits for a body to mount into.
    waiting_for_body: Option<Listener>,
    is_open: bool,
    unread: u32,
    brand_color: Option<String>,
    /// Who is signed in, as the panel was last told: `Connecting`, `Session` or `Visitor`.
    standing: ToPanelKind,
}

/// The page's document.
pub fn document() -> Document {
    web_sys::window().and_then(|window| window.document()).expect_throw("a page has a document")
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
    let document = document();
    let Some(parent) = settings.parent.clone().or_else(|| document.body().map(Into::into)) else {
        let listener = Listener::new(&document, "DOMContentLoaded", |_| {
            if with(|instance| instance.view.waiting_for_body.take()).is_some() {
                mount();
            }
        });
        with(|instance| instance.view.waiting_for_body = Some(listener));
        return;
    };
    let inline = settings.params.target.is_some();
    let styles = with(|instance| instance.page.clone()).styles();
    let launcher = Launcher::mount(&document, &parent, inline, &styles, || dispatch(Event::Toggle));
    let is_open = with(|instance| {
        instance.view.launcher = Some(Rc::new(launcher));
        instance.view.is_open
    });
    show_state();
    if is_open {
        show_panel(true);
    }
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
    show_brand_color(session.brand_color.clone());
    with(|instance| {
        instance.session = Some(session);
        instance.view.standing = ToPanelKind::Session;
    });
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

/// Tells the panel to end a session that came by PIN.
pub fn tell_sign_out() {
    tell(ToPanelKind::SignOut, &[]);
}

/// Shows the panel, which the first time loads it, or hides it.
pub fn show_panel(open: bool) {
    let (launcher, frame) = with(|instance| {
        instance.view.is_open = open;
        (instance.view.launcher.clone(), instance.view.frame.clone())
    });
    let Some(launcher) = launcher else { return };
    if open && frame.is_none() {
        load_panel(&launcher);
    }
    show_state();
    if open {
        tell_opened();
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

/// Gives the launcher the app's colour.
pub fn show_brand_color(color: String) {
    with(|instance| instance.view.brand_color = Some(color));
    show_state();
}

fn show_state() {
    let (launcher, is_open, unread, brand_color) = with(|instance| {
        let view = &instance.view;
        (view.launcher.clone(), view.is_open, view.unread, view.brand_color.clone())
    });
    if let Some(launcher) = launcher {
        launcher.show_state(is_open, unread);
        if let Some(color) = brand_color {
            launcher.set_brand_color(&color);
        }
    }
}

fn load_panel(launcher: &Launcher) {
    let (settings, origin) =
        with(|instance| (instance.settings.clone(), instance.thread.origin().to_owned()));
    let Some(settings) = settings else { return };
    let app_id = settings.params.app_id.as_str();
    let frame = Frame::mount(&document(), launcher.surface(), &origin, app_id, tell_everything, hear);
    with(|instance| instance.view.frame = Some(Rc::new(frame)));
}

/// A panel that has just loaded knows nothing.
fn tell_everything() {
    let Some(settings) = with(|instance| instance.settings.clone()) else { return };
    let locale = settings.params.locale.clone().or_else(page_language);
    let theme = settings.params.theme.as_str().into();
    tell(ToPanelKind::Appearance, &[("locale", locale.into()), ("theme", theme)]);
    tell_standing();
    if with(|instance| instance.view.is_open) {
        tell_opened();
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

fn tell_opened() {
    if let Some(frame) = with(|instance| instance.view.frame.clone()) {
        frame.focus();
        frame.tell(ToPanelKind::Opened, &[]);
    }
}

fn tell(kind: ToPanelKind, members: &[(&str, JsValue)]) {
    if let Some(frame) = with(|instance| instance.view.frame.clone()) {
        frame.tell(kind, members);
    }
}

/// What the panel says.
fn hear(told: Told) {
    dispatch(match told.kind {
        FromPanelKind::Close => Event::Close,
        FromPanelKind::Unread => Event::PanelUnread(told.count),
        FromPanelKind::SignedIn => Event::PanelSignedIn { email: told.email },
        FromPanelKind::SignedOut => Event::PanelSignedOut,
        FromPanelKind::SessionExpired => Event::PanelSessionExpired,
    });
}

fn page_language() -> Option<String> {
    let language = document().document_element()?.get_attribute("lang")?;
    (!language.trim().is_empty()).then_some(language)
}
