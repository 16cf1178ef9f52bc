//! The messages of one service request: those that Thread has, and those on their way to it.

use crate::failure::Failure;
use protocol::ClientId;
use protocol::conversation::{Attachment, Message};

/// A message that Thread has not acknowledged.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pending {
    /// The same one on every try, so that a lost answer leaves one message, not two.
    pub(crate) client_id: ClientId,
    /// Its text.
    pub(crate) body: String,
    /// Files that were uploaded for it.
    pub(crate) attachments: Vec<Attachment>,
    /// When it was written, in milliseconds since 1970.
    pub(crate) written_ms: f64,
    /// Why the last try failed; `None` while it is on its way.
    pub(crate) failure: Option<Failure>,
}

/// How much of the past is here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum History {
    /// It was not asked for, or the answer is not there yet.
    #[default]
    Missing,
    /// All of it.
    Whole,
    /// It could not be had.
    Failed(Failure),
}

/// A conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Conversation {
    messages: Vec<Message>,
    pending: Vec<Pending>,
    /// How much of the past is here.
    pub(crate) history: History,
}

impl Conversation {
    /// What Thread has, in order of `seq`.
    pub(crate) fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// What is on its way, in order of writing.
    pub(crate) fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// Whether there is nothing to show.
    pub(crate) fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.pending.is_empty()
    }

    /// Takes in messages from an answer or from the socket, in any order and any number of times.
    pub(crate) fn merge(&mut self, messages: impl IntoIterator<Item = Message>) {
        for message in messages {
            if let Some(client_id) = &message.client_id {
                self.pending.retain(|pending| pending.client_id != *client_id);
            }
            match self.messages.binary_search_by_key(&message.seq, |known| known.seq) {
                Ok(at) => {
                    // The same message; one of the two may lack the sender's own mark.
                    let known = &mut self.messages[at].client_id;
                    *known = known.take().or(message.client_id);
                }
                Err(at) => self.messages.insert(at, message),
            }
        }
    }

    /// The `seq` up to which no message is missing: what comes after it is to be fetched.
    pub(crate) fn whole_up_to(&self) -> i64 {
        let mut last = 0;
        for message in &self.messages {
            if message.seq > last + 1 {
                break;
            }
            last = last.max(message.seq);
        }
        last
    }

    /// Whether a message between two others is missing.
    pub(crate) fn has_gap(&self) -> bool {
        self.messages.last().is_some_and(|last| last.seq > self.whole_up_to())
    }

    /// Adds a message that the user has just written, or that was not sent before.
    pub(crate) fn write(&mut self, message: Pending) {
        let is_known = |client_id: &ClientId| {
            let sent = self.messages.iter().filter_map(|message| message.client_id.as_ref());
            self.pending.iter().map(|pending| &pending.client_id).chain(sent).any(|known| known == client_id)
        };
        if !is_known(&message.client_id) {
            self.pending.push(message);
        }
    }

    /// Whether something can go out, unasked: it is on its way, or what held it up goes by.
    pub(crate) fn can_go_on(&self) -> bool {
        self.pending.first().is_some_and(|pending| pending.failure.is_none_or(Failure::goes_by))
    }

    /// The message to send next: the oldest. Messages go one after the other, so that they arrive in order.
    pub(crate) fn next_to_send(&self) -> Option<&Pending> {
        self.pending.first().filter(|pending| pending.failure.is_none())
    }

    /// The send that was under way failed; what was written after it waits for the same "Try again".
    pub(crate) fn fail(&mut self, failure: Failure) {
        for pending in &mut self.pending {
            pending.failure = Some(failure);
        }
    }

    /// Sends again what failed.
    pub(crate) fn retry(&mut self) {
        for pending in &mut self.pending {
            pending.failure = None;
        }
    }

    /// Moves what is still on its way to the conversation that the first message has raised.
    pub(crate) fn move_pending_to(&mut self, other: &mut Self) {
        other.pending.append(&mut self.pending);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn message(seq: i64) -> Message {
        let mut json = serde_json::json!({
            "id": format!("m{seq}"), "seq": seq, "body": format!("body {seq}"),
            "author": if seq % 3 == 0 { "agent" } else { "contact" }, "createdAt": "2026-11-22T10:00:00Z",
        });
        if seq % 3 != 0 {
            json["clientId"] = format!("c{seq}").into();
        }
        serde_json::from_value(json).expect("a message")
    }

    pub(crate) fn pending_message(client_id: &str, body: &str) -> Pending {
        Pending {
            client_id: client_id.into(),
            body: body.into(),
            attachments: Vec::new(),
            written_ms: 0.0,
            failure: None,
        }
    }

    fn pending(conversation: &Conversation) -> Vec<&str> {
        conversation.pending().iter().map(|p| p.client_id.as_str()).collect()
    }

    #[test]
    fn acknowledged_message_takes_the_place_of_the_optimistic_one() {
        let mut conversation = Conversation::default();
        conversation.write(pending_message("c1", "body 1"));
        conversation.write(pending_message("c2", "body 2"));
        assert_eq!(conversation.next_to_send().map(|p| p.client_id.as_str()), Some("c1"));
        // The socket is quicker than the answer, and the answer comes all the same.
        conversation.merge([message(1)]);
        conversation.merge([message(1)]);
        assert_eq!(conversation.messages().len(), 1);
        assert_eq!(pending(&conversation), ["c2"]);
    }

    #[test]
    fn failure_stops_the_queue_and_retry_resumes_it_in_order() {
        let mut conversation = Conversation::default();
        conversation.write(pending_message("c1", "1"));
        conversation.write(pending_message("c2", "2"));
        conversation.fail(Failure::Network);
        assert!(conversation.next_to_send().is_none());
        conversation.write(pending_message("c4", "4"));
        assert!(conversation.next_to_send().is_none(), "nothing overtakes what failed");
        conversation.retry();
        assert_eq!(conversation.next_to_send().map(|p| p.client_id.as_str()), Some("c1"));
        assert_eq!(pending(&conversation), ["c1", "c2", "c4"]);
    }

    #[test]
    fn a_message_is_taken_up_once() {
        let mut conversation = Conversation::default();
        conversation.merge([message(1)]);
        for id in ["c1", "c2", "c2"] {
            conversation.write(pending_message(id, "text"));
        }
        assert_eq!(pending(&conversation), ["c2"]);
    }

    #[test]
    fn what_goes_by_holds_nothing_up_for_good() {
        let mut conversation = Conversation::default();
        conversation.write(pending_message("c1", "1"));
        assert!(conversation.can_go_on(), "it is on its way");
        conversation.fail(Failure::Network);
        assert!(conversation.can_go_on());
        conversation.fail(Failure::Refused(protocol::ErrorCode::InvalidParams));
        assert!(!conversation.can_go_on(), "it would be refused again");
    }

    #[test]
    fn a_gap_is_seen() {
        let mut conversation = Conversation::default();
        conversation.merge([message(1), message(2), message(4)]);
        assert!(conversation.has_gap());
        assert_eq!(conversation.whole_up_to(), 2);
        conversation.merge([message(3)]);
        assert!(!conversation.has_gap());
        assert_eq!(conversation.whole_up_to(), 4);
    }

    proptest! {
        /// However often and in whatever order answers and frames come, the conversation is the same.
        #[test]
        fn order_and_repetition_do_not_matter(seqs in prop::collection::vec(1_i64..12, 0..60), optimistic in prop::collection::btree_set(1_i64..12, 0..6)) {
            let mut conversation = Conversation::default();
            for seq in &optimistic {
                conversation.write(pending_message(&format!("c{seq}"), &format!("body {seq}")));
            }
            conversation.merge(seqs.iter().copied().map(message));
            let mut expected = seqs.clone();
            expected.sort_unstable();
            expected.dedup();
            let got: Vec<_> = conversation.messages().iter().map(|m| m.seq).collect();
            prop_assert_eq!(&got, &expected);
            for seq in optimistic {
                let acknowledged = expected.contains(&seq) && seq % 3 != 0;
                let id = format!("c{seq}");
                prop_assert_eq!(pending(&conversation).contains(&id.as_str()), !acknowledged);
            }
        }
    }
}
