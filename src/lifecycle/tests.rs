use super::*;
use proptest::prelude::*;
use protocol::params::KeySource;
use protocol::{Email, ErrorCode};

/// A session, as far as these tests care: its number.
type Session = u32;

fn visitor(app: &str, email: Option<&str>) -> Visitor {
    let sign_in = match email {
        Some(email) => {
            SignIn::Key { email: Email::parse(email).expect("plausible"), key: KeySource::Value("k".into()) }
        }
        None => SignIn::Passwordless,
    };
    Visitor::new(AppId::from(app), &sign_in)
}

/// A machine with what it told so far.
#[derive(Default)]
struct Page {
    lifecycle: Lifecycle,
    last: Vec<Effect<Session>>,
}

impl Page {
    fn step(&mut self, event: Event<Session>) -> &[Effect<Session>] {
        self.last = self.lifecycle.step(event);
        &self.last
    }

    fn initialize(&mut self, ticket: Ticket, email: Option<&str>) -> &[Effect<Session>] {
        self.step(Event::Initialize { ticket, visitor: visitor("app", email), host_in_page: true })
    }

    /// The question that was asked last.
    fn attempt(&self) -> Attempt {
        self.lifecycle.last_attempt
    }

    fn signed_in(&mut self, session: Session) -> &[Effect<Session>] {
        let attempt = self.attempt();
        self.step(signed_in(attempt, session))
    }

    fn failed(&mut self, code: ErrorCode) -> &[Effect<Session>] {
        let attempt = self.attempt();
        self.step(failed(attempt, code))
    }
}

fn signed_in(attempt: Attempt, session: Session) -> Event<Session> {
    let answer = Answer::SignedIn { session, email: "ann@x.com".into(), unread: 0 };
    Event::Answered { attempt, answer: Ok(answer) }
}

fn failed(attempt: Attempt, code: ErrorCode) -> Event<Session> {
    let failure = Failure { error: error(code), retry_after_ms: None, fault: Fault::of(code) };
    Event::Answered { attempt, answer: Err(failure) }
}

fn error(code: ErrorCode) -> MessengerError {
    MessengerError::new(code, code.as_str())
}

fn rejects(effects: &[Effect<Session>], ticket: Ticket, code: ErrorCode) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Reject(t, e) if *t == ticket && e.code == code))
}

#[test]
fn a_key_signs_in_and_resolves() {
    let mut page = Page::default();
    assert_eq!(
        page.initialize(1, Some("Ann@x.com")),
        [
            Effect::Adopt(1),
            Effect::Mount,
            Effect::Emit(PageEvent::Ready),
            Effect::StartDeadline(1),
            Effect::SignIn(1)
        ]
    );
    assert_eq!(
        page.signed_in(7),
        [
            Effect::UseSession(7),
            Effect::Emit(PageEvent::Authenticated {
                email: "ann@x.com".into(),
                method: SignInMethod::MessengerAuth
            }),
            Effect::Resolve(1)
        ]
    );
}

#[test]
fn a_passwordless_visit_asks_for_the_app_only() {
    let mut page = Page::default();
    assert!(page.initialize(1, None).contains(&Effect::LookUpApp(1)));
    let look = Look { brand_color: "#123456".into(), position: None };
    let effects =
        page.step(Event::Answered { attempt: 1, answer: Ok(Answer::AppKnown { look: look.clone() }) });
    assert_eq!(effects, [Effect::ShowLook(look), Effect::PanelVisitor, Effect::Resolve(1)]);
}

#[test]
fn the_same_user_joins() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    assert_eq!(page.initialize(2, Some("ann@x.com")), [Effect::Adopt(2), Effect::StartDeadline(2)]);
    let effects = page.signed_in(7);
    assert!(effects.contains(&Effect::Resolve(1)) && effects.contains(&Effect::Resolve(2)));
    assert_eq!(page.initialize(3, Some("ann@x.com")), [Effect::Adopt(3), Effect::Resolve(3)]);
}

#[test]
fn another_user_replaces_and_the_first_is_rejected() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    let effects = page.initialize(2, Some("ben@x.com"));
    assert!(rejects(effects, 1, ErrorCode::Destroyed));
    let unmount = effects.iter().position(|e| *e == Effect::Unmount).expect("unmounted");
    let mount = effects.iter().position(|e| *e == Effect::Mount).expect("mounted");
    assert!(unmount < mount);
}

#[test]
fn another_user_ends_the_session_of_the_first() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    page.signed_in(7);
    assert!(page.initialize(2, Some("ben@x.com")).contains(&Effect::RevokeSession));
}

#[test]
fn a_stale_answer_is_dropped() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    let old = page.attempt();
    page.initialize(2, Some("ben@x.com"));
    assert_eq!(page.step(signed_in(old, 7)), []);
    page.step(Event::Destroy);
    assert_eq!(page.signed_in(8), []);
}

#[test]
fn a_replaced_body_is_a_new_start() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    page.signed_in(7);
    let effects = page.step(Event::Initialize {
        ticket: 2,
        visitor: visitor("app", Some("ann@x.com")),
        host_in_page: false,
    });
    assert!(effects.contains(&Effect::Unmount) && effects.contains(&Effect::Mount));
}

