//! The panel's state as signals, and what may be done with it.
//!
//! [`Panel`] is a handle, copied freely. Its parts: `told` (what the widget says), `entry` (signing in by
//! PIN, and out), `session` (renewal and its end), `requests` (reading), `sending` (writing), `kept` (drafts and unsent messages over a
//! reload), `live` (the socket).

mod entry;
mod files;
mod kept;
mod live;
mod requests;
mod sending;
mod session;
mod sound;
mod told;

use crate::attach::{Basket, Pictures};
use crate::browser::{self, Listener};
use crate::dom::follow;
use crate::failure::Failure;
use crate::port::Port;
use crate::state::desk::Desk;
use crate::state::entry::Entry;
use crate::state::outbox::Unsent;
use crate::state::place::{Place, Route};
use crate::state::shelf::Shelf;
use crate::time::Clock;
use crate::{language, text, time};
use files::PanelUploads;
use gloo_timers::callback::{Interval, Timeout};
use js_sys::Function;
use protocol::port::{FromPanel, FromPanelKind};
use protocol::wire::App;
use reactive_graph::graph::untrack;
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use wasm_bindgen::UnwrapThrowExt;
use web_sys::{AudioContext, Event, KeyboardEvent, MessagePort, StorageEvent};

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

/// The panel.
#[derive(Clone, Copy)]
pub(crate) struct Panel {
    /// Who is before it.
    pub(crate) phase: RwSignal<Phase>,
    /// The app, once known.
    pub(crate) app: RwSignal<Option<App>>,
    /// Why the app is not known.
    pub(crate) app_failure: RwSignal<Option<Failure>>,
    /// Address of who is signed in.
    pub(crate) email: RwSignal<Option<String>>,
    /// Where a visitor stands who signs in.
    pub(crate) entry: RwSignal<Entry>,
    /// What is shown of the user's things.
    pub(crate) route: RwSignal<Route>,
    /// The user's things.
    pub(crate) desk: RwSignal<Desk>,
    /// Why the list could not be had.
    pub(crate) list_failure: RwSignal<Option<Failure>>,
    /// Whether the socket has been down long enough to tell.
    pub(crate) is_cut_off: RwSignal<bool>,
    /// Whether the widget shows the panel.
    pub(crate) is_open: RwSignal<bool>,
    /// Whether a widget is around that can close the panel.
    pub(crate) has_widget: RwSignal<bool>,
    /// Whether the conversation keeps to its end.
    pub(crate) sticks: RwSignal<bool>,
    /// What screen readers are told.
    pub(crate) said: RwSignal<String>,
    /// Now, to the minute, in milliseconds since 1970.
    pub(crate) now: RwSignal<f64>,
    /// Writes dates and times; another one comes with each change of language.
    pub(crate) clock: RwSignal<Clock, LocalStorage>,
    /// Whether a sound tells of messages.
    pub(crate) has_sound: RwSignal<bool>,
    io: StoredValue<Rc<Io>, LocalStorage>,
}

/// What is not drawn: connections, timers, drafts.
struct Io {
    wish: Function,
    port: RefCell<Option<Port>>,
    session: RefCell<Option<session::Held>>,
    /// Changes with each user: an answer that belongs to an earlier one is dropped.
    generation: Cell<u32>,
    is_renewing: Cell<bool>,
    live: live::Live,
    drafts: RefCell<Shelf<Place, String>>,
    sending: RefCell<Vec<Place>>,
    /// Whether the focus is the panel's: the user has opened it and was not elsewhere by the time it was there, or has
    /// gone into it since.
    may_focus: Cell<bool>,
    basket: OnceCell<Basket>,
    pictures: Pictures,
    audio: RefCell<Option<AudioContext>>,
    /// When what was not sent is tried again.
    again: RefCell<Option<Timeout>>,
    /// What the browser keeps of the messages that are not sent.
    unsent: RefCell<Vec<Unsent>>,
}

impl Io {
    fn new(wish: Function) -> Self {
        Self {
            wish,
            port: RefCell::default(),
            session: RefCell::default(),
            generation: Cell::default(),
            is_renewing: Cell::default(),
            live: live::Live::default(),
            drafts: RefCell::default(),
            sending: RefCell::default(),
            may_focus: Cell::default(),
            basket: OnceCell::new(),
            pictures: Pictures::default(),
            audio: RefCell::default(),
            again: RefCell::default(),
            unsent: RefCell::default(),
        }
    }
}

impl Panel {
    /// A panel that waits for its port; `wish` is called with the language that the widget asks for.
    pub(crate) fn new(wish: Function) -> Self {
        let panel = Self {
            phase: RwSignal::new(Phase::Connecting),
            app: RwSignal::new(None),
            app_failure: RwSignal::new(None),
            email: RwSignal::new(None),
            entry: RwSignal::new(Entry::default()),
            route: RwSignal::new(Route::default()),
            desk: RwSignal::new(Desk::default()),
            list_failure: RwSignal::new(None),
            is_cut_off: RwSignal::new(false),
            is_open: RwSignal::new(false),
            has_widget: RwSignal::new(false),
            sticks: RwSignal::new(true),
            said: RwSignal::new(String::new()),
            now: RwSignal::new(time::now_ms()),
            clock: RwSignal::new_local(Clock::new(language::locale())),
            has_sound: RwSignal::new(sound::is_on()),
            io: StoredValue::new_local(Rc::new(Io::new(wish))),
        };
        // It needs the panel, and lives as long.
        let _ = panel.io().basket.set(Basket::new(Box::new(PanelUploads(panel))));
        panel.listen();
        panel.follow();
        panel
    }

