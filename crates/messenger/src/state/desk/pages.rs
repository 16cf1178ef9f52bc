//! The list as an agent has it: of each status, as many pages as were asked for.

use super::{Desk, keep_what_was_read, last_seq};
use protocol::ServiceRequestId;
use protocol::conversation::ServiceRequest;
use protocol::wire::Status;

impl Desk {
    /// A page of the service requests of one status has come.
    ///
    /// The first page is how things stand now: what it has not is of this status no more, or on a later page. Those in
    /// `kept` stay: they have changed since it was asked for, or are shown.
    pub(crate) fn paged(
        &mut self,
        status: Status,
        answer: Vec<ServiceRequest>,
        is_first: bool,
        kept: &[ServiceRequestId],
    ) {
        let requests = self.requests.get_or_insert_default();
        if is_first {
            requests.retain(|known| {
                known.status != status
                    || kept.contains(&known.id)
                    || answer.iter().any(|request| request.id == known.id)
            });
        }
        for request in answer {
            self.place(request);
        }
        self.sort();
    }

    /// A service request has come by itself.
    pub(crate) fn met(&mut self, request: ServiceRequest) {
        self.place(request);
        self.sort();
    }

    /// What the socket told meanwhile is kept where it is newer.
    fn place(&mut self, mut request: ServiceRequest) {
        let own = self.own;
        let requests = self.requests.get_or_insert_default();
        match requests.iter_mut().find(|known| known.id == request.id) {
            Some(known) if is_newer(known, &request) => {}
            Some(known) => {
                keep_what_was_read(&mut request, known, own);
                *known = request;
            }
            None => requests.push(request),
        }
    }

    fn sort(&mut self) {
        if let Some(requests) = &mut self.requests {
            requests.sort_by(|one, other| changed_at(other).cmp(changed_at(one)));
        }
    }
}

fn is_newer(one: &ServiceRequest, other: &ServiceRequest) -> bool {
    (last_seq(one), changed_at(one)) > (last_seq(other), changed_at(other))
}

/// Thread's times are in the order of their texts, but for the letter that ends them: fractions of a second are left out
/// where there are none.
fn changed_at(request: &ServiceRequest) -> &str {
    request.updated_at.strip_suffix('Z').unwrap_or(&request.updated_at)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{frame, order, request};
    use super::*;
    use protocol::conversation::ServerFrame;
    use protocol::wire::Author;

    fn at(id: &str, status: Status, seconds: &str) -> ServiceRequest {
        let updated_at = format!("2026-01-01T00:00:{seconds}Z");
        ServiceRequest { status, updated_at, ..request(id, 1) }
    }

    fn of(desk: &Desk, status: Status) -> Vec<&str> {
        let requests = desk.requests().unwrap_or_default().iter();
        requests.filter(|request| request.status == status).map(|request| request.id.as_str()).collect()
    }

    #[test]
    fn pages_follow_each_other_newest_change_first() {
        let mut desk = Desk::new(Author::Agent);
        desk.paged(Status::Open, vec![at("c", Status::Open, "09"), at("b", Status::Open, "08.5")], true, &[]);
        desk.paged(Status::Closed, vec![at("x", Status::Closed, "08.75")], true, &[]);
        desk.paged(
            Status::Open,
            vec![at("b", Status::Open, "08.5"), at("a", Status::Open, "08")],
            false,
            &[],
        );
        assert_eq!(order(&desk), ["c", "x", "b", "a"]);
    }

    #[test]
    fn a_first_page_takes_away_what_has_left_its_status() {
        let mut desk = Desk::new(Author::Agent);
        let three = ["c", "b", "a"].map(|id| at(id, Status::Open, "05"));
        desk.paged(Status::Open, three.into(), true, &[]);
        desk.met(at("x", Status::Closed, "07"));
        desk.paged(Status::Open, vec![at("b", Status::Open, "06")], true, &["c".into()]);
        assert_eq!((of(&desk, Status::Open), of(&desk, Status::Closed)), (vec!["b", "c"], vec!["x"]));
    }

    #[test]
    fn an_answer_from_before_does_not_undo_what_the_socket_told() {
        let mut desk = Desk::new(Author::Agent);
        desk.paged(Status::Open, vec![at("a", Status::Open, "01")], true, &[]);
        let closed = at("a", Status::Closed, "03");
        desk.heard(ServerFrame::ServiceRequest { cursor: "1".into(), service_request: closed }, None);
        desk.paged(Status::Open, vec![at("a", Status::Open, "02")], true, &[]);
        assert_eq!(of(&desk, Status::Closed), ["a"]);
    }

    #[test]
    fn what_the_contact_writes_is_unread_for_agents_until_one_answers() {
        let mut desk = Desk::new(Author::Agent);
        desk.paged(Status::Open, vec![at("a", Status::Open, "01")], true, &[]);
        desk.fetched(&"a".into(), vec![super::super::super::conversation::tests::message(1)]);
        assert_eq!(desk.unseen(&"a".into()), Some(1));
        desk.heard(frame("a", 2), None);
        assert_eq!(desk.unread(), 1);
        // Every third message is an agent's.
        desk.heard(frame("a", 3), None);
        assert_eq!(
            (desk.unread(), desk.read_by_user(&"a".into()), desk.read_by_other(&"a".into())),
            (0, 3, 2)
        );
    }
}
