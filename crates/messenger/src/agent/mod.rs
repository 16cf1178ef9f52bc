//! The agents' page: where those who answer for an app read, answer, close and reopen its service requests.
//!
//! [`Agents`] is a handle, copied freely, around the conversations ([`Talk`]). Its parts: `session` (the API key),
//! `lists`, `address` (the request that the page's address names), `status` (closing and reopening), `host` (what the
//! conversations need of it), `views`.

mod address;
mod host;
mod lists;
mod session;
mod status;
mod views;

use crate::dom::{View, follow};
use crate::failure::Failure;
use crate::signal::Signal;
use crate::state::desk::Desk;
use crate::state::key_form::KeyForm;
use crate::state::reach::Lists;
use crate::talk::{Talk, update};
use crate::{browser, color, storage, text};
use protocol::wire::{AgentResponse, Author, Status};
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::traits::GetValue;
use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

/// Name of the set of what the browser keeps; apps' own begin with `app_`.
const STORAGE: &str = "agent";

/// Who is before the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nobody: the page asks for a key.
    Visitor,
    /// The key that the tab keeps is being tried.
    Connecting,
    /// It could not be tried.
    Failed(Failure),
    /// Somebody is signed in.
    SignedIn,
}

/// The agents' page, which lives as long as its tab. A pointer: each closure of a view has one.
#[derive(Clone, Copy)]
pub(crate) struct Agents(&'static Signals);

/// What is drawn of the agents' page.
pub(crate) struct Signals {
    /// What is read and written here.
    pub(crate) talk: Talk,
    /// Who is before it.
    pub(crate) phase: Signal<Phase>,
    /// The app, and the name of who answers. Stays when a key is revoked, with what was typed.
    pub(crate) about: Signal<Option<AgentResponse>>,
    /// Where somebody stands who signs in.
    pub(crate) form: Signal<KeyForm>,
    /// Which of the lists is shown.
    pub(crate) filter: Signal<Status>,
    /// How far the lists are here.
    pub(crate) lists: Signal<Lists>,
    /// What becomes of closing or reopening.
    pub(crate) change: Signal<status::Change>,
    io: StoredValue<Rc<Io>, LocalStorage>,
}

impl Deref for Agents {
    type Target = Signals;

    fn deref(&self) -> &Signals {
        self.0
    }
}

/// What is not drawn.
#[derive(Default)]
struct Io {
    key: RefCell<Option<String>>,
    /// Lists that are on their way want to know what changes meanwhile.
    watching: RefCell<Vec<lists::Watch>>,
}

impl Agents {
    /// A page that nobody is signed in to.
    pub(crate) fn new() -> Self {
        storage::keep_for(STORAGE.into());
        let agents = Self(Box::leak(Box::new(Signals {
            talk: Talk::new(Author::Agent),
            phase: Signal::new(Phase::Visitor),
            about: Signal::new(None),
            form: Signal::new(KeyForm::default()),
            filter: Signal::new(Status::Open),
            lists: Signal::new(Lists::default()),
            change: Signal::new(status::Change::default()),
            io: StoredValue::new_local(Rc::default()),
        })));
        agents.talk.is_open.set(true);
        agents.talk.may_focus(true);
        agents.talk.begin(Box::new(agents));
        agents.listen();
        agents.follow();
        agents.restore();
        agents
    }

    /// Draws it.
    pub(crate) fn view(self) -> View {
        views::root(self)
    }

    /// The app's name, or a word for it while it is not known.
    pub(crate) fn app_name(self) -> String {
        self.about.with(|about| {
            about.as_ref().map_or_else(|| text::support().into(), |about| about.app.name.clone())
        })
    }

    fn change_form<'a>(self, change: impl FnOnce(&mut KeyForm) + 'a) {
        update(self.form, Box::new(change));
    }

    fn change_lists<'a>(self, change: impl FnOnce(&mut Lists) + 'a) {
        update(self.lists, Box::new(change));
    }

    fn io(self) -> Rc<Io> {
        self.io.get_value()
    }

    /// Tells the document what changes.
    fn follow(self) {
        follow(move || {
            // Another language, too.
            self.talk.clock.track();
            let is_signed_in = self.phase.get() == Phase::SignedIn;
            let title = text::agent::page_title(&self.app_name());
            let unread = if is_signed_in { self.talk.desk.with(Desk::unread) } else { 0 };
            browser::document().set_title(&match unread {
                0 => title,
                unread => ["(", &unread.to_string(), ") ", &title].concat(),
            });
        });
        follow(move || {
            self.about.with(|about| {
                if let Some(about) = about {
                    color::paint(&about.app.theme.brand_color);
                }
            });
        });
    }
}
