//! Everything that the signed-in user sees: service requests, conversations, what is unread. A contact sees their own,
//! an agent those of the app.

mod pages;

use super::conversation::Conversation;
use super::outbox::Unsent;
use super::place::Place;
use super::shelf::Shelf;
use protocol::ServiceRequestId;
use protocol::conversation::{Message, ServerFrame, ServiceRequest};
use protocol::wire::Author;

/// What a frame of the socket asks for beyond what it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Follow {
    /// Nothing.
    Nothing,
    /// Tell of this message: the other side has just written it in the conversation that is shown.
    Announce(Message),
    /// Fetch this conversation: a message before the one that came is missing.
    Fetch(ServiceRequestId),
    /// Fetch the list and the conversation that is shown.
    FetchAll,
    /// Find out about this service request: something happened in it, and the list does not have it.
    Meet(ServiceRequestId),
}

/// Everything that the signed-in user sees.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Desk {
    /// Which side the user is on.
    own: Author,
    /// Newest change first; `None` until the first answer.
    requests: Option<Vec<ServiceRequest>>,
    conversations: Shelf<Place, Conversation>,
    /// Messages that the user has not seen, as the session's answer said; the list knows better.
    pub(crate) unread_before: u32,
    /// Who is typing in the conversation that is shown.
    pub(crate) typing: Option<String>,
    /// Where the socket stood last.
    pub(crate) cursor: Option<String>,
}

impl Desk {
    /// Of somebody on this side; nothing is here yet.
    pub(crate) fn new(own: Author) -> Self {
        let conversations = Shelf::default();
        Self { own, requests: None, conversations, unread_before: 0, typing: None, cursor: None }
    }

    /// Which side the user is on.
    pub(crate) fn own(&self) -> Author {
        self.own
    }

    /// Service requests, newest change first; `None` until the first answer.
    pub(crate) fn requests(&self) -> Option<&[ServiceRequest]> {
        self.requests.as_deref()
    }

    /// Messages of the other side that the user has not seen.
    pub(crate) fn unread(&self) -> u32 {
        match &self.requests {
            Some(requests) => requests.iter().fold(0, |sum, request| sum.saturating_add(request.unread)),
            None => self.unread_before,
        }
    }

    /// The `seq` up to which the user can have read now, if Thread does not know.
    pub(crate) fn unseen(&self, id: &ServiceRequestId) -> Option<i64> {
        let there = self.conversation(&Place::Request(id.clone()))?.whole_up_to();
        (*read_seq(self.request(id)?, self.own) < there).then_some(there)
    }

    /// The `seq` up to which the user's side has read, as far as Thread knows.
    pub(crate) fn read_by_user(&self, id: &ServiceRequestId) -> i64 {
        self.request(id).map_or(0, |request| *read_seq(request, self.own))
    }

    /// The `seq` up to which the other side has read.
    pub(crate) fn read_by_other(&self, id: &ServiceRequestId) -> i64 {
        self.request(id).map_or(0, |request| *read_seq(request, other(self.own)))
    }

    /// A side has read up to there.
    pub(crate) fn read(&mut self, id: &ServiceRequestId, author: Author, seq: i64) {
        let mut requests = self.requests.iter_mut().flatten();
        let Some(request) = requests.find(|request| request.id == *id) else { return };
        note_read(request, author, seq);
        if author == self.own && seq >= last_seq(request) {
            request.unread = 0;
        }
    }

    /// Thread could not be told that the user has read further than this.
    pub(crate) fn not_read(&mut self, id: &ServiceRequestId, seq: i64) {
        let mut requests = self.requests.iter_mut().flatten();
        if let Some(request) = requests.find(|request| request.id == *id) {
            *read_seq_mut(request, self.own) = seq;
        }
    }

    /// A service request of the list.
    pub(crate) fn request(&self, id: &ServiceRequestId) -> Option<&ServiceRequest> {
        self.requests.as_ref()?.iter().find(|request| request.id == *id)
    }

    /// A conversation, if it was ever shown.
    pub(crate) fn conversation(&self, place: &Place) -> Option<&Conversation> {
        self.conversations.get(place)
    }

