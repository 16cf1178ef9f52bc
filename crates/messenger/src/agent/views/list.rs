//! The service requests of one status, newest change first.

use super::tabs;
use crate::agent::Agents;
use crate::agent::host::contact;
use crate::browser;
use crate::dom::{Item, View, el, items, nothing, part, words};
use crate::signal::Memo;
use crate::state::place::{Place, Route};
use crate::state::reach::Reach;
use crate::views::icon::Icon;
use crate::views::notice;
use crate::views::part::{block, button, passage, span};
use crate::views::request;
use crate::{state, text};
use protocol::ServiceRequestId;
use protocol::conversation::ServiceRequest;
use protocol::wire::{Author, Status};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent};

/// What stands in place of the list, or that it is there.
#[derive(Clone, Copy, PartialEq)]
enum Content {
    Loading,
    Failed(crate::failure::Failure),
    Empty(Status),
    Requests,
}

/// The list that the tabs choose.
pub(super) fn list(agents: Agents) -> View {
    let requests = Memo::new(move |_| {
        let status = agents.filter.get();
        agents.talk.desk.with(|desk| -> Vec<ServiceRequest> {
            let requests = desk.requests().unwrap_or_default().iter();
            requests.filter(|request| request.status == status).cloned().collect()
        })
    });
    let content = Memo::new(move |_| {
        let status = agents.filter.get();
        agents.lists.with(|lists| content(lists.of(status), status, requests.with(Vec::is_empty)))
    });
    let drawn = part(move || match content.get() {
        Content::Loading => request::skeleton(),
        Content::Failed(reason) => {
            notice::failure(reason, move || agents.load_list_of(agents.filter.get_untracked()))
        }
        Content::Empty(status) => empty(status),
        Content::Requests => lines(agents, requests),
    });
    el("div", "scroll")
        .attrs(&[("role", "tabpanel"), ("id", tabs::PANEL)])
        .live("aria-labelledby", move || Some(tabs::id(agents.filter.get()).into()))
        .with(drawn)
        .into()
}

fn content(list: &Reach, status: Status, is_empty: bool) -> Content {
    match list {
        // What is there is shown, even while more is fetched or could not be.
        _ if !is_empty => Content::Requests,
        Reach { failure: Some(reason), .. } => Content::Failed(*reason),
        Reach { is_loaded: true, .. } => Content::Empty(status),
        _ => Content::Loading,
    }
}

fn empty(status: Status) -> View {
    let (title, text) = match status {
        Status::Open => (text::agent::open_empty_title(), text::agent::open_empty_text()),
        Status::Closed => (text::agent::closed_empty_title(), text::agent::closed_empty_text()),
    };
    let icon = span("notice-icon", Icon::Speech.view());
    let content = vec![icon, passage("notice-title", title), passage("notice-text", text)];
    block("notice", None, Some("empty"), content)
}

fn lines(agents: Agents, requests: Memo<Vec<ServiceRequest>>) -> View {
    // Where the user goes on once the next page is here.
    let next_page = Rc::new(Cell::new(None));
    let begins = Rc::clone(&next_page);
    let lines = items(move || {
        let requests = requests.get();
        keep_focus();
        if let Some(first) = begins.get().and_then(|at: usize| requests.get(at)) {
            begins.set(None);
            focus_soon(line_id(&first.id));
        }
        let line = |request: ServiceRequest| Item {
            key: request::key(&request),
            draw: Box::new(move || item(agents, request)),
        };
        requests.into_iter().map(line).collect()
    });
    let list = el("ul", "requests").on("keydown", move |event: KeyboardEvent| go_through(&event)).with(lines);
    let press = move || {
        next_page.set(Some(requests.with_untracked(Vec::len)));
        agents.load_more();
    };
    [list.into(), more(agents, press)].into()
}

/// Identifier of a request's line.
fn line_id(id: &ServiceRequestId) -> String {
    ["request-", id.as_str()].concat()
}

