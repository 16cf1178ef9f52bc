//! The page's address names the service request that is shown: `/agent/#ID`. Back, forward and bookmarks work.

use super::Agents;
use crate::browser::{self, Listener};
use crate::state::address;
use crate::state::place::Route;
use crate::talk::Host as _;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlElement};

impl Agents {
    /// Listens to the address, as long as the page lives.
    pub(super) fn listen(self) {
        Listener::new(&browser::window(), "hashchange", move |_: Event| self.follow_address()).forever();
    }

    /// Shows what the address names.
    pub(super) fn follow_address(self) {
        let route = address::route(&browser::window().location().hash().unwrap_or_default());
        let before = self.talk.route.get_untracked();
        if route == before || !self.is_signed_in() {
            return;
        }
        self.change.set(super::status::Change::default());
        let unknown =
            route.id().filter(|id| self.talk.desk.with_untracked(|desk| desk.request(id).is_none()));
        if let Some(id) = unknown {
            self.load_request(id.clone());
        }
        let is_list = route == Route::List;
        self.talk.go(route);
        if is_list && let Some(id) = before.id() {
            // The user goes on where they came from.
            let id = ["request-", id.as_str()].concat();
            browser::next_frame(move || {
                if let Some(line) = browser::document().get_element_by_id(&id) {
                    let _ = line.unchecked_ref::<HtmlElement>().focus();
                }
            });
        }
    }
}

/// Back to the list.
pub(super) fn leave() {
    // A fragment can always be set.
    let _ = browser::window().location().set_hash("");
}

/// The address names nobody's request any more.
pub(super) fn forget() {
    let window = browser::window();
    if let (Ok(history), Ok(path)) = (window.history(), window.location().pathname()) {
        // Where the browser allows no more of these, the address stays.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    }
}