    /// A conversation, to change it.
    pub(crate) fn conversation_mut(&mut self, place: Place) -> &mut Conversation {
        self.conversations.entry(place)
    }

    /// All messages that are on their way.
    pub(crate) fn unsent(&self) -> Vec<Unsent> {
        let of = |(place, conversation): &(Place, Conversation)| -> Vec<Unsent> {
            conversation.pending().iter().map(|pending| Unsent::new(place, pending)).collect()
        };
        self.conversations.iter().flat_map(of).collect()
    }

    /// Takes up messages that were not sent when the page was last here.
    pub(crate) fn take_up(&mut self, unsent: &[Unsent]) {
        for unsent in unsent {
            self.conversation_mut(unsent.place()).write(unsent.pending());
        }
    }

    /// Where something can go out, unasked.
    pub(crate) fn to_go_on(&self) -> Vec<Place> {
        let can_go_on = |(_, conversation): &&(Place, Conversation)| conversation.can_go_on();
        self.conversations.iter().filter(can_go_on).map(|(place, _)| place.clone()).collect()
    }

    /// The list has come. What the socket told meanwhile is kept where it is newer.
    pub(crate) fn listed(&mut self, mut answer: Vec<ServiceRequest>) {
        for known in self.requests.take().unwrap_or_default().into_iter().rev() {
            match answer.iter_mut().find(|request| request.id == known.id) {
                Some(request) if last_seq(&known) > last_seq(request) => *request = known,
                Some(request) => keep_what_was_read(request, &known, self.own),
                None => answer.insert(0, known),
            }
        }
        self.requests = Some(answer);
    }

    /// The first message of a new service request was stored.
    pub(crate) fn raised(&mut self, request: ServiceRequest) {
        let place = Place::Request(request.id.clone());
        let mut new = self.conversations.remove(&Place::New).unwrap_or_default();
        let raised = self.conversation_mut(place);
        new.move_pending_to(raised);
        raised.merge(request.messages.iter().cloned());
        raised.history = super::conversation::History::Whole;
        self.changed(request);
    }

    /// Messages of a service request have come, by an answer.
    pub(crate) fn fetched(&mut self, id: &ServiceRequestId, messages: Vec<Message>) {
        if let Some(last) = messages.last() {
            self.last_message(id, last);
        }
        self.conversation_mut(Place::Request(id.clone())).merge(messages);
    }

    /// Whether messages are missing in the conversation, or may be: the list does not know its last one.
    pub(crate) fn lacks_messages(&self, id: &ServiceRequestId) -> bool {
        let Some(request) = self.request(id) else { return true };
        self.conversation(&Place::Request(id.clone())).is_none_or(|conversation| {
            conversation.has_gap() || conversation.whole_up_to() < last_seq(request)
        })
    }

    /// The socket told something; `shown` is the conversation before the user's eyes.
    pub(crate) fn heard(&mut self, frame: ServerFrame, shown: Option<&ServiceRequestId>) -> Follow {
        match frame {
            ServerFrame::Ready { cursor } => {
                // Without an earlier cursor nothing is sent again: what came between the list's answer and
                // this frame has to be fetched.
                let first = self.cursor.replace(cursor).is_none();
                if first { Follow::FetchAll } else { Follow::Nothing }
            }
            ServerFrame::Reload { cursor } => {
                self.cursor = Some(cursor);
                Follow::FetchAll
            }
            ServerFrame::ServiceRequest { cursor, service_request } => {
                self.cursor = Some(cursor);
                self.changed(service_request);
                Follow::Nothing
            }
            ServerFrame::Message { cursor, service_request_id: id, message } => {
                self.cursor = Some(cursor);
                self.message_came(&id, message, shown)
            }
            ServerFrame::Read { cursor, service_request_id: id, author, seq } => {
                self.cursor = Some(cursor);
                self.read(&id, author, seq);
                Follow::Nothing
            }
            _ => Follow::Nothing,
        }
    }