fn item(agents: Agents, request: ServiceRequest) -> View {
    let is_new = request.unread > 0;
    let email = contact(&request);
    // A first message says no more than the subject, which is made of it.
    let is_first = request.messages.last().is_none_or(|last| last.seq <= 1);
    let preview = request::preview(&request, Author::Agent, text::support());
    let ago = request::ago(agents.talk, &request);
    let route = Route::At(Place::Request(request.id.clone()));
    let href = state::address::fragment(&route);
    let is_shown = move || agents.talk.route.with(|shown| *shown == route);
    let email = el("span", "subject").attr("dir", "auto").with(email);
    let subject = el("span", "about-line").attr("dir", "auto").with(request.subject);
    let news = request::news(request.unread);
    let head = span("request-line", [email.into(), ago]);
    let text: View = if is_first {
        [head, span("request-line whole", [subject.into(), news])].into()
    } else {
        [head, subject.into(), span("request-line", [preview, news])].into()
    };
    let id = request.id;
    let link = el("a", if is_new { "request unread" } else { "request" })
        .attrs(&[("href", &href), ("id", &["request-", id.as_str()].concat()), ("data-request", id.as_str())])
        .live("aria-current", move || is_shown().then(|| "true".into()))
        .on("click", move |_: Event| {
            // Where it is shown already, its address does not change.
            if agents.talk.route.with_untracked(|route| route.id() == Some(&id)) {
                agents.talk.focus_soon();
            }
        })
        .with(span("request-text", text));
    el("li", "").with(link).into()
}

/// What follows the last line: the way to the next page. The button stays while that is on its way.
fn more(agents: Agents, press: impl Fn() + Clone + 'static) -> View {
    let list = Memo::new(move |_| agents.lists.with(|lists| lists.of(agents.filter.get()).clone()));
    let has_next = Memo::new(move |_| list.with(|list| list.next.is_some()));
    part(move || {
        if !has_next.get() {
            return nothing();
        }
        let failure =
            words(move || list.with(|list| list.failure.map(text::failure).unwrap_or_default().into()));
        let label = words(move || {
            let label = match list.with(|list| (list.is_loading, list.failure)) {
                (true, _) => text::loading(),
                (false, Some(_)) => text::try_again(),
                (false, None) => text::agent::load_more(),
            };
            label.into()
        });
        let failure = block("", Some("alert"), None, vec![failure]);
        let button = button("link", "load-more", None, label, press.clone());
        block("more-requests", None, None, vec![failure, button])
    })
}

/// A line that moves loses the focus in most browsers: it gets it back.
fn keep_focus() {
    let focused =
        browser::document().active_element().filter(|element| element.has_attribute("data-request"));
    if let Some(line) = focused {
        focus_soon(line.id());
    }
}

/// Focuses a line once it is drawn, unless the focus is elsewhere by then.
fn focus_soon(id: String) {
    browser::next_frame(move || {
        let document = browser::document();
        let is_lost = document
            .active_element()
            .is_none_or(|element| matches!(element.tag_name().as_str(), "BODY" | "BUTTON"));
        if is_lost && let Some(line) = document.get_element_by_id(&id) {
            let _ = line.unchecked_ref::<HtmlElement>().focus();
        }
    });
}

/// Arrow keys, Home and End go through the list.
fn go_through(event: &KeyboardEvent) {
    let lines = browser::document().query_selector_all("[data-request]");
    let (Ok(lines), Some(focused)) = (lines, browser::document().active_element()) else { return };
    let count = lines.length();
    let at: u32 =
        (0..count).find(|n| lines.item(*n).is_some_and(|line| line == *focused)).unwrap_or_default();
    let to = match event.key().as_str() {
        "ArrowDown" => (at + 1).min(count.saturating_sub(1)),
        "ArrowUp" => at.saturating_sub(1),
        "Home" => 0,
        "End" => count.saturating_sub(1),
        _ => return,
    };
    event.prevent_default();
    if let Some(line) = lines.item(to) {
        let _ = line.unchecked_ref::<HtmlElement>().focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;

    #[test]
    fn what_is_there_is_shown_whatever_became_of_the_rest() {
        let failed = Reach { failure: Some(Failure::Timeout), ..Reach::default() };
        let loaded = Reach { is_loaded: true, ..Reach::default() };
        assert!(content(&failed, Status::Open, false) == Content::Requests);
        assert!(content(&failed, Status::Open, true) == Content::Failed(Failure::Timeout));
        assert!(content(&loaded, Status::Closed, true) == Content::Empty(Status::Closed));
        assert!(content(&Reach::default(), Status::Open, true) == Content::Loading);
    }
}
