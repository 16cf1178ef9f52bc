//! What happens when: a pure state machine.
//!
//! [`Lifecycle::step`] takes what happened and answers with what is to be done, in order. It touches neither
//! the page nor the network, so every order of calls and answers can be tried in a test; `instance` carries
//! the effects out.

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use crate::answer::{Failure, Fault, Look};
use crate::error::MessengerError;
use protocol::AppId;
use protocol::params::SignIn;
use protocol::wire::SignInMethod;

/// How long an `initialize` may stay undecided.
pub const DEADLINE_MS: u32 = 30_000;

/// One call of `initialize`, whose promise is still to be settled.
pub type Ticket = u32;

/// One question to Thread or to the page. An answer to an older one is dropped.
pub type Attempt = u32;

/// Whom a messenger is for. Two `initialize` calls with the same one are the same messenger.
#[derive(Clone, PartialEq, Eq)]
pub struct Visitor {
    app_id: AppId,
    /// The email as the key covers it; absent on a passwordless visit.
    email: Option<String>,
}

impl Visitor {
    /// Whom the parameters name.
    pub fn new(app_id: AppId, sign_in: &SignIn) -> Self {
        let email = match sign_in {
            SignIn::Key { email, .. } => Some(email.as_str().into()),
            SignIn::Passwordless => None,
        };
        Self { app_id, email }
    }
}

/// What happened. `S` is a session, which the machine only passes on.
pub enum Event<S> {
    /// The page called `initialize` with parameters that are fit to act on.
    Initialize {
        ticket: Ticket,
        visitor: Visitor,
        /// Whether the host element that was mounted is still in the page.
        host_in_page: bool,
    },
    /// The page called `destroy`.
    Destroy,
    /// The page called `open`, or the user pressed the launcher.
    Open,
    /// The page called `close`, or the user closed the panel.
    Close,
    /// The page called `toggle`, or the user pressed the launcher.
    Toggle,
    /// The page called `signOut`.
    SignOut,
    /// Thread answered to [`Effect::SignIn`] or [`Effect::LookUpApp`].
    Answered { attempt: Attempt, answer: Result<Answer<S>, Failure> },
    /// The time to try again has come, or the connection is back.
    RetryDue { attempt: Attempt },
    /// [`DEADLINE_MS`] have passed since the `initialize`.
    DeadlinePassed { ticket: Ticket },
    /// The panel counted messages that were not seen.
    PanelUnread(u32),
    /// The visitor signed in by PIN, in the panel.
    PanelSignedIn { email: String },
    /// The user signed out in the panel, which has ended the session.
    PanelSignedOut,
    /// The panel's session has lapsed and could not be renewed.
    PanelSessionExpired,
}

/// What Thread said.
pub enum Answer<S> {
    /// The key was good.
    SignedIn { session: S, email: String, unread: u32 },
    /// The app exists; nobody is signed in yet.
    AppKnown { look: Look },
}

/// What is to be done.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect<S> {
    /// Put the launcher into the page.
    Mount,
    /// Take everything out of the page.
    Unmount,
    /// Use the parameters of this `initialize` from now on.
    Adopt(Ticket),
    /// Ask the page for the key, and Thread for a session.
    SignIn(Attempt),
    /// Ask Thread for the app.
    LookUpApp(Attempt),
    /// Stop asking and waiting.
    Cancel,
    /// Ask again after a while.
    ScheduleRetry { attempt: Attempt, failures: u32, retry_after_ms: Option<u32> },
    /// Start the deadline of an `initialize`.
    StartDeadline(Ticket),
    /// The `initialize` has succeeded.
    Resolve(Ticket),
    /// The `initialize` has failed.
    Reject(Ticket, MessengerError),
    /// Tell the page of an event.
    Emit(PageEvent),
    /// Keep the session, and hand it to the panel.
    UseSession(S),
    /// Forget the session that came by key, and end it on the server.
    RevokeSession,
    /// Forget the session that came by key: it has ended already.
    ForgetSession,
    /// Tell the panel that signing in is on the way.
    PanelConnecting,
    /// Tell the panel that nobody is signed in by key.
    PanelVisitor,
    /// Tell the panel to end a session that came by PIN.
    PanelSignOut,
    /// Show the panel, and give it the focus.
    ShowPanel,
    /// Hide the panel, and give the focus back.
    HidePanel,
    /// Show the number on the launcher.
    ShowUnread(u32),
    /// Give the launcher the look that the app wants.
    ShowLook(Look),
}

/// An event for the page's handlers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PageEvent {
    Ready,
    Authenticated { email: String, method: SignInMethod },
    Open,
    Close,
    Destroyed,
    SessionExpired,
    Unread(u32),
    Error(MessengerError),
}

/// The messenger of a page: none, or one.
#[derive(Default)]
pub struct Lifecycle {
    visit: Option<Visit>,
    last_attempt: Attempt,
}

