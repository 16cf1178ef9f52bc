//! The engine's one instance: runs the effects of `lifecycle`, and owns every resource of the browser.

mod ask;
mod view;

use crate::dom::Timer;
use crate::error::MessengerError;
use crate::lifecycle::{DEADLINE_MS, Effect, Event, Lifecycle, PageEvent, Ticket, Visitor};
use crate::page::Page;
use crate::params::PageParams;
use crate::thread::{Session, Thread};
use ask::{Asking, Question, Retry};
use js_sys::Function;
use protocol::params::{FoundSecret, InitParams, ParamsError};
use protocol::{AttemptId, ErrorCode};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use view::View;
use wasm_bindgen::{JsValue, UnwrapThrowExt as _};
use web_sys::Element;

thread_local! {
    static INSTANCE: RefCell<Option<Instance>> = const { RefCell::new(None) };
}

struct Instance {
    page: Page,
    thread: Thread,
    lifecycle: Lifecycle,
    /// What happened while effects were being carried out.
    queue: VecDeque<Event<Session>>,
    is_dispatching: bool,
    /// Settings of `initialize` calls that the machine has not judged yet.
    offered: Vec<(Ticket, Rc<Settings>)>,
    /// Settings of the `initialize` that counts.
    settings: Option<Rc<Settings>>,
    /// The session that came by key.
    session: Option<Session>,
    view: View,
    asking: Option<Asking>,
    retry: Option<Retry>,
    deadlines: Vec<(Ticket, Timer)>,
    /// Lets Thread take a v2 key again from this load of the page, and from no other.
    attempt_id: AttemptId,
}

/// What one `initialize` asked for.
struct Settings {
    params: InitParams,
    key_function: Option<Function>,
    /// Where the launcher goes; `None` while the page has no body.
    parent: Option<Element>,
}

/// Prepares the instance. A second call, by a second `widget.js`, changes nothing.
pub fn start(origin: String, page: Page) {
    INSTANCE.with_borrow_mut(|instance| {
        instance.get_or_insert_with(|| Instance {
            page,
            thread: Thread::new(origin),
            lifecycle: Lifecycle::default(),
            queue: VecDeque::new(),
            is_dispatching: false,
            offered: Vec::new(),
            settings: None,
            session: None,
            view: View::default(),
            asking: None,
            retry: None,
            deadlines: Vec::new(),
            attempt_id: ask::random_attempt_id(),
        });
    });
}

/// Works on the instance. `work` must not call the page's code or the DOM, either of which may call back.
fn with<T>(work: impl FnOnce(&mut Instance) -> T) -> T {
    INSTANCE.with_borrow_mut(|instance| work(instance.as_mut().expect_throw("started")))
}

/// Judges the page's parameters; what is fit goes to the machine.
pub fn initialize(ticket: Ticket, params: &JsValue) {
    let (page, thread) = with(|instance| (instance.page.clone(), instance.thread.clone()));
    let given = PageParams::read(params);
    for warning in &given.parsed.warnings {
        page.warn(warning);
    }
    match settings(given, &thread) {
        Ok(settings) => {
            let visitor = Visitor::new(settings.params.app_id.clone(), &settings.params.sign_in);
            let host_in_page = view::host_in_page();
            with(|instance| instance.offered.push((ticket, Rc::new(settings))));
            dispatch(Event::Initialize { ticket, visitor, host_in_page });
            view::look_again();
        }
        Err(error) => {
            // The page asked for another messenger than the one that is there: that one must not stay.
            dispatch(Event::Destroy);
            let error = MessengerError::from(error);
            page.tell(&PageEvent::Error(error.clone()));
            page.reject_with(ticket, &error);
        }
    }
}

