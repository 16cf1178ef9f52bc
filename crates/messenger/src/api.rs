//! Requests to Thread, on the page's own origin.

use crate::codec;
use crate::failure::Failure;
use gloo_net::http::{Method, RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use protocol::conversation::{
    ListMessagesResponse, ListServiceRequestsResponse, MarkReadRequest, Message, ServiceRequest,
    WriteMessageRequest,
};
use protocol::wire::{
    AgentResponse, App, CreatePinRequest, CreatePinResponse, CreateSessionRequest, SessionResponse, Status,
    UpdateServiceRequestRequest,
};
use protocol::{AppId, AttachmentId, ErrorCode, ServiceRequestId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::UnwrapThrowExt;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Blob};

/// Between where a side's calls begin and a service request's identifier.
const REQUESTS: &str = "/service-requests/";
/// Service requests in a page of an agent's list.
const PAGE: &str = "50";
/// How long to wait for an answer, its body included.
const TIMEOUT_MS: u32 = 15_000;

/// A request, ready to be sent any number of times.
#[derive(Clone)]
pub(crate) struct Call {
    method: Method,
    path: String,
    body: Option<String>,
}

impl Call {
    fn new(method: Method, path: &[&str]) -> Self {
        Self { method, path: path.concat(), body: None }
    }

    fn with_body(mut self, body: &impl Serialize) -> Self {
        self.body = codec::to_json(body);
        self
    }

    /// Sends it, with a session's token if one is given. The answer is text.
    pub(crate) async fn fetch(&self, token: Option<&str>) -> Result<String, Failure> {
        let read = async |response: Response| response.text().await.map_err(network);
        self.fetch_and(token, read).await
    }

    /// The same, where the answer is a file.
    pub(crate) async fn fetch_blob(&self, token: Option<&str>) -> Result<Blob, Failure> {
        let read = async |response: Response| {
            let bytes = web_sys::Response::from(response).blob().map_err(|_| Failure::Network)?;
            let blob = JsFuture::from(bytes).await.map_err(|_| Failure::Network)?;
            Ok(blob.unchecked_into())
        };
        self.fetch_and(token, read).await
    }

    async fn fetch_and<T>(
        &self,
        token: Option<&str>,
        read: impl AsyncFnOnce(Response) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let abort = AbortController::new().expect_throw("every browser that runs WebAssembly can abort");
        let late = Rc::new(Cell::new(false));
        let timeout = Timeout::new(TIMEOUT_MS, {
            let (abort, late) = (abort.clone(), Rc::clone(&late));
            move || {
                late.set(true);
                abort.abort();
            }
        });
        let answer = async { read(self.send(token, &abort).await?).await }.await;
        drop(timeout);
        answer.map_err(|failure| if late.get() { Failure::Timeout } else { failure })
    }

    /// An answer that is no refusal.
    async fn send(&self, token: Option<&str>, abort: &AbortController) -> Result<Response, Failure> {
        let mut request =
            RequestBuilder::new(&self.path).method(self.method.clone()).abort_signal(Some(&abort.signal()));
        if let Some(token) = token {
            request = request.header("authorization", &["Bearer ", token].concat());
        }
        let request = match &self.body {
            Some(body) => request.header("content-type", "application/json").body(body.as_str()),
            None => request.build(),
        };
        let response = request.map_err(network)?.send().await.map_err(network)?;
        if response.ok() {
            return Ok(response);
        }
        let text = response.text().await.map_err(network)?;
        Err(refusal(response.status(), &text))
    }
}

/// Reads an answer.
pub(crate) fn read<T: DeserializeOwned>(answer: &str) -> Result<T, Failure> {
    codec::from_json(answer).ok_or(Failure::Unreadable)
}

fn network(_: gloo_net::Error) -> Failure {
    Failure::Network
}

/// Why Thread, or something on the way to it, said no.
pub(crate) fn refusal(status: u16, text: &str) -> Failure {
    match (problem_code(text), status) {
        (Some(code), _) => Failure::Refused(code),
        (None, 401) => Failure::Refused(ErrorCode::Unauthorized),
        (None, 413) => Failure::Refused(ErrorCode::PayloadTooLarge),
        (None, 429) => Failure::Refused(ErrorCode::RateLimited),
        (None, 500..) => Failure::Refused(ErrorCode::Unavailable),
        (None, _) => Failure::Unreadable,
    }
}

/// The code of a problem document. Nothing else of it is for the user's eyes.
fn problem_code(text: &str) -> Option<ErrorCode> {
    let problem = js_sys::JSON::parse(text).ok()?;
    let code = js_sys::Reflect::get(&problem, &"code".into()).ok()?.as_string()?;
    ErrorCode::parse(&code)
}

/// Asks for what everybody may know of an app.
pub(crate) async fn app(id: &AppId) -> Result<App, Failure> {
    let id: String = js_sys::encode_uri_component(id.as_str()).into();
    read(&Call::new(Method::GET, &["/v1/apps/", &id]).fetch(None).await?)
}

/// Has a PIN sent.
pub(crate) async fn send_pin(request: &CreatePinRequest) -> Result<CreatePinResponse, Failure> {
    read(&Call::new(Method::POST, &["/v1/pins"]).with_body(request).fetch(None).await?)
}

/// Signs in.
pub(crate) async fn sign_in(request: &CreateSessionRequest) -> Result<SessionResponse, Failure> {
    read(&Call::new(Method::POST, &["/v1/sessions"]).with_body(request).fetch(None).await?)
}

/// Asks for a session that lives longer.
pub(crate) async fn renew(token: &str) -> Result<SessionResponse, Failure> {
    read(&Call::new(Method::POST, &["/v1/sessions/current/renew"]).fetch(Some(token)).await?)
}

/// Ends a session.
pub(crate) async fn sign_out(token: &str) -> Result<(), Failure> {
    Call::new(Method::DELETE, &["/v1/sessions/current"]).fetch(Some(token)).await.map(drop)
}

/// A request whose answer is a `T`.
pub(crate) struct Typed<T> {
    /// The request.
    pub(crate) call: Call,
    answer: core::marker::PhantomData<T>,
}

const fn typed<T>(call: Call) -> Typed<T> {
    Typed { call, answer: core::marker::PhantomData }
}

/// All service requests of the signed-in user.
pub(crate) fn list() -> Typed<ListServiceRequestsResponse> {
    typed(Call::new(Method::GET, &["/v1/service-requests"]))
}

/// Raises a service request.
pub(crate) fn raise(first: &WriteMessageRequest) -> Typed<ServiceRequest> {
    typed(Call::new(Method::POST, &["/v1/service-requests"]).with_body(first))
}

/// Messages of a service request after this `seq`. `base` is where the side's calls begin: `/v1` or `/v1/agent`.
pub(crate) fn messages(base: &str, id: &ServiceRequestId, after: i64) -> Typed<ListMessagesResponse> {
    let after = after.to_string();
    typed(Call::new(Method::GET, &[base, REQUESTS, id.as_str(), "/messages?after=", &after]))
}

/// Writes to a service request.
pub(crate) fn write(base: &str, id: &ServiceRequestId, message: &WriteMessageRequest) -> Typed<Message> {
    typed(Call::new(Method::POST, &[base, REQUESTS, id.as_str(), "/messages"]).with_body(message))
}

/// A file of a message.
pub(crate) fn attachment(base: &str, id: &AttachmentId) -> Call {
    Call::new(Method::GET, &[base, "/attachments/", id.as_str()])
}

/// Which app an API key is of, and whose answers it gives.
pub(crate) async fn agent(key: &str) -> Result<AgentResponse, Failure> {
    read(&Call::new(Method::GET, &["/v1/agent"]).fetch(Some(key)).await?)
}

/// A page of the app's service requests: those of one status, after the page that ended with this cursor.
pub(crate) fn agent_list(status: Status, before: Option<&str>) -> Typed<ListServiceRequestsResponse> {
    let path = ["/v1/agent/service-requests?limit=", PAGE, "&status=", status.as_str()].concat();
    typed(match before {
        Some(cursor) => {
            let cursor: String = js_sys::encode_uri_component(cursor).into();
            Call::new(Method::GET, &[&path, "&before=", &cursor])
        }
        None => Call::new(Method::GET, &[&path]),
    })
}

/// A service request of the app.
pub(crate) fn agent_request(id: &ServiceRequestId) -> Typed<ServiceRequest> {
    typed(Call::new(Method::GET, &["/v1/agent/service-requests/", id.as_str()]))
}

/// Closes a service request, or opens it again.
pub(crate) fn set_status(id: &ServiceRequestId, status: Status) -> Typed<ServiceRequest> {
    typed(
        Call::new(Method::PATCH, &["/v1/agent/service-requests/", id.as_str()])
            .with_body(&UpdateServiceRequestRequest { status }),
    )
}

/// Tells up to where the user has read.
pub(crate) fn mark_read(base: &str, id: &ServiceRequestId, seq: i64) -> Call {
    Call::new(Method::POST, &[base, REQUESTS, id.as_str(), "/read"]).with_body(&MarkReadRequest { seq })
}