#[test]
fn destroy_takes_everything_away_once() {
    let mut page = Page::default();
    assert_eq!(page.step(Event::Destroy), []);
    page.initialize(1, Some("ann@x.com"));
    page.signed_in(7);
    assert_eq!(
        page.step(Event::Destroy),
        [Effect::Cancel, Effect::RevokeSession, Effect::Unmount, Effect::Emit(PageEvent::Destroyed)]
    );
    assert_eq!(page.step(Event::Destroy), []);
}

#[test]
fn destroy_while_signing_in_rejects() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    let effects = page.step(Event::Destroy);
    assert!(rejects(effects, 1, ErrorCode::Destroyed));
    assert!(effects.contains(&Effect::Unmount) && !effects.contains(&Effect::RevokeSession));
}

#[test]
fn a_wrong_key_leaves_the_launcher_for_the_passwordless_way() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    let effects = page.failed(ErrorCode::InvalidConnectionKey);
    assert!(rejects(effects, 1, ErrorCode::InvalidConnectionKey));
    assert!(effects.contains(&Effect::PanelVisitor) && !effects.contains(&Effect::Unmount));
}

#[test]
fn a_corrected_key_is_a_new_start() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    page.failed(ErrorCode::InvalidConnectionKey);
    assert!(page.initialize(2, Some("ann@x.com")).contains(&Effect::SignIn(2)));
}

#[test]
fn an_unknown_app_leaves_nothing() {
    for code in [ErrorCode::UnknownApp, ErrorCode::OriginNotAllowed, ErrorCode::InvalidParams] {
        let mut page = Page::default();
        page.initialize(1, None);
        let effects = page.failed(code);
        assert!(rejects(effects, 1, code) && effects.contains(&Effect::Unmount), "{}", code.as_str());
    }
}

#[test]
fn a_broken_network_is_tried_again_and_rejected_at_the_deadline_only() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    let effects = page.failed(ErrorCode::Network);
    assert_eq!(effects, [Effect::ScheduleRetry { attempt: 1, failures: 1, retry_after_ms: None }]);

    assert_eq!(page.step(Event::RetryDue { attempt: 1 }), [Effect::SignIn(2)]);
    page.failed(ErrorCode::Unavailable);
    let effects = page.step(Event::DeadlinePassed { ticket: 1 });
    assert!(rejects(effects, 1, ErrorCode::Unavailable) && !effects.contains(&Effect::Unmount));

    // And goes on, after the rejection, until it works.
    assert_eq!(page.step(Event::RetryDue { attempt: 2 }), [Effect::SignIn(3)]);
    assert!(page.signed_in(7).contains(&Effect::UseSession(7)));
}

#[test]
fn a_retry_that_is_no_longer_due_is_dropped() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    page.failed(ErrorCode::Network);
    page.step(Event::RetryDue { attempt: 1 });
    assert_eq!(page.step(Event::RetryDue { attempt: 1 }), []);
    page.step(Event::Destroy);
    assert_eq!(page.step(Event::RetryDue { attempt: 2 }), []);
}

#[test]
fn a_deadline_without_any_answer_is_a_network_error() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    assert!(rejects(page.step(Event::DeadlinePassed { ticket: 1 }), 1, ErrorCode::Network));
}

#[test]
fn a_lapsed_session_is_renewed_by_the_key_unnoticed() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    page.signed_in(7);
    assert_eq!(
        page.step(Event::PanelSessionExpired),
        [Effect::ForgetSession, Effect::PanelConnecting, Effect::SignIn(2)]
    );
    assert_eq!(page.signed_in(8), [Effect::UseSession(8)]);
}

#[test]
fn a_lapsed_session_whose_key_is_refused_is_told() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    page.signed_in(7);
    page.step(Event::PanelSessionExpired);
    let effects = page.failed(ErrorCode::InvalidConnectionKey);
    assert!(effects.contains(&Effect::Emit(PageEvent::SessionExpired)));
    assert!(effects.contains(&Effect::PanelVisitor) && !effects.contains(&Effect::Unmount));
}

#[test]
fn sign_out_ends_the_session_and_keeps_the_launcher() {
    let mut page = Page::default();
    page.initialize(1, Some("ann@x.com"));
    page.signed_in(7);
    assert_eq!(page.step(Event::SignOut), [Effect::RevokeSession, Effect::Cancel, Effect::PanelVisitor]);
    assert!(page.initialize(2, Some("ann@x.com")).contains(&Effect::SignIn(2)));
}

#[test]
fn sign_out_of_a_passwordless_visit_is_the_panels_work() {
    let mut page = Page::default();
    page.initialize(1, None);
    assert_eq!(page.step(Event::SignOut), [Effect::PanelSignOut]);
}

