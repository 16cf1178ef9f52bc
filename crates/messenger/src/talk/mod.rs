//! Conversations of one side: what is read, written, and told live. The panel and the agents' page each have one, and
//! answer for what differs as its [`Host`].
//!
//! [`Talk`] is a handle, copied freely. Its parts: `reading`, `sending`, `kept` (drafts and unsent messages over a
//! reload), `live` (the socket), `files`, `sound`.

mod files;
mod host;
mod kept;
mod live;
mod reading;
mod sending;
mod sound;

pub(crate) use host::{Coming, Host};

use crate::api::{self, Call, Typed};
use crate::attach::{Basket, Pictures};
use crate::browser::{self, Listener};
use crate::dom::follow;
use crate::failure::Failure;
use crate::signal::Signal;
use crate::state::desk::Desk;
use crate::state::outbox::Unsent;
use crate::state::place::{Place, Route};
use crate::state::shelf::Shelf;
use crate::time::Clock;
use crate::{language, time};
use files::TalkUploads;
use gloo_timers::callback::{Interval, Timeout};
use protocol::ErrorCode;
use protocol::wire::Author;
use reactive_graph::graph::untrack;
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::traits::GetValue;
use serde::de::DeserializeOwned;
use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Deref;
use std::rc::Rc;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{AudioContext, Event, HtmlElement};