    fn message_came(
        &mut self,
        id: &ServiceRequestId,
        message: Message,
        shown: Option<&ServiceRequestId>,
    ) -> Follow {
        let is_news = self.last_message(id, &message);
        let is_shown = shown == Some(id);
        let from_other = message.author != self.own;
        if is_news && from_other {
            // If it is before the user's eyes, that is told next.
            let mut requests = self.requests.iter_mut().flatten();
            if let Some(request) = requests.find(|request| request.id == *id) {
                request.unread = request.unread.saturating_add(1);
            }
        }
        if self.requests.is_some() && self.request(id).is_none() {
            return Follow::Meet(id.clone());
        }
        let Some(conversation) = self.conversations.get_mut(&Place::Request(id.clone())) else {
            return Follow::Nothing;
        };
        conversation.merge([message.clone()]);
        if conversation.has_gap() {
            Follow::Fetch(id.clone())
        } else if is_news && from_other && is_shown {
            Follow::Announce(message)
        } else {
            Follow::Nothing
        }
    }

    /// A service request is new or has changed: it goes to the top of the list.
    fn changed(&mut self, mut request: ServiceRequest) {
        let requests = self.requests.get_or_insert_default();
        if let Some(at) = requests.iter().position(|known| known.id == request.id) {
            let known = requests.remove(at);
            note_read(&mut request, other(self.own), *read_seq(&known, other(self.own)));
            if last_seq(&known) > last_seq(&request) {
                request.messages = known.messages;
            }
        }
        requests.insert(0, request);
    }

    /// Notes the last message of a service request; false if it was known, or is older.
    fn last_message(&mut self, id: &ServiceRequestId, message: &Message) -> bool {
        let Some(requests) = &mut self.requests else { return true };
        let Some(at) = requests.iter().position(|known| known.id == *id) else { return true };
        if last_seq(&requests[at]) >= message.seq {
            return false;
        }
        let mut request = requests.remove(at);
        request.updated_at.clone_from(&message.created_at);
        request.messages = vec![message.clone()];
        // Who writes has read what stands above.
        note_read(&mut request, message.author, message.seq);
        if message.author == self.own {
            request.unread = 0;
        }
        requests.insert(0, request);
        true
    }
}

/// The side across.
const fn other(side: Author) -> Author {
    match side {
        Author::Contact => Author::Agent,
        Author::Agent => Author::Contact,
    }
}

/// Up to where a side has read.
fn read_seq(request: &ServiceRequest, side: Author) -> &i64 {
    match side {
        Author::Contact => &request.contact_read_seq,
        Author::Agent => &request.agent_read_seq,
    }
}

fn read_seq_mut(request: &mut ServiceRequest, side: Author) -> &mut i64 {
    match side {
        Author::Contact => &mut request.contact_read_seq,
        Author::Agent => &mut request.agent_read_seq,
    }
}

/// A side has read so far, if not further.
fn note_read(request: &mut ServiceRequest, side: Author, seq: i64) {
    let known = read_seq_mut(request, side);
    *known = (*known).max(seq);
}

/// An answer may be older than what is known of reading.
fn keep_what_was_read(request: &mut ServiceRequest, known: &ServiceRequest, own: Author) {
    note_read(request, other(own), *read_seq(known, other(own)));
    if read_seq(known, own) > read_seq(request, own) {
        *read_seq_mut(request, own) = *read_seq(known, own);
        request.unread = known.unread;
    }
}