    /// Takes the port to the widget.
    pub(crate) fn attach(self, port: MessagePort) {
        self.has_widget.set(true);
        let port = Port::new(port, move |message| self.told(message));
        *self.io().port.borrow_mut() = Some(port);
    }

    /// No widget is around.
    pub(crate) fn alone(self) {
        self.is_open.set(true);
        self.visit(None);
    }

    /// Another language is spoken: everything is drawn anew. What was typed is kept, and the focus goes back to it.
    pub(crate) fn redraw(self) {
        self.clock.set(Clock::new(language::locale()));
        self.focus_soon();
    }

    /// Asks the widget to hide the panel.
    pub(crate) fn close(self) {
        self.tell(FromPanelKind::Close);
    }

    /// The app's name, or a word for it while it is not known.
    pub(crate) fn name(self) -> String {
        self.app.with(|app| app.as_ref().map_or_else(|| text::support().into(), |app| app.name.clone()))
    }

    /// The same, for what is drawn once.
    pub(crate) fn name_untracked(self) -> String {
        untrack(|| self.name())
    }

    /// What was typed at a place and not sent.
    pub(crate) fn draft(self, place: &Place) -> String {
        self.io().drafts.borrow().get(place).cloned().unwrap_or_default()
    }

    /// Keeps what is typed at a place.
    pub(crate) fn keep_draft(self, place: Place, typed: String) {
        if !typed.is_empty() {
            self.tell_typing(place.clone());
        }
        self.store_draft(&place, &typed);
        *self.io().drafts.borrow_mut().entry(place) = typed;
    }

    /// Changes the user's things. Boxed: a change of its own for each closure is half a kilobyte.
    pub(crate) fn change<'a>(self, change: impl FnOnce(&mut Desk) + 'a) {
        update(self.desk, Box::new(change));
    }

    /// Changes where a visitor stands who signs in.
    fn change_entry<'a>(self, change: impl FnOnce(&mut Entry) + 'a) {
        update(self.entry, Box::new(change));
    }

    /// Moves the focus to where the user goes on, once what has changed is drawn; from the page it takes it not.
    pub(crate) fn focus_soon(self) {
        browser::next_frame(move || {
            // While the panel is hidden the focus is the page's.
            if self.is_open.get_untracked() && self.io().may_focus.get() {
                focus();
            }
        });
    }

    /// Files that are being attached.
    pub(crate) fn basket(self) -> Basket {
        self.io().basket.get().copied().expect_throw("it comes with the panel")
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
        Listener::new(&document, "visibilitychange", move |_: Event| {
            if browser::is_visible() {
                self.wake(false);
            }
        })
        .forever();
        Listener::new(&window, "focus", move |_: Event| self.io().may_focus.set(true)).forever();
        Listener::new(&window, "storage", move |event: StorageEvent| self.stored_elsewhere(&event)).forever();
        Listener::new(&window, "online", move |_: Event| self.wake(true)).forever();
        Listener::new(&window, "offline", move |_: Event| self.cut_off()).forever();
        Interval::new(60_000, move || self.now.set(time::now_ms())).forget();
    }

    /// Tells widget and document what changes.
    fn follow(self) {
        let told = Cell::new(0);
        follow(move || {
            let count = self.desk.with(Desk::unread);
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
        follow(move || self.store_outbox());
        follow(move || {
            if self.sticks.get() {
                untrack(|| self.see());
            }
        });
        follow(move || {
            self.app.with(|app| {
                let Some(app) = app else { return };
                browser::document().set_title(&app.name);
                let Some(root) = browser::root() else { return };
                for (name, value) in crate::color::properties(&app.theme.brand_color).into_iter().flatten() {
                    // A custom property takes any value.
                    let _ = root.style().set_property(name, &value);
                }
            });
        });
    }
}

/// Notes something. What is as it was draws nothing anew, takes no focus away and is not read out again.
fn note<T: Copy + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.get_untracked() != value {
        signal.set(value);
    }
}

#[inline(never)]
fn update<T: Send + Sync + 'static>(signal: RwSignal<T>, change: Box<dyn FnOnce(&mut T) + '_>) {
    signal.update(change);
}

/// Focuses the field to write in, or the heading where there is none or where a keyboard would jump up.
fn focus() {
    let document = browser::document();
    let selectors = if browser::is_touch() {
        ["[data-focus]", "textarea"]
    } else {
        ["textarea, input:not([hidden])", "[data-focus]"]
    };
    for selector in selectors {
        if let Some(element) = document.query_selector(selector).ok().flatten() {
            use wasm_bindgen::JsCast;
            let _ = element.unchecked_ref::<web_sys::HtmlElement>().focus();
            return;
        }
    }
}