/// A messenger in the page.
struct Visit {
    visitor: Visitor,
    stage: Stage,
    panel_open: bool,
    unread: u32,
    /// Failures in a row.
    failures: u32,
    /// The latest failure, for the deadline.
    last_error: Option<MessengerError>,
    /// `initialize` calls whose promises are still to be settled.
    tickets: Vec<Ticket>,
    /// Somebody was signed in before: what is asked now is a renewal.
    renewing: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Asked the page or Thread.
    Asking(Attempt),
    /// Waiting to ask again.
    Waiting(Attempt),
    /// Signed in by key.
    SignedIn,
    /// A passwordless visit, as the page wished it.
    Passwordless,
    /// Signing in by key failed, or the user signed out.
    SignedOut,
}

impl Lifecycle {
    /// Takes what happened; answers with what is to be done, in order.
    pub fn step<S>(&mut self, event: Event<S>) -> Vec<Effect<S>> {
        let mut effects = Vec::new();
        match event {
            Event::Initialize { ticket, visitor, host_in_page } => {
                self.initialize(ticket, visitor, host_in_page, &mut effects);
            }
            Event::Destroy => {
                if self.end_visit(&mut effects) {
                    effects.push(Effect::Emit(PageEvent::Destroyed));
                }
            }
            Event::Answered { attempt, answer } => self.answered(attempt, answer, &mut effects),
            Event::RetryDue { attempt } => {
                if self.visit.as_ref().is_some_and(|visit| visit.stage == Stage::Waiting(attempt)) {
                    self.ask(&mut effects);
                }
            }
            Event::PanelSessionExpired => self.session_expired(&mut effects),
            event => {
                if let Some(visit) = &mut self.visit {
                    visit.step(event, &mut effects);
                }
            }
        }
        effects
    }

    fn initialize<S>(
        &mut self,
        ticket: Ticket,
        visitor: Visitor,
        host_in_page: bool,
        effects: &mut Vec<Effect<S>>,
    ) {
        if let Some(visit) = &mut self.visit
            && host_in_page
            && visit.visitor == visitor
            && visit.stage != Stage::SignedOut
        {
            effects.push(Effect::Adopt(ticket));
            match visit.stage {
                Stage::SignedIn | Stage::Passwordless => effects.push(Effect::Resolve(ticket)),
                _ => visit.wait_for(ticket, effects),
            }
            return;
        }
        self.end_visit(effects);
        let mut visit = Visit {
            visitor,
            stage: Stage::SignedOut,
            panel_open: false,
            unread: 0,
            failures: 0,
            last_error: None,
            tickets: Vec::new(),
            renewing: false,
        };
        effects.push(Effect::Adopt(ticket));
        effects.push(Effect::Mount);
        effects.push(Effect::Emit(PageEvent::Ready));
        visit.wait_for(ticket, effects);
        self.visit = Some(visit);
        self.ask(effects);
    }

    /// Asks the question that decides the visit: a session by key, or the app.
    fn ask<S>(&mut self, effects: &mut Vec<Effect<S>>) {
        let Some(visit) = &mut self.visit else { return };
        self.last_attempt += 1;
        visit.stage = Stage::Asking(self.last_attempt);
        effects.push(match visit.visitor.email {
            Some(_) => Effect::SignIn(self.last_attempt),
            None => Effect::LookUpApp(self.last_attempt),
        });
    }

    fn answered<S>(
        &mut self,
        attempt: Attempt,
        answer: Result<Answer<S>, Failure>,
        effects: &mut Vec<Effect<S>>,
    ) {
        let Some(visit) = &mut self.visit else { return };
        if visit.stage != Stage::Asking(attempt) {
            return;
        }
        match answer {
            Ok(answer) => visit.succeed(answer, effects),
            Err(failure) => match failure.fault {
                Fault::Transient => {
                    visit.failures += 1;
                    visit.last_error = Some(failure.error);
                    visit.stage = Stage::Waiting(attempt);
                    effects.push(Effect::ScheduleRetry {
                        attempt,
                        failures: visit.failures,
                        retry_after_ms: failure.retry_after_ms,
                    });
                }
                Fault::Fatal if !visit.renewing => {
                    visit.fail(&failure.error, effects);
                    self.end_visit(effects);
                }
                Fault::Key | Fault::Fatal => {
                    visit.stage = Stage::SignedOut;
                    if visit.renewing {
                        effects.push(Effect::Emit(PageEvent::SessionExpired));
                    }
                    visit.fail(&failure.error, effects);
                    effects.push(Effect::PanelVisitor);
                }
            },
        }
    }

    fn session_expired<S>(&mut self, effects: &mut Vec<Effect<S>>) {
        let Some(visit) = &mut self.visit else { return };
        match visit.stage {
            Stage::SignedIn => {
                visit.renewing = true;
                visit.failures = 0;
                effects.push(Effect::ForgetSession);
                effects.push(Effect::PanelConnecting);
                self.ask(effects);
            }
            // A PIN session: only the visitor can renew it, in the panel.
            Stage::Passwordless | Stage::SignedOut => effects.push(Effect::Emit(PageEvent::SessionExpired)),
            Stage::Asking(_) | Stage::Waiting(_) => {}
        }
    }