fn last_seq(request: &ServiceRequest) -> i64 {
    request.messages.last().map_or(0, |message| message.seq)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::conversation::History;
    use super::super::conversation::tests::{message, pending_message};
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn request(id: &str, seq: i64) -> ServiceRequest {
        let json = serde_json::json!({
            "id": id, "subject": id, "status": "open", "createdAt": "", "updatedAt": "", "messages": [message(seq)],
        });
        serde_json::from_value(json).expect("a service request")
    }

    pub(crate) fn frame(id: &str, seq: i64) -> ServerFrame {
        ServerFrame::Message { cursor: seq.to_string(), service_request_id: id.into(), message: message(seq) }
    }

    pub(crate) fn order(desk: &Desk) -> Vec<&str> {
        desk.requests().unwrap_or_default().iter().map(|request| request.id.as_str()).collect()
    }

    #[test]
    fn a_message_lifts_its_request_to_the_top() {
        let mut desk = Desk::new(Author::Contact);
        desk.listed(vec![request("a", 1), request("b", 2)]);
        assert_eq!(desk.heard(frame("b", 3), None), Follow::Nothing);
        assert_eq!(order(&desk), ["b", "a"]);
        assert_eq!(desk.unread(), 1);
        assert_eq!(desk.cursor.as_deref(), Some("3"));
        // Sent again after a break: known.
        desk.heard(frame("b", 3), None);
        assert_eq!(desk.unread(), 1);
    }

    #[test]
    fn a_message_in_the_shown_conversation_is_announced_and_not_unread() {
        let mut desk = Desk::new(Author::Contact);
        desk.listed(vec![request("a", 2)]);
        desk.fetched(&"a".into(), vec![message(1), message(2)]);
        assert_eq!(desk.heard(frame("a", 3), Some(&"a".into())), Follow::Announce(message(3)));
        assert_eq!(desk.unseen(&"a".into()), Some(3));
        desk.read(&"a".into(), Author::Contact, 3);
        assert_eq!((desk.unread(), desk.unseen(&"a".into())), (0, None));
    }

    #[test]
    fn what_is_missing_is_fetched() {
        let mut desk = Desk::new(Author::Contact);
        desk.listed(vec![request("a", 1)]);
        desk.fetched(&"a".into(), vec![message(1)]);
        assert_eq!(desk.heard(frame("a", 3), Some(&"a".into())), Follow::Fetch("a".into()));
        assert!(desk.lacks_messages(&"a".into()));
        desk.fetched(&"a".into(), vec![message(2), message(3)]);
        assert!(!desk.lacks_messages(&"a".into()));
        assert_eq!(desk.heard(frame("unheard of", 1), None), Follow::Meet("unheard of".into()));
        assert_eq!(desk.heard(ServerFrame::Reload { cursor: "9".into() }, None), Follow::FetchAll);
    }

    #[test]
    fn the_first_ready_fetches_what_came_before_it_and_later_ones_do_not() {
        let mut desk = Desk::new(Author::Contact);
        assert_eq!(desk.heard(ServerFrame::Ready { cursor: "1".into() }, None), Follow::FetchAll);
        assert_eq!(desk.heard(ServerFrame::Ready { cursor: "1".into() }, None), Follow::Nothing);
    }

    #[test]
    fn an_old_list_does_not_undo_what_the_socket_told() {
        let mut desk = Desk::new(Author::Contact);
        desk.listed(vec![request("a", 1)]);
        desk.heard(frame("a", 2), None);
        desk.heard(
            ServerFrame::ServiceRequest { cursor: "8".into(), service_request: request("b", 1) },
            None,
        );
        desk.listed(vec![request("a", 1)]);
        assert_eq!(order(&desk), ["b", "a"]);
        assert_eq!(desk.request(&"a".into()).map(last_seq), Some(2));
    }

    #[test]
    fn raising_a_request_carries_over_what_was_written_meanwhile() {
        let mut desk = Desk::new(Author::Contact);
        desk.listed(vec![]);
        let new = desk.conversation_mut(Place::New);
        new.write(pending_message("c1", "body 1"));
        new.write(pending_message("c2", "body 2"));
        desk.raised(request("a", 1));
        assert!(desk.conversation(&Place::New).is_none());
        let raised = desk.conversation(&Place::Request("a".into())).expect("raised");
        assert_eq!(raised.history, History::Whole);
        assert_eq!(raised.next_to_send().map(|p| p.client_id.as_str()), Some("c2"));
        assert_eq!(order(&desk), ["a"]);
    }

    #[test]
    fn what_was_not_sent_is_taken_up_where_it_belongs() {
        let mut before = Desk::new(Author::Contact);
        before.conversation_mut(Place::New).write(pending_message("c8", "new"));
        let known = before.conversation_mut(Place::Request("a".into()));
        known.write(pending_message("c1", "acknowledged meanwhile"));
        known.write(pending_message("c2", "text"));
        let kept: Vec<Unsent> = before
            .unsent()
            .iter()
            .map(|unsent| {
                let json = serde_json::to_string(unsent).expect("serializable");
                serde_json::from_str(&json).expect("readable")
            })
            .collect();
        assert_eq!(kept, before.unsent());

        let mut desk = Desk::new(Author::Contact);
        desk.fetched(&"a".into(), vec![message(1)]);
        desk.take_up(&kept);
        let ids = |place| -> Vec<String> {
            let conversation = desk.conversation(&place).expect("taken up");
            conversation.pending().iter().map(|pending| pending.client_id.0.clone()).collect()
        };
        assert_eq!(ids(Place::New), ["c8"]);
        assert_eq!(ids(Place::Request("a".into())), ["c2"]);
        assert_eq!(desk.to_go_on().len(), 2);
        let conflict = crate::failure::Failure::Refused(protocol::ErrorCode::Conflict);
        desk.conversation_mut(Place::New).fail(conflict);
        assert_eq!(desk.to_go_on(), [Place::Request("a".into())]);
    }

    #[test]
    fn both_sides_read() {
        let mut desk = Desk { unread_before: 4, ..Desk::new(Author::Contact) };
        assert_eq!(desk.unread(), 4, "until the list is there");
        let mut unread = request("a", 3);
        unread.unread = 2;
        desk.listed(vec![unread.clone()]);
        assert_eq!(desk.unread(), 2);
        let id: ServiceRequestId = "a".into();
        assert_eq!(desk.unseen(&id), None, "nobody sees what is not there");
        desk.fetched(&id, (1..4).map(message).collect());
        assert_eq!(desk.unseen(&id), Some(3));
        desk.read(&id, Author::Contact, 3);
        assert_eq!((desk.unread(), desk.unseen(&id)), (0, None));
        desk.listed(vec![unread]);
        assert_eq!(desk.unread(), 0, "an answer from before");
        desk.not_read(&id, 0);
        assert_eq!(desk.unseen(&id), Some(3), "to be told again");
        desk.heard(
            ServerFrame::Read {
                cursor: "9".into(),
                service_request_id: id.clone(),
                author: Author::Agent,
                seq: 2,
            },
            None,
        );
        assert_eq!(desk.request(&id).map(|request| request.agent_read_seq), Some(2));
        desk.heard(frame("a", 4), None);
        assert_eq!(desk.request(&id).map(|request| request.contact_read_seq), Some(4), "who writes has read");
        desk.heard(frame("a", 6), None);
        assert_eq!(desk.request(&id).map(|request| (request.agent_read_seq, request.unread)), Some((6, 1)));
    }

    proptest! {
        /// Frames of the shown conversation, repeated and shuffled among answers, end in the same conversation,
        /// each request once in the list.
        #[test]
        fn any_order_of_frames_and_answers_converges(seqs in prop::collection::vec(1_i64..9, 1..40), answer_at in 0_usize..40) {
            let id: ServiceRequestId = "a".into();
            let mut desk = Desk::new(Author::Contact);
            desk.listed(vec![request("a", 1), request("b", 1)]);
            desk.fetched(&id, vec![]);
            for (at, seq) in seqs.iter().enumerate() {
                if at == answer_at {
                    desk.fetched(&id, (1..9).map(message).collect());
                    desk.listed(vec![request("b", 1), request("a", 8)]);
                }
                desk.heard(frame("a", *seq), Some(&id));
            }
            desk.fetched(&id, (1..9).map(message).collect());
            let conversation = desk.conversation(&Place::Request(id.clone())).expect("shown");
            prop_assert_eq!(conversation.messages().len(), 8);
            prop_assert!(!desk.lacks_messages(&id));
            desk.read(&id, Author::Contact, 8);
            prop_assert_eq!(desk.unread(), 0);
            let mut ids = order(&desk);
            ids.sort_unstable();
            prop_assert_eq!(ids, ["a", "b"]);
        }
    }
}
