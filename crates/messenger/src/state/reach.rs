//! How far down the list of one status is here.

use crate::failure::Failure;
use protocol::wire::Status;

/// How much of the list of one status is here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// Whether its first page has come.
    pub(crate) is_loaded: bool,
    /// Whether a page is on its way.
    pub(crate) is_loading: bool,
    /// Where the next page begins; `None` at the end, or before the first.
    pub(crate) next: Option<String>,
    /// Why the last page did not come.
    pub(crate) failure: Option<Failure>,
}

impl Reach {
    /// A page has come, or why it did not. What is here already and could not be had anew is no failure of the list's: the
    /// connection's is told elsewhere.
    pub(crate) fn came(&mut self, page: Result<Option<String>, Failure>, is_first: bool) {
        self.is_loading = false;
        self.failure = page.as_ref().err().copied().filter(|_| !(is_first && self.is_loaded));
        if let Ok(next) = page {
            self.is_loaded = true;
            self.next = next;
        }
    }
}

/// Both lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lists {
    open: Reach,
    closed: Reach,
}

impl Lists {
    /// That of a status.
    pub(crate) fn of(&self, status: Status) -> &Reach {
        match status {
            Status::Open => &self.open,
            Status::Closed => &self.closed,
        }
    }

    /// That of a status, to change it.
    pub(crate) fn of_mut(&mut self, status: Status) -> &mut Reach {
        match status {
            Status::Open => &mut self.open,
            Status::Closed => &mut self.closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_leaves_what_is_there() {
        let mut lists = Lists::default();
        let open = lists.of_mut(Status::Open);
        open.came(Err(Failure::Network), true);
        assert_eq!((open.is_loaded, open.failure), (false, Some(Failure::Network)));
        open.came(Ok(Some("2.a".into())), true);
        open.came(Err(Failure::Network), true);
        assert_eq!(open.failure, None, "it is here already");
        open.is_loading = true;
        open.came(Err(Failure::Timeout), false);
        assert_eq!(open.next.as_deref(), Some("2.a"));
        assert_eq!((open.is_loaded, open.is_loading, open.failure), (true, false, Some(Failure::Timeout)));
        open.came(Ok(None), false);
        assert_eq!((open.next.as_deref(), open.failure), (None, None));
        assert_eq!(*lists.of(Status::Closed), Reach::default());
    }
}