/// The conversations of one side, which live as long as their page. A pointer: each closure of a view has one.
#[derive(Clone, Copy)]
pub(crate) struct Talk(&'static Signals);

/// What is drawn of conversations.
pub(crate) struct Signals {
    /// What is shown of the user's things.
    pub(crate) route: Signal<Route>,
    /// The user's things.
    pub(crate) desk: Signal<Desk>,
    /// Whether the socket has been down long enough to tell.
    pub(crate) is_cut_off: Signal<bool>,
    /// Whether what is drawn can be seen, as far as the page itself knows.
    pub(crate) is_open: Signal<bool>,
    /// Whether the conversation keeps to its end.
    pub(crate) sticks: Signal<bool>,
    /// What screen readers are told.
    pub(crate) said: Signal<String>,
    /// Now, to the minute, in milliseconds since 1970.
    pub(crate) now: Signal<f64>,
    /// Writes dates and times; another one comes with each change of language.
    pub(crate) clock: Signal<Clock>,
    /// Whether a sound tells of messages.
    pub(crate) has_sound: Signal<bool>,
    io: StoredValue<Rc<Io>, LocalStorage>,
}

impl Deref for Talk {
    type Target = Signals;

    fn deref(&self) -> &Signals {
        self.0
    }
}

/// What is not drawn: connections, timers, drafts.
#[derive(Default)]
struct Io {
    host: OnceCell<Box<dyn Host>>,
    /// Changes with each user: an answer that belongs to an earlier one is dropped.
    generation: Cell<u32>,
    live: live::Live,
    drafts: RefCell<Shelf<Place, String>>,
    sending: RefCell<Vec<Place>>,
    /// Whether the focus is this page's: the user has opened it and was not elsewhere by the time it was there, or has
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
    fn host(&self) -> &dyn Host {
        &**self.host.get().expect_throw("it comes before anything is asked")
    }
}

impl Talk {
    /// No conversations yet; [`Talk::begin`] has to follow.
    pub(crate) fn new(own: Author) -> Self {
        Self(Box::leak(Box::new(Signals {
            route: Signal::new(Route::default()),
            desk: Signal::new(Desk::new(own)),
            is_cut_off: Signal::new(false),
            is_open: Signal::new(false),
            sticks: Signal::new(true),
            said: Signal::new(String::new()),
            now: Signal::new(time::now_ms()),
            clock: Signal::new(Clock::new(language::locale())),
            has_sound: Signal::new(sound::is_on()),
            io: StoredValue::new_local(Rc::default()),
        })))
    }

    /// Takes the page around; listens to the browser from here on, as long as the page lives.
    pub(crate) fn begin(self, host: Box<dyn Host>) {
        let io = self.io();
        let _ = io.host.set(host);
        // It needs the conversations, and lives as long.
        let _ = io.basket.set(Basket::new(Box::new(TalkUploads(self))));
        let (window, document) = (browser::window(), browser::document());
        Listener::new(&document, "visibilitychange", move |_: Event| {
            if browser::is_visible() {
                self.wake(false);
            }
        })
        .forever();
        Listener::new(&window, "focus", move |_: Event| self.may_focus(true)).forever();
        Listener::new(&window, "online", move |_: Event| self.wake(true)).forever();
        Listener::new(&window, "offline", move |_: Event| self.cut_off()).forever();
        Interval::new(60_000, move || self.now.set(time::now_ms())).forget();
        follow(move || self.store_outbox());
        follow(move || {
            if self.sticks.get() {
                untrack(|| self.see());
            }
        });
    }

    /// Another language is spoken: everything is drawn anew. What was typed is kept, and the focus goes back to it.
    pub(crate) fn redraw(self) {
        self.clock.set(Clock::new(language::locale()));
        self.focus_soon();
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

    /// Changes the user's things.
    pub(crate) fn change<'a>(self, change: impl FnOnce(&mut Desk) + 'a) {
        update(self.desk, Box::new(change));
    }

    /// Whether the focus may be moved here; the page around may have it.
    pub(crate) fn may_focus(self, may: bool) {
        self.io().may_focus.set(may);
    }

    /// Moves the focus to where the user goes on, once what has changed is drawn; from the page around it takes it not.
    pub(crate) fn focus_soon(self) {
        browser::next_frame(move || {
            // While this is hidden the focus is the page's around.
            if self.is_open.get_untracked() && self.io().may_focus.get() {
                focus();
            }
        });
    }

    /// Files that are being attached.
    pub(crate) fn basket(self) -> Basket {
        self.io().basket.get().copied().expect_throw("it comes with the page around")
    }

    /// Changes with each user: an answer that belongs to an earlier one is nobody's.
    pub(crate) fn generation(self) -> u32 {
        self.io().generation.get()
    }

    /// Forgets everything that is the user's.
    pub(crate) fn forget(self) {
        let io = self.io();
        io.generation.set(io.generation.get().wrapping_add(1));
        io.live.stop();
        io.drafts.take();
        io.sending.take();
        io.unsent.take();
        io.again.take();
        io.pictures.clear();
        self.basket().clear();
        self.route.set(Route::default());
        self.change(|desk| *desk = Desk::new(desk.own()));
        self.is_cut_off.note(false);
        self.said.set(String::new());
    }

    /// Sends a request of the signed-in user, with another bearer if that is what it needs.
    ///
    /// `None` if the user has changed meanwhile: the answer is nobody's any more.
    pub(crate) async fn ask<T: DeserializeOwned>(self, request: Typed<T>) -> Option<Result<T, Failure>> {
        let generation = self.generation();
        let answer = self.fetch(request.call).await;
        (self.generation() == generation).then(|| api::read(&answer?))
    }

    async fn fetch(self, call: Call) -> Result<String, Failure> {
        let (generation, token) = (self.generation(), self.io().host().token()?);
        match call.fetch(Some(&token)).await {
            Err(failure) if failure.is_session_end() => {
                call.fetch(Some(&self.another_token(token, generation).await?)).await
            }
            answer => answer,
        }
    }

    /// Another bearer than this one, which was refused; of the same user, since what they ask for is theirs.
    async fn another_token(self, refused: String, generation: u32) -> Result<String, Failure> {
        let io = self.io();
        io.host().renew(refused).await?;
        if self.generation() != generation {
            return Err(Failure::Refused(ErrorCode::Unauthorized));
        }
        io.host().token()
    }

    /// The tab is back, and timers may have slept; or the network is, and the socket may be dead unnoticed.
    fn wake(self, is_new_network: bool) {
        self.now.set(time::now_ms());
        let io = self.io();
        io.host().woken();
        if io.host().is_signed_in() {
            if is_new_network {
                self.connect();
            } else {
                self.connect_if_down();
            }
            self.see();
        }
    }

    fn io(self) -> Rc<Io> {
        self.io.get_value()
    }
}

/// Changes a signal's value. Boxed, so that this is compiled once for each type: by [`Signal::update`] it is compiled for each
/// closure, which makes the panel 345 bytes brotli larger and the agents' page 492 (`./build.sh bench size`).
#[inline(never)]
pub(crate) fn update<T: 'static>(signal: Signal<T>, change: Box<dyn FnOnce(&mut T) + '_>) {
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
            let _ = element.unchecked_ref::<HtmlElement>().focus();
            return;
        }
    }
}