    /// Ends the visit, if there is one. What is under way is dropped, and its promises are rejected.
    fn end_visit<S>(&mut self, effects: &mut Vec<Effect<S>>) -> bool {
        let Some(visit) = self.visit.take() else { return false };
        effects.push(Effect::Cancel);
        if visit.stage == Stage::SignedIn {
            effects.push(Effect::RevokeSession);
        }
        effects.push(Effect::Unmount);
        for ticket in visit.tickets {
            effects.push(Effect::Reject(ticket, MessengerError::destroyed()));
        }
        true
    }
}

impl Visit {
    /// What does not change whether there is a messenger.
    fn step<S>(&mut self, event: Event<S>, effects: &mut Vec<Effect<S>>) {
        match event {
            Event::Open => self.set_open(true, effects),
            Event::Close => self.set_open(false, effects),
            Event::Toggle => self.set_open(!self.panel_open, effects),
            Event::SignOut => match self.stage {
                Stage::SignedIn => {
                    effects.push(Effect::RevokeSession);
                    self.sign_out(effects);
                }
                Stage::Asking(_) | Stage::Waiting(_) if self.visitor.email.is_some() => {
                    self.sign_out(effects);
                }
                _ => effects.push(Effect::PanelSignOut),
            },
            Event::PanelSignedOut => {
                if self.stage == Stage::SignedIn {
                    effects.push(Effect::ForgetSession);
                    self.sign_out(effects);
                }
                self.set_unread(0, effects);
            }
            Event::PanelSignedIn { email } => {
                effects.push(Effect::Emit(PageEvent::Authenticated { email, method: SignInMethod::Pin }));
            }
            Event::PanelUnread(count) => self.set_unread(count, effects),
            Event::DeadlinePassed { ticket } => {
                if let Some(position) = self.tickets.iter().position(|&waiting| waiting == ticket) {
                    self.tickets.remove(position);
                    let error = self.last_error.clone().unwrap_or_else(MessengerError::no_answer);
                    effects.push(Effect::Emit(PageEvent::Error(error.clone())));
                    effects.push(Effect::Reject(ticket, error));
                }
            }
            Event::Initialize { .. }
            | Event::Destroy
            | Event::Answered { .. }
            | Event::RetryDue { .. }
            | Event::PanelSessionExpired => {}
        }
    }

    fn wait_for<S>(&mut self, ticket: Ticket, effects: &mut Vec<Effect<S>>) {
        self.tickets.push(ticket);
        effects.push(Effect::StartDeadline(ticket));
    }

    fn succeed<S>(&mut self, answer: Answer<S>, effects: &mut Vec<Effect<S>>) {
        self.failures = 0;
        self.last_error = None;
        match answer {
            Answer::SignedIn { session, email, unread } => {
                self.stage = Stage::SignedIn;
                effects.push(Effect::UseSession(session));
                if !self.renewing {
                    let method = SignInMethod::MessengerAuth;
                    effects.push(Effect::Emit(PageEvent::Authenticated { email, method }));
                }
                self.set_unread(unread, effects);
            }
            Answer::AppKnown { look } => {
                self.stage = Stage::Passwordless;
                effects.push(Effect::ShowLook(look));
                effects.push(Effect::PanelVisitor);
            }
        }
        self.renewing = false;
        effects.extend(self.tickets.drain(..).map(Effect::Resolve));
    }

    fn fail<S>(&mut self, error: &MessengerError, effects: &mut Vec<Effect<S>>) {
        self.renewing = false;
        effects.push(Effect::Emit(PageEvent::Error(error.clone())));
        effects.extend(self.tickets.drain(..).map(|ticket| Effect::Reject(ticket, error.clone())));
    }

    /// The key's session is over, or will never come. The launcher stays, for the passwordless way.
    fn sign_out<S>(&mut self, effects: &mut Vec<Effect<S>>) {
        effects.push(Effect::Cancel);
        self.stage = Stage::SignedOut;
        self.renewing = false;
        effects
            .extend(self.tickets.drain(..).map(|ticket| Effect::Reject(ticket, MessengerError::destroyed())));
        effects.push(Effect::PanelVisitor);
        self.set_unread(0, effects);
    }

    fn set_open<S>(&mut self, open: bool, effects: &mut Vec<Effect<S>>) {
        if self.panel_open == open {
            return;
        }
        self.panel_open = open;
        effects.push(if open { Effect::ShowPanel } else { Effect::HidePanel });
        effects.push(Effect::Emit(if open { PageEvent::Open } else { PageEvent::Close }));
    }

    fn set_unread<S>(&mut self, count: u32, effects: &mut Vec<Effect<S>>) {
        if self.unread == count {
            return;
        }
        self.unread = count;
        effects.push(Effect::ShowUnread(count));
        effects.push(Effect::Emit(PageEvent::Unread(count)));
    }
}