#[test]
fn open_and_close_are_told_once_each() {
    let mut page = Page::default();
    assert_eq!(page.step(Event::Open), []);
    page.initialize(1, None);
    assert_eq!(page.step(Event::Open), [Effect::ShowPanel, Effect::Emit(PageEvent::Open)]);
    assert_eq!(page.step(Event::Open), []);
    assert_eq!(page.step(Event::Toggle), [Effect::HidePanel, Effect::Emit(PageEvent::Close)]);
    assert_eq!(page.step(Event::Close), []);
}

#[test]
fn unread_messages_are_shown_and_told_when_they_change() {
    let mut page = Page::default();
    page.initialize(1, None);
    assert_eq!(page.step(Event::PanelUnread(2)), [Effect::ShowUnread(2), Effect::Emit(PageEvent::Unread(2))]);
    assert_eq!(page.step(Event::PanelUnread(2)), []);
}

/// What a random test may do.
#[derive(Clone, Debug)]
enum Action {
    Initialize {
        email: Option<&'static str>,
        host_in_page: bool,
    },
    Destroy,
    Open,
    Toggle,
    SignOut,
    /// The answer to the `back`-th last question.
    Answer {
        back: u32,
        code: Option<ErrorCode>,
    },
    RetryDue {
        back: u32,
    },
    Deadline {
        back: u32,
    },
    Panel(u8),
}

fn any_action() -> impl Strategy<Value = Action> {
    let email = prop_oneof![Just(None), Just(Some("ann@x.com")), Just(Some("ben@x.com"))];
    let code = prop_oneof![
        3 => Just(None),
        1 => proptest::sample::select(ErrorCode::ALL).prop_map(Some),
    ];
    prop_oneof![
        3 => (email, any::<bool>()).prop_map(|(email, host_in_page)| Action::Initialize { email, host_in_page }),
        1 => Just(Action::Destroy),
        1 => Just(Action::Open),
        1 => Just(Action::Toggle),
        1 => Just(Action::SignOut),
        4 => (0..3u32, code).prop_map(|(back, code)| Action::Answer { back, code }),
        1 => (0..3u32).prop_map(|back| Action::RetryDue { back }),
        1 => (0..3u32).prop_map(|back| Action::Deadline { back }),
        2 => (0..4u8).prop_map(Action::Panel),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_order_leaves_at_most_one_messenger_and_settles_every_promise(
        actions in proptest::collection::vec(any_action(), 0..40)
    ) {
        let mut lifecycle = Lifecycle::default();
        let (mut mounted, mut live_sessions, mut tickets) = (0, 0, 0);
        let mut pending = std::collections::BTreeSet::new();
        let mut waiting_for_answer = None;
        let ending = [Action::Destroy];
        for action in actions.iter().chain(&ending) {
            let last = lifecycle.last_attempt;
            let event: Event<Session> = match action {
                Action::Initialize { email, host_in_page } => {
                    tickets += 1;
                    pending.insert(tickets);
                    Event::Initialize { ticket: tickets, visitor: visitor("app", *email), host_in_page: *host_in_page }
                }
                Action::Destroy => Event::Destroy,
                Action::Open => Event::Open,
                Action::Toggle => Event::Toggle,
                Action::SignOut => Event::SignOut,
                Action::Answer { back, code: Some(code) } => failed(last.saturating_sub(*back), *code),
                Action::Answer { back, code: None } => signed_in(last.saturating_sub(*back), last),
                Action::RetryDue { back } => Event::RetryDue { attempt: last.saturating_sub(*back) },
                Action::Deadline { back } => Event::DeadlinePassed { ticket: u32::saturating_sub(tickets, *back) },
                Action::Panel(0) => Event::PanelSessionExpired,
                Action::Panel(1) => Event::PanelSignedOut,
                Action::Panel(2) => Event::PanelSignedIn { email: "ann@x.com".into() },
                Action::Panel(_) => Event::PanelUnread(3),
            };
            let stale = matches!(&event, Event::Answered { attempt, .. } if waiting_for_answer != Some(*attempt));
            let effects = lifecycle.step(event);
            prop_assert!(!stale || effects.is_empty(), "a stale answer did something");
            for effect in effects {
                match effect {
                    Effect::Mount => mounted += 1,
                    Effect::Unmount => mounted -= 1,
                    Effect::UseSession(_) => live_sessions += 1,
                    Effect::RevokeSession | Effect::ForgetSession => live_sessions -= 1,
                    Effect::Resolve(ticket) | Effect::Reject(ticket, _) => {
                        prop_assert!(pending.remove(&ticket), "a promise was settled twice");
                    }
                    Effect::SignIn(attempt) | Effect::LookUpApp(attempt) => waiting_for_answer = Some(attempt),
                    Effect::Cancel | Effect::ScheduleRetry { .. } => waiting_for_answer = None,
                    _ => {}
                }
                prop_assert!((0..=1).contains(&mounted), "{mounted} messengers");
                prop_assert!((0..=1).contains(&live_sessions), "{live_sessions} sessions");
            }
        }
        prop_assert_eq!(mounted, 0, "destroy left a messenger");
        prop_assert_eq!(live_sessions, 0, "destroy left a session");
        prop_assert!(pending.is_empty(), "destroy left a promise");
    }
}