fn settings(given: PageParams, thread: &Thread) -> Result<Settings, ParamsError> {
    if let Some(FoundSecret(secret)) = &given.parsed.found_secret {
        thread.report_secret(given.parsed.app_id.as_ref(), secret);
    }
    let params = given.parsed.result.clone()?;
    let parent = given.host_parent(&params).map_err(|selector| ParamsError {
        code: ErrorCode::InvalidParams,
        field: Some("target".into()),
        message: ["target: no element matches ", &selector, "."].concat(),
    })?;
    Ok(Settings { params, key_function: given.key_function, parent })
}

/// Notes what happened, and has it dealt with: at once, or after what is being dealt with now.
pub fn dispatch(event: Event<Session>) {
    let (page, is_dispatching) = with(|instance| {
        instance.queue.push_back(event);
        (instance.page.clone(), core::mem::replace(&mut instance.is_dispatching, true))
    });
    if !is_dispatching {
        page.run();
    }
}

/// Lets the machine take its steps, and carries out what it says.
pub fn run() {
    while let Some(effects) = with(|instance| {
        let event = instance.queue.pop_front()?;
        Some(instance.lifecycle.step(event))
    }) {
        for effect in effects {
            carry_out(effect);
        }
    }
    with(|instance| instance.is_dispatching = false);
}

/// Ends the visit after an exception.
pub fn recover() {
    with(|instance| {
        instance.is_dispatching = false;
        instance.queue.clear();
    });
    dispatch(Event::Destroy);
}

fn carry_out(effect: Effect<Session>) {
    match effect {
        Effect::Mount => view::mount(),
        Effect::Unmount => view::unmount(),
        Effect::Adopt(ticket) => with(|instance| instance.adopt(ticket)),
        Effect::SignIn(attempt) => ask::ask(attempt, Question::SignIn),
        Effect::LookUpApp(attempt) => ask::ask(attempt, Question::LookUpApp),
        Effect::Cancel => drop(with(|instance| (instance.asking.take(), instance.retry.take()))),
        Effect::ScheduleRetry { attempt, failures, retry_after_ms } => {
            ask::schedule_retry(attempt, failures, retry_after_ms);
        }
        Effect::StartDeadline(ticket) => {
            let deadline = Timer::new(DEADLINE_MS, move || dispatch(Event::DeadlinePassed { ticket }));
            with(|instance| instance.deadlines.push((ticket, deadline)));
        }
        Effect::Resolve(ticket) => settled(ticket).resolve(ticket),
        Effect::Reject(ticket, error) => settled(ticket).reject_with(ticket, &error),
        Effect::Emit(event) => with(|instance| instance.page.clone()).tell(&event),
        Effect::UseSession(session) => view::use_session(session),
        Effect::RevokeSession => {
            if let Some(session) = with(|instance| instance.session.take()) {
                with(|instance| instance.thread.clone()).revoke(&session.token);
            }
        }
        Effect::ForgetSession => drop(with(|instance| instance.session.take())),
        Effect::PanelConnecting => view::tell_connecting(),
        Effect::PanelVisitor => view::tell_visitor(),
        Effect::PanelSignOut => view::tell_sign_out(),
        Effect::ShowPanel => view::show_panel(true),
        Effect::HidePanel => view::show_panel(false),
        Effect::ShowUnread(count) => view::show_unread(count),
        Effect::ShowLook(look) => view::show_look(look),
    }
}

/// The promise of `ticket` is about to be settled: its deadline is off.
fn settled(ticket: Ticket) -> Page {
    let (page, deadline) = with(|instance| {
        let position = instance.deadlines.iter().position(|(waiting, _)| *waiting == ticket);
        (instance.page.clone(), position.map(|position| instance.deadlines.swap_remove(position)))
    });
    drop(deadline);
    page
}

impl Instance {
    /// From now on the settings of this `initialize` count; those of earlier ones are forgotten.
    fn adopt(&mut self, ticket: Ticket) {
        if let Some(position) = self.offered.iter().position(|(offered, _)| *offered == ticket) {
            self.settings = Some(self.offered.swap_remove(position).1);
        }
    }
}
