//! Questions to the page and to Thread, one at a time.

use super::{Settings, dispatch, report_secret, with};
use crate::dom::{AbortOnDrop, Listener};
use crate::error::MessengerError;
use crate::lifecycle::{Answer, Attempt, Event, Failure, Fault};
use crate::params::raw_value;
use crate::retry;
use crate::thread::{Session, Thread, no_connection, transient};
use gloo_timers::callback::Timeout;
use js_sys::{Math, Promise};
use protocol::params::{KeySource, SignIn, check_key};
use protocol::wire::CreateSessionRequest;
use protocol::{AttemptId, ErrorCode};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortSignal;

/// How long an answer may take, in milliseconds.
const TIMEOUT_MS: u32 = 15_000;

/// A question under way. Dropping it aborts the request.
pub struct Asking {
    _abort: AbortOnDrop,
    _timeout: Timeout,
}

/// A question that will be asked again.
pub struct Retry {
    _timeout: Timeout,
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
    let timeout = Timeout::new(delay_ms, move || dispatch(Event::RetryDue { attempt }));
    // A `Retry-After` is the service's wish: the connection being back does not shorten it.
    let online = web_sys::window()
        .filter(|_| retry_after_ms.is_none())
        .map(|window| Listener::new(&window, "online", move |_| dispatch(Event::RetryDue { attempt })));
    let before = with(|instance| instance.retry.replace(Retry { _timeout: timeout, _online: online }));
    drop(before);
}

/// Asks; the answer comes as [`Event::Answered`].
pub fn ask(attempt: Attempt, question: Question) {
    let abort = AbortOnDrop::new();
    let signal = abort.signal();
    // A page's function or `fetch` may never settle: then this is the answer, and a later one is stale.
    let timeout = Timeout::new(TIMEOUT_MS, move || {
        dispatch(Event::Answered { attempt, answer: Err(no_connection()) });
    });
    let asking = Asking { _abort: abort, _timeout: timeout };
    let (before, settings, thread) = with(|instance| {
        let before = (instance.asking.replace(asking), instance.retry.take());
        (before, instance.settings.clone(), instance.thread.clone())
    });
    drop(before);
    let Some(settings) = settings else { return };
    spawn_local(async move {
        let answer = answer(question, &settings, &thread, signal).await;
        dispatch(Event::Answered { attempt, answer });
    });
}

async fn answer(
    question: Question,
    settings: &Settings,
    thread: &Thread,
    signal: Option<AbortSignal>,
) -> Result<Answer<Session>, Failure> {
    let app_id = settings.params.app_id.clone();
    let (Question::SignIn, SignIn::Key { email, key }) = (question, &settings.params.sign_in) else {
        return Ok(Answer::AppKnown { brand_color: thread.app(&app_id, signal).await? });
    };
    let connection_key = match key {
        KeySource::Value(key) => key.clone(),
        KeySource::Function => key_of_page(settings, thread).await?,
    };
    let request = CreateSessionRequest::MessengerAuth {
        app_id,
        connection_email: email.as_str().into(),
        connection_key,
        attempt_id: Some(with(|instance| instance.attempt_id.clone())),
    };
    let session = thread.sign_in(&request, signal).await?;
    Ok(Answer::SignedIn { email: session.email.clone(), unread: session.unread, session })
}

/// Calls the page's `connectionKey` function.
async fn key_of_page(settings: &Settings, thread: &Thread) -> Result<String, Failure> {
    let function_failed = || {
        transient(
            ErrorCode::Unavailable,
            "The page's connectionKey function threw or rejected. The widget asks it again by itself.",
        )
    };
    let function = settings.key_function.as_ref().ok_or_else(function_failed)?;
    let given = function.call0(&JsValue::UNDEFINED).map_err(|_| function_failed())?;
    let given = JsFuture::from(Promise::resolve(&given)).await.map_err(|_| function_failed())?;
    check_key(&raw_value(Some(&given))).map_err(|(error, secret)| {
        if let Some(secret) = secret {
            report_secret(thread.clone(), settings.params.app_id.clone(), secret);
        }
        Failure { error: MessengerError::from(error), retry_after_ms: None, fault: Fault::Fatal }
    })
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
