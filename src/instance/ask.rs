//! Questions to the page and to Thread, one at a time.

use super::{Settings, dispatch, with};
use crate::answer::{Failure, Fault};
use crate::dom::{self, Asked, Listener, Timer, value};
use crate::error::MessengerError;
use crate::lifecycle::{Answer, Attempt, Event};
use crate::params::raw_value;
use crate::retry;
use crate::thread::{Credentials, Session, Thread, no_connection};
use js_sys::Math;
use protocol::params::{FoundSecret, KeySource, SignIn, check_key};
use protocol::{AttemptId, ErrorCode};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// How long an answer may take, in milliseconds.
const TIMEOUT_MS: u32 = 15_000;

/// A question under way. Dropping it drops the question.
pub struct Asking {
    _asked: Asked,
    _timeout: Timer,
}

/// A question that will be asked again.
pub struct Retry {
    _timeout: Timer,
    _online: Option<Listener>,
}

/// What is asked.
#[derive(Clone, Copy)]
pub enum Question {
    /// The page for the key, if it comes from a function, and Thread for a session.
    SignIn,
    /// Thread for the app.
    LookUpApp,
}

/// Asks again after a while, or as soon as the browser is back online.
pub fn schedule_retry(attempt: Attempt, failures: u32, retry_after_ms: Option<u32>) {
    let delay_ms = retry::delay_ms(failures, retry_after_ms, Math::random());
    let again = move || dispatch(Event::RetryDue { attempt });
    let timeout = Timer::new(delay_ms, again);
    // A `Retry-After` is the service's wish: the connection being back does not shorten it.
    let online = retry_after_ms.is_none().then(|| Listener::of_window("online", move |_| again()));
    let before = with(|instance| instance.retry.replace(Retry { _timeout: timeout, _online: online }));
    drop(before);
}

/// Asks; the answer comes as [`Event::Answered`].
pub fn ask(attempt: Attempt, question: Question) {
    let (settings, thread) = with(|instance| (instance.settings.clone(), instance.thread.clone()));
    let Some(settings) = settings else { return };
    match (question, &settings.params.sign_in) {
        (Question::SignIn, SignIn::Key { key: KeySource::Value(key), .. }) => {
            sign_in(attempt, &settings, &thread, key);
        }
        (Question::SignIn, SignIn::Key { key: KeySource::Function, .. }) => {
            let Some(function) = &settings.key_function else { return };
            let asked = dom::ask_page(function, {
                let settings = Rc::clone(&settings);
                move |answer| key_given(attempt, &settings, &thread, &answer)
            });
            keep(attempt, asked, "did not settle in time");
        }
        _ => {
            let asked = thread.app(&settings.params.app_id, move |answer| {
                answered(attempt, answer.map(|look| Answer::AppKnown { look }));
            });
            keep(attempt, asked, "");
        }
    }
}

fn sign_in(attempt: Attempt, settings: &Settings, thread: &Thread, key: &str) {
    let SignIn::Key { email, .. } = &settings.params.sign_in else { return };
    let attempt_id = with(|instance| instance.attempt_id.clone());
    let app_id = &settings.params.app_id;
    let credentials = Credentials { app_id, email: email.as_str(), key, attempt_id: &attempt_id };
    let asked = thread.sign_in(&credentials, move |answer| {
        answered(
            attempt,
            answer.map(|session| Answer::SignedIn {
                email: session.email.clone(),
                unread: session.unread,
                session,
            }),
        );
    });
    keep(attempt, asked, "");
}

/// What the page's `connectionKey` function gave.
fn key_given(attempt: Attempt, settings: &Settings, thread: &Thread, answer: &JsValue) {
    if value::count(answer, "status") == 0 {
        return answered(attempt, Err(no_key("threw or rejected")));
    }
    match check_key(&raw_value(Some(&value::get(answer, "content")))) {
        Ok(key) => sign_in(attempt, settings, thread, &key),
        Err((error, secret)) => {
            if let Some(FoundSecret(secret)) = secret {
                thread.report_secret(Some(&settings.params.app_id), &secret);
            }
            let error = MessengerError::from(error);
            answered(attempt, Err(Failure { error, retry_after_ms: None, fault: Fault::Fatal }));
        }
    }
}

fn no_key(what: &str) -> Failure {
    let message =
        ["The page's connectionKey function ", what, ". The widget asks it again by itself."].concat();
    Failure::transient(ErrorCode::Unavailable, message)
}

/// Keeps a question. A function or `fetch` of the page's may never settle: then time is the answer. `silent` says
/// what the page's function did not do; it is empty if Thread was asked.
fn keep(attempt: Attempt, asked: Asked, silent: &'static str) {
    let timeout = Timer::new(TIMEOUT_MS, move || {
        answered(attempt, Err(if silent.is_empty() { no_connection() } else { no_key(silent) }));
    });
    let asking = Asking { _asked: asked, _timeout: timeout };
    drop(with(|instance| (instance.asking.replace(asking), instance.retry.take())));
}

/// One answer is enough: a later one is not wanted any more.
fn answered(attempt: Attempt, answer: Result<Answer<Session>, Failure>) {
    drop(with(|instance| instance.asking.take()));
    dispatch(Event::Answered { attempt, answer });
}

/// 128 bits in hex. It names a load of the page and guards nothing by itself.
pub fn random_attempt_id() -> AttemptId {
    let mut id = String::with_capacity(32);
    for _ in 0..32 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..16")]
        let nibble = (Math::random() * 16.0) as u32;
        id.push(char::from_digit(nibble, 16).unwrap_or('0'));
    }
    AttemptId(id)
}
