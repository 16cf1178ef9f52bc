//! The address of a service request in the agents' page: the fragment is its identifier.

use super::place::{Place, Route};

/// What a fragment names, with its `#` or without. Anybody may have written it: what is no identifier names the list.
pub(crate) fn route(fragment: &str) -> Route {
    let id = fragment.strip_prefix('#').unwrap_or(fragment);
    let is_id = !id.is_empty()
        && id.len() <= 64
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_id { Route::At(Place::Request(id.into())) } else { Route::List }
}

/// The fragment that names it.
pub(crate) fn fragment(route: &Route) -> String {
    ["#", route.id().map(protocol::ServiceRequestId::as_str).unwrap_or_default()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_names_a_request_or_the_list() {
        for id in ["sr_01990000", "a-B_9"] {
            let at = Route::At(Place::Request(id.into()));
            assert_eq!((route(&format!("#{id}")), route(id)), (at.clone(), at.clone()));
            assert_eq!(route(&fragment(&at)), at);
        }
        assert_eq!(route(&fragment(&Route::List)), Route::List);
    }

    #[test]
    fn nothing_else_gets_into_the_path_of_a_call() {
        for text in ["", "#", "#a/../../x", "#..", "#a?b", "#a%2fb", "#a b", "#é", "##a", &"a".repeat(65)] {
            assert_eq!(route(text), Route::List, "{text}");
        }
    }
}
