//! Messages of agents that the user has not seen.

use super::shelf::Shelf;
use protocol::ServiceRequestId;

/// What has not been seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unread {
    /// From the time before the panel was loaded; nobody knows where they belong.
    before: u32,
    /// Came while the panel was there, by service request.
    since: Shelf<ServiceRequestId, u32>,
}

impl Unread {
    /// Starts from what the session's answer said.
    pub(crate) fn new(before: u32) -> Self {
        Self { before, since: Shelf::default() }
    }

    /// For the launcher's badge.
    pub(crate) fn count(&self) -> u32 {
        self.since.values().fold(self.before, |sum, count| sum.saturating_add(*count))
    }

    /// Whether a service request has something new.
    pub(crate) fn is_new(&self, id: &ServiceRequestId) -> bool {
        self.since.get(id).is_some()
    }

    /// A message came that the user does not see.
    pub(crate) fn arrived(&mut self, id: ServiceRequestId) {
        *self.since.entry(id) += 1;
    }

    /// The user looks at a conversation.
    pub(crate) fn seen(&mut self, id: &ServiceRequestId) {
        self.since.remove(id);
    }

    /// The panel was opened.
    pub(crate) fn opened(&mut self) {
        self.before = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_count_until_their_conversation_is_seen() {
        let mut unread = Unread::new(2);
        unread.arrived("a".into());
        unread.arrived("a".into());
        unread.arrived("b".into());
        assert_eq!(unread.count(), 5);
        unread.opened();
        assert_eq!(unread.count(), 3);
        unread.seen(&"a".into());
        assert!(!unread.is_new(&"a".into()) && unread.is_new(&"b".into()));
        assert_eq!(unread.count(), 1);
    }
}
