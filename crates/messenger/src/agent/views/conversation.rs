//! The conversation that is shown: whose it is, what was said, and where one answers.

use crate::agent::host::contact;
use crate::agent::{Agents, address};
use crate::dom::{View, el, nothing, part, words};
use crate::signal::Memo;
use crate::text;
use crate::views::chat::Chat;
use crate::views::composer::composer;
use crate::views::icon::Icon;
use crate::views::log::log;
use crate::views::notice;
use crate::views::part::{block, button, heading, passage, span};
use crate::views::request;
use protocol::ServiceRequestId;
use protocol::wire::Status;
use web_sys::Event;

/// The conversation, or what to do to see one.
pub(super) fn shown(agents: Agents) -> View {
    let id = Memo::new(move |_| agents.talk.route.with(|route| route.id().cloned()));
    part(move || match id.get() {
        Some(id) => conversation(agents, id),
        None => notice::plain("none", Icon::Speech, text::agent::choose_title(), text::agent::choose_text()),
    })
}

fn conversation(agents: Agents, id: ServiceRequestId) -> View {
    let chat = Chat::of(agents.talk);
    [about(agents, id), failure(agents), log(chat, nothing), composer(chat)].into()
}

/// What is told of the request.
#[derive(Clone, PartialEq)]
struct About {
    subject: String,
    email: String,
    status: Status,
}

/// The bar above the messages.
fn about(agents: Agents, id: ServiceRequestId) -> View {
    let about = Memo::new({
        let id = id.clone();
        move |_| {
            agents.talk.desk.with(|desk| {
                desk.request(&id).map(|request| About {
                    subject: request.subject.clone(),
                    email: contact(request),
                    status: request.status,
                })
            })
        }
    });
    let status = Memo::new(move |_| about.with(|about| about.as_ref().map(|about| about.status)));
    let told = move |of: fn(&About) -> &str| {
        words(move || {
            about.with(|about| about.as_ref().map(|about| of(about).to_owned()).unwrap_or_default())
        })
    };
    let back = button("icon-button back", "back", Some(text::back()), Icon::Back.view(), address::leave);
    let email = el("p", "email").attr("dir", "auto").with(told(|about| &about.email));
    let who = block("who", None, None, vec![heading("subject", told(|about| &about.subject)), email.into()]);
    let standing = part(move || status.get().map_or_else(nothing, request::status));
    let change = {
        // One button with two names: the focus stays on it.
        let label = words(move || match status.get() {
            Some(Status::Closed) => text::agent::reopen().into(),
            _ => text::agent::close().into(),
        });
        el("button", "button quiet")
            .attrs(&[("type", "button"), ("data-action", "status")])
            .live("aria-disabled", move || {
                let is_idle = status.get().is_some() && !agents.change.with(|change| change.is_busy);
                Some(if is_idle { "false" } else { "true" }.into())
            })
            .on("click", move |_: Event| {
                let to = match status.get_untracked() {
                    Some(Status::Open) => Status::Closed,
                    Some(Status::Closed) => Status::Open,
                    None => return,
                };
                agents.set_status(id.clone(), to);
            })
            .with(label)
    };
    let bar = block("about", None, None, vec![back, who, standing, change.into()]);
    let note = part(move || match status.get() {
        Some(Status::Closed) => passage("reopens", text::agent::stays_closed()),
        _ => nothing(),
    });
    [bar, note].into()
}

/// Why it was not closed or reopened.
fn failure(agents: Agents) -> View {
    part(move || {
        let Some(reason) = agents.change.with(|change| change.failure) else { return nothing() };
        let text = [text::agent::not_changed(), " ", text::failure(reason)].concat();
        block("bar", Some("alert"), Some("not-changed"), vec![span("", text)])
    })
}
