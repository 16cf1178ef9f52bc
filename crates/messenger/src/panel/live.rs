//! What comes by itself: the socket, its return after a break, and asking in turns while it is away.

use super::{Panel, Phase, note};
use crate::socket::Socket;
use crate::state::backoff::Backoff;
use crate::state::desk::Follow;
use crate::state::place::Place;
use crate::{text, time};
use gloo_timers::callback::{Interval, Timeout};
use protocol::conversation::{ClientFrame, ServerFrame};
use protocol::wire::Author;
use reactive_graph::prelude::*;
use std::cell::{Cell, RefCell};
use wasm_bindgen_futures::spawn_local;

/// A socket that is not ready after this long is given up.
const READY_MS: u32 = 10_000;
/// After this long without a socket the user is told, and the panel asks in turns.
const PATIENCE_MS: u32 = 4_000;
/// Wait between two such questions.
const POLL_MS: u32 = 10_000;

/// How long an agent counts as typing.
const TYPING_MS: u32 = 5_000;
/// That the user is typing is told no more often than this.
const TYPED_MS: f64 = 3_000.0;

/// The socket and its timers.
#[derive(Default)]
pub(super) struct Live {
    socket: RefCell<Option<Socket>>,
    is_ready: Cell<bool>,
    backoff: Cell<Backoff>,
    /// The next thing to do about the socket: give it up, or try again.
    next: RefCell<Option<Timeout>>,
    patience: RefCell<Option<Timeout>>,
    poll: RefCell<Option<Interval>>,
    typing: RefCell<Option<Timeout>>,
    /// When it was last told that the user is typing.
    typed_ms: Cell<f64>,
}

impl Live {
    /// Closes the socket and stops every timer.
    pub(super) fn stop(&self) {
        self.is_ready.set(false);
        self.backoff.take();
        self.socket.take();
        self.next.take();
        self.patience.take();
        self.poll.take();
    }
}

impl Panel {
    /// Connects anew.
    pub(super) fn connect(self) {
        let io = self.io();
        let live = &io.live;
        live.is_ready.set(false);
        let Ok(token) = self.token() else { return };
        let cursor = self.desk.with_untracked(|desk| desk.cursor.clone());
        let socket = Socket::open(
            ClientFrame::Hello { token, cursor },
            move |frame| self.heard(frame),
            move || self.disconnected(None),
        );
        self.lose_patience();
        match socket {
            Ok(socket) => {
                live.socket.replace(Some(socket));
                live.next.replace(Some(Timeout::new(READY_MS, move || self.disconnected(None))));
            }
            Err(_) => self.disconnected(None),
        }
    }

    /// Tries at once what would be tried later, if the socket is not there.
    pub(crate) fn connect_if_down(self) {
        let io = self.io();
        if !io.live.is_ready.get() {
            io.live.backoff.take();
            self.connect();
            self.poll();
        }
    }

    fn heard(self, frame: ServerFrame) {
        match &frame {
            ServerFrame::Ready { .. } => self.ready(),
            ServerFrame::Error { code } => {
                let is_session_end = crate::failure::Failure::Refused(*code).is_session_end();
                self.disconnected(None);
                if is_session_end {
                    self.renew_quietly();
                }
            }
            ServerFrame::Goodbye { retry_after_ms } => self.disconnected(Some(*retry_after_ms)),
            ServerFrame::Typing { service_request_id, author: Author::Agent, agent }
                if self.route.get_untracked().id() == Some(service_request_id) =>
            {
                let name = agent.as_ref().map(|agent| agent.name.clone());
                let name = name.unwrap_or_else(|| self.name_untracked());
                self.change(|desk| desk.typing = Some(name));
                let end = Timeout::new(TYPING_MS, move || self.stop_typing());
                self.io().live.typing.replace(Some(end));
            }
            ServerFrame::Message { message, .. } if message.author == Author::Agent => {
                self.stop_typing();
                self.sound();
            }
            _ => {}
        }
        let shown = self.shown();
        let mut follow = Follow::Nothing;
        self.change(|desk| follow = desk.heard(frame, shown.as_ref()));
        match follow {
            Follow::Announce(message) => {
                let name = message.agent.map_or_else(|| self.name_untracked(), |agent| agent.name);
                let files = message.attachments.iter().map(|file| file.name.as_str());
                let said = core::iter::once(message.body.as_str()).chain(files).collect::<Vec<_>>().join(" ");
                self.said.set(text::announcement(&name, said.trim()));
            }
            Follow::Fetch(id) => self.load_conversation(id),
            Follow::FetchAll => self.refresh(),
            Follow::Nothing => {}
        }
        self.see();
    }

    /// Nobody is typing any more.
    pub(super) fn stop_typing(self) {
        if self.desk.with_untracked(|desk| desk.typing.is_some()) {
            self.change(|desk| desk.typing = None);
        }
    }

    /// The user is writing: the other side may see it.
    pub(super) fn tell_typing(self, place: Place) {
        let (io, now) = (self.io(), time::now_ms());
        let live = &io.live;
        if let (Place::Request(service_request_id), Some(socket)) = (place, &*live.socket.borrow())
            && live.is_ready.get()
            && (now - live.typed_ms.get()).abs() >= TYPED_MS
        {
            live.typed_ms.set(now);
            socket.say(&ClientFrame::Typing { service_request_id });
        }
    }

    fn ready(self) {
        let io = self.io();
        io.live.is_ready.set(true);
        io.live.backoff.take();
        io.live.next.take();
        io.live.patience.take();
        io.live.poll.take();
        note(self.is_cut_off, false);
        self.resume_sending();
    }

    /// The browser has lost the network: nothing of ours needs to find out.
    pub(super) fn cut_off(self) {
        if self.phase.get_untracked() == Phase::SignedIn {
            self.disconnected(None);
            note(self.is_cut_off, true);
        }
    }

    /// The socket is gone: try again after `wait_ms`, or after the wait that is due.
    fn disconnected(self, wait_ms: Option<u32>) {
        let io = self.io();
        let live = &io.live;
        live.is_ready.set(false);
        live.socket.take();
        if self.phase.get_untracked() != Phase::SignedIn {
            return;
        }
        let wait_ms = wait_ms.unwrap_or_else(|| {
            let mut backoff = live.backoff.get();
            let wait_ms = backoff.next_ms(js_sys::Math::random());
            live.backoff.set(backoff);
            wait_ms
        });
        live.next.replace(Some(Timeout::new(wait_ms, move || self.connect())));
        self.lose_patience();
    }

    /// Starts to count how long the socket is away.
    fn lose_patience(self) {
        let io = self.io();
        if io.live.patience.borrow().is_some() {
            return;
        }
        io.live.patience.replace(Some(Timeout::new(PATIENCE_MS, move || {
            self.poll();
            self.io().live.poll.replace(Some(Interval::new(POLL_MS, move || self.poll())));
        })));
    }

    /// Asks for what the socket would have told.
    fn poll(self) {
        if self.phase.get_untracked() != Phase::SignedIn {
            return;
        }
        let shown = self.shown();
        spawn_local(async move {
            let answer = match &shown {
                Some(id) => self.load_messages(id).await,
                None => self.fetch_list().await,
            };
            // Where sockets are blocked, this is how messages come: it is no failure then.
            let Some(answer) = answer else { return };
            if !self.io().live.is_ready.get() {
                note(self.is_cut_off, answer.is_err());
            }
            if answer.is_ok() {
                self.resume_sending();
            }
        });
    }
}
