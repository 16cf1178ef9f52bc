//! One upload, which tells how far it has come: by `XMLHttpRequest`, since `fetch` tells nothing.

use crate::api;
use crate::browser::Listener;
use crate::failure::Failure;
use protocol::conversation::Attachment;
use web_sys::{Event, File, ProgressEvent, XmlHttpRequest};

/// An upload on its way; dropped, it is broken off.
pub(crate) struct Upload {
    request: XmlHttpRequest,
    _listeners: [Listener; 2],
}

impl Upload {
    /// Sends a file to `path`. `progress` hears what part is there, 0 to 1; `done` hears how it ended.
    pub(crate) fn start(
        path: &str,
        token: &str,
        file: &File,
        mut progress: impl FnMut(f64) + 'static,
        mut done: impl FnMut(Result<Attachment, Failure>) + 'static,
    ) -> Option<Self> {
        let request = XmlHttpRequest::new().ok()?;
        let name: String = js_sys::encode_uri_component(&file.name()).into();
        request.open("POST", &[path, "?name=", &name].concat()).ok()?;
        request.set_request_header("authorization", &["Bearer ", token].concat()).ok()?;
        request.set_request_header("content-type", &file.type_()).ok()?;
        let upload = request.upload().ok()?;
        let listeners = [
            Listener::new(&upload, "progress", move |event: ProgressEvent| {
                if event.length_computable() && event.total() > 0.0 {
                    progress(event.loaded() / event.total());
                }
            }),
            Listener::new(&request, "loadend", {
                let request = request.clone();
                move |_: Event| done(answer(&request))
            }),
        ];
        request.send_with_opt_blob(Some(file)).ok()?;
        Some(Self { request, _listeners: listeners })
    }
}

fn answer(request: &XmlHttpRequest) -> Result<Attachment, Failure> {
    let text = request.response_text().ok().flatten().unwrap_or_default();
    match request.status().unwrap_or_default() {
        0 => Err(Failure::Network),
        200..300 => api::read(&text),
        status => Err(api::refusal(status, &text)),
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // Nobody hears of its end any more: the listeners go first.
        let _ = self.request.abort();
    }
}
