//! What comes by itself: the socket, its return after a break, and asking in turns while it is away.

use super::Talk;
use crate::socket::Socket;
use crate::state::backoff::Backoff;
use crate::state::desk::{Desk, Follow};
use crate::state::place::Place;
use crate::{text, time};
use gloo_timers::callback::{Interval, Timeout};
use protocol::conversation::{ClientFrame, Message, ServerFrame};
use reactive_graph::graph::untrack;
use std::cell::{Cell, RefCell};
use wasm_bindgen_futures::spawn_local;

/// A socket that is not ready after this long is given up.
const READY_MS: u32 = 10_000;
/// After this long without a socket the user is told, and the panel asks in turns.
const PATIENCE_MS: u32 = 4_000;
/// Wait between two such questions.
const POLL_MS: u32 = 10_000;

/// How long somebody counts as typing.
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

impl Talk {
    /// Connects anew.
    pub(crate) fn connect(self) {
        let io = self.io();
        let live = &io.live;
        live.is_ready.set(false);
        let Ok(token) = io.host().token() else { return };
        let cursor = self.desk.with_untracked(|desk| desk.cursor.clone());
        let socket = Socket::open(
            io.host().base(),
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

    /// Closes the socket, and says nothing of it.
    pub(crate) fn disconnect(self) {
        self.io().live.stop();
        self.is_cut_off.note(false);
    }

    fn heard(self, frame: ServerFrame) {
        let io = self.io();
        io.host().heard(&frame);
        let own = self.desk.with_untracked(Desk::own);
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
            ServerFrame::Typing { service_request_id, author, agent }
                if self.route.get_untracked().id() == Some(service_request_id) =>
            {
                let name = agent.as_ref().map(|agent| agent.name.clone());
                let name = name.unwrap_or_else(|| untrack(|| io.host().name(*author)));
                self.change(|desk| desk.typing = Some(name));
                let end = Timeout::new(TYPING_MS, move || self.stop_typing());
                io.live.typing.replace(Some(end));
            }
            ServerFrame::Message { service_request_id, message, .. } if message.author != own => {
                if self.route.get_untracked().id() == Some(service_request_id) {
                    self.stop_typing();
                }
                self.sound();
            }
            _ => {}
        }
        let shown = self.shown();
        let mut follow = Follow::Nothing;
        self.change(|desk| follow = desk.heard(frame, shown.as_ref()));
        match follow {
            Follow::Announce(message) => {
                let author = message.author;
                let name = message
                    .agent
                    .as_ref()
                    .map_or_else(|| untrack(|| io.host().name(author)), |agent| agent.name.clone());
                self.announce(&name, &message);
            }
            Follow::Fetch(id) => self.load_conversation(id),
            Follow::FetchAll => self.refresh(),
            Follow::Meet(id) => io.host().meet(id),
            Follow::Nothing => {}
        }
        self.see();
    }

    /// Has a message read out.
    pub(crate) fn announce(self, name: &str, message: &Message) {
        let files = message.attachments.iter().map(|file| file.name.as_str());
        let said = core::iter::once(message.body.as_str()).chain(files).collect::<Vec<_>>().join(" ");
        self.said.set(text::announcement(name, said.trim()));
    }

    /// Sees to another bearer.
    pub(crate) fn renew_quietly(self) {
        let io = self.io();
        if let Ok(token) = io.host().token() {
            let renewal = io.host().renew(token);
            spawn_local(async move {
                // What goes wrong here shows where it matters: on the page, or at the next request.
                let _ = renewal.await;
            });
        }
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
        self.is_cut_off.note(false);
        self.resume_sending();
    }

    /// The browser has lost the network: nothing of ours needs to find out.
    pub(super) fn cut_off(self) {
        if self.io().host().is_signed_in() {
            self.disconnected(None);
            self.is_cut_off.note(true);
        }
    }

    /// The socket is gone: try again after `wait_ms`, or after the wait that is due.
    fn disconnected(self, wait_ms: Option<u32>) {
        let io = self.io();
        let live = &io.live;
        live.is_ready.set(false);
        live.socket.take();
        if !io.host().is_signed_in() {
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
        let io = self.io();
        if !io.host().is_signed_in() {
            return;
        }
        let shown = self.shown();
        let list = io.host().shows_list().then(|| io.host().fetch_list());
        spawn_local(async move {
            let mut answer = match list {
                Some(list) => list.await,
                None => Some(Ok(())),
            };
            if let (Some(id), Some(Ok(()))) = (&shown, &answer) {
                answer = self.load_messages(id).await;
            }
            // Where sockets are blocked, this is how messages come: it is no failure then.
            let Some(answer) = answer else { return };
            if !self.io().live.is_ready.get() {
                self.is_cut_off.note(answer.is_err());
            }
            if answer.is_ok() {
                self.resume_sending();
            }
        });
    }
}
