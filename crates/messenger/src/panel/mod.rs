//! The panel: what a contact sees of their service requests, in the widget's frame or a page of its own.
//!
//! [`Panel`] is a handle, copied freely, around the conversations ([`Talk`]). Its parts: `told` (what the widget says),
//! `entry` (signing in by PIN, and out), `session` (renewal and its end), `requests` (the list), `host` (what the
//! conversations need of it), `views`.

mod entry;
mod host;
mod requests;
mod session;
mod told;
mod views;
mod vouched;

use crate::browser::{self, Listener};
use crate::dom::{View, follow};
use crate::failure::Failure;
use crate::port::Port;
use crate::signal::Signal;
use crate::state::desk::Desk;
use crate::state::entry::Entry;
use crate::talk::{Talk, update};
use crate::{storage, text};
use js_sys::Function;
use protocol::AppId;
use protocol::port::{FromPanel, FromPanelKind};
use protocol::wire::{App, Author};
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::traits::GetValue;
use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;
use web_sys::{KeyboardEvent, MessagePort, StorageEvent};

/// Who is before the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Signing in is on the way.
    Connecting,
    /// Nobody is signed in.
    Visitor,
    /// Somebody is signed in.
    SignedIn,
    /// The session has ended and the widget is getting another; everything stays where it is.
    Expired,
    /// The user has signed out.
    SignedOut,
}

/// The panel, which lives as long as its page. A pointer: each closure of a view has one.
#[derive(Clone, Copy)]
pub(crate) struct Panel(&'static Signals);

/// What is drawn of the panel.
pub(crate) struct Signals {
    /// What is read and written here.
    pub(crate) talk: Talk,
    /// Who is before it.
    pub(crate) phase: Signal<Phase>,
    /// The app, once known.
    pub(crate) app: Signal<Option<App>>,
    /// Why the app is not known.
    pub(crate) app_failure: Signal<Option<Failure>>,
    /// Address of who is signed in.
    pub(crate) email: Signal<Option<String>>,
    /// Where a visitor stands who signs in.
    pub(crate) entry: Signal<Entry>,
    /// Why the list could not be had.
    pub(crate) list_failure: Signal<Option<Failure>>,
    /// Whether a widget is around that can close the panel.
    pub(crate) has_widget: Signal<bool>,
    io: StoredValue<Rc<Io>, LocalStorage>,
}

impl Deref for Panel {
    type Target = Signals;

    fn deref(&self) -> &Signals {
        self.0
    }
}

/// What is not drawn.
struct Io {
    wish: Function,
    port: RefCell<Option<Port>>,
    session: RefCell<Option<session::Held>>,
    is_renewing: Cell<bool>,
}

impl Panel {
    /// A panel that waits for its port; `wish` is called with the language that the widget asks for.
    pub(crate) fn new(wish: Function) -> Self {
        if let Some(AppId(app_id)) = browser::app_id() {
            storage::keep_for(app_id);
        }
        let io =
            Io { wish, port: RefCell::default(), session: RefCell::default(), is_renewing: Cell::default() };
        let panel = Self(Box::leak(Box::new(Signals {
            talk: Talk::new(Author::Contact),
            phase: Signal::new(Phase::Connecting),
            app: Signal::new(None),
            app_failure: Signal::new(None),
            email: Signal::new(None),
            entry: Signal::new(Entry::default()),
            list_failure: Signal::new(None),
            has_widget: Signal::new(false),
            io: StoredValue::new_local(Rc::new(io)),
        })));
        panel.talk.begin(Box::new(panel));
        panel.listen();
        panel.follow();
        panel
    }

    /// Draws it.
    pub(crate) fn view(self) -> View {
        views::root(self)
    }

    /// Takes the port to the widget.
    pub(crate) fn attach(self, port: MessagePort) {
        self.has_widget.set(true);
        let port = Port::new(port, move |message| self.told(message));
        *self.io().port.borrow_mut() = Some(port);
    }

    /// No widget is around.
    pub(crate) fn alone(self) {
        self.talk.is_open.set(true);
        self.visit(None);
    }

    /// Asks the widget to hide the panel.
    pub(crate) fn close(self) {
        self.tell(FromPanelKind::Close);
    }

    /// The app's name, or a word for it while it is not known.
    pub(crate) fn app_name(self) -> String {
        self.app.with(|app| app.as_ref().map_or_else(|| text::support().into(), |app| app.name.clone()))
    }

    /// Changes where a visitor stands who signs in.
    fn change_entry<'a>(self, change: impl FnOnce(&mut Entry) + 'a) {
        update(self.entry, Box::new(change));
    }

    fn io(self) -> Rc<Io> {
        self.io.get_value()
    }

    fn tell(self, kind: FromPanelKind) {
        if let Some(port) = &*self.io().port.borrow() {
            port.tell_kind(kind);
        }
    }

    /// Listens to what the browser tells, as long as the page lives.
    fn listen(self) {
        let (window, document) = (browser::window(), browser::document());
        Listener::new(&document, "keydown", move |event: KeyboardEvent| {
            // An input method takes Esc for itself.
            if event.key() == "Escape" && !event.is_composing() && !event.default_prevented() {
                self.close();
            }
        })
        .forever();
        Listener::new(&window, "storage", move |event: StorageEvent| self.stored_elsewhere(&event)).forever();
    }

    /// Tells widget and document what changes.
    fn follow(self) {
        let told = Cell::new(0);
        follow(move || {
            let count = self.talk.desk.with(Desk::unread);
            if told.replace(count) != count
                && let Some(port) = &*self.io().port.borrow()
            {
                port.tell(&FromPanel {
                    kind: FromPanelKind::Unread,
                    count: Some(count),
                    ..FromPanel::default()
                });
            }
        });
        follow(move || {
            self.app.with(|app| {
                let Some(app) = app else { return };
                browser::document().set_title(&app.name);
                crate::color::paint(&app.theme.brand_color);
            });
        });
    }
}
