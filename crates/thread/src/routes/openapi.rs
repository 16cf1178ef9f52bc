//! `GET /openapi.json`: every call, for tools. Shapes come from the types of `protocol`; a test holds the list of calls
//! against the router's own.

use super::guard::Access;
use super::versions::VersionList;
use crate::store::{MAX_LISTED, MAX_MESSAGES};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use protocol::Problem;
use protocol::conversation::{
    Attachment, ListMessagesResponse, ListServiceRequestsResponse, MarkReadRequest, Message, ServiceRequest,
    WriteMessageRequest,
};
use protocol::wire::{
    AgentResponse, App, CreatePinRequest, CreatePinResponse, CreateSessionRequest, LeakedSecretRequest,
    SessionResponse, UpdateServiceRequestRequest,
};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use utoipa::OpenApi;

/// Shapes, with what they refer to.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Thread",
        description = "The service behind the support messenger. Every refusal is a problem document (RFC 9457) with a `code`.",
    ),
    components(schemas(
        AgentResponse,
        App,
        Attachment,
        CreatePinRequest,
        CreatePinResponse,
        CreateSessionRequest,
        LeakedSecretRequest,
        ListMessagesResponse,
        ListServiceRequestsResponse,
        MarkReadRequest,
        Message,
        Problem,
        ServiceRequest,
        SessionResponse,
        UpdateServiceRequestRequest,
        VersionList,
        WriteMessageRequest,
    ))
)]
struct Shapes;

/// One call.
struct Doc {
    method: &'static str,
    /// Under `/v1`.
    path: &'static str,
    access: Access,
    summary: &'static str,
    sends: Sends,
    /// Status and, where there is a body, its shape.
    answers: (u16, Option<&'static str>),
}

enum Sends {
    Nothing,
    /// `?after=SEQ`.
    After,
    /// `?before=CURSOR&limit=N`.
    Page,
    /// `?status=open`, and as [`Sends::Page`].
    StatusAndPage,
    /// JSON of this shape.
    Json(&'static str),
    /// The file itself, and `?name=NAME`.
    File,
}

const fn doc(
    method: &'static str,
    path: &'static str,
    access: Access,
    summary: &'static str,
    sends: Sends,
    answers: (u16, Option<&'static str>),
) -> Doc {
    Doc { method, path, access, summary, sends, answers }
}

const CALLS: &[Doc] = {
    use Access::{Agent, Anybody, Contact, Public, Socket};
    use Sends::{After, File, Json, Nothing, Page, StatusAndPage};
    const MESSAGES: (u16, Option<&str>) = (200, Some("ListMessagesResponse"));
    const LIST: (u16, Option<&str>) = (200, Some("ListServiceRequestsResponse"));
    const WRITTEN: (u16, Option<&str>) = (201, Some("Message"));
    const SESSION: (u16, Option<&str>) = (201, Some("SessionResponse"));
    const UPLOADED: (u16, Option<&str>) = (201, Some("Attachment"));
    &[
        doc(
            "get",
            "/apps/{app_id}",
            Public,
            "What everybody may know of an app",
            Nothing,
            (200, Some("App")),
        ),
        doc(
            "get",
            "/versions",
            Anybody,
            "The widget's versions, at addresses that never change their content",
            Nothing,
            (200, Some("VersionList")),
        ),
        doc(
            "post",
            "/pins",
            Public,
            "Have a PIN mailed",
            Json("CreatePinRequest"),
            (202, Some("CreatePinResponse")),
        ),
        doc("post", "/sessions", Public, "Sign in by key or PIN", Json("CreateSessionRequest"), SESSION),
        doc("delete", "/sessions/current", Contact, "Sign out", Nothing, (204, None)),
        doc(
            "post",
            "/sessions/current/renew",
            Contact,
            "Renew the session",
            Nothing,
            (200, Some("SessionResponse")),
        ),
        doc(
            "post",
            "/leaked-secrets",
            Public,
            "Have a secret voided",
            Json("LeakedSecretRequest"),
            (204, None),
        ),
        doc("get", "/service-requests", Contact, "List service requests", Page, LIST),
        doc(
            "post",
            "/service-requests",
            Contact,
            "Raise a service request",
            Json("WriteMessageRequest"),
            (201, Some("ServiceRequest")),
        ),
        doc("get", "/service-requests/{id}/messages", Contact, "Read messages", After, MESSAGES),
        doc(
            "post",
            "/service-requests/{id}/messages",
            Contact,
            "Write",
            Json("WriteMessageRequest"),
            WRITTEN,
        ),
        doc(
            "post",
            "/service-requests/{id}/read",
            Contact,
            "Mark as read",
            Json("MarkReadRequest"),
            (204, None),
        ),
        doc("get", "/live", Socket, "Open a WebSocket", Nothing, (101, None)),
        doc("post", "/attachments", Contact, "Upload a file", File, UPLOADED),
        doc("get", "/attachments/{id}", Contact, "Download a file", Nothing, (200, None)),
        doc("get", "/agent", Agent, "What the API key is good for", Nothing, (200, Some("AgentResponse"))),
        doc("get", "/agent/service-requests", Agent, "List the app's service requests", StatusAndPage, LIST),
        doc(
            "get",
            "/agent/service-requests/{id}",
            Agent,
            "Look at a service request",
            Nothing,
            (200, Some("ServiceRequest")),
        ),
        doc(
            "patch",
            "/agent/service-requests/{id}",
            Agent,
            "Close or open a service request",
            Json("UpdateServiceRequestRequest"),
            (200, Some("ServiceRequest")),
        ),
        doc("get", "/agent/service-requests/{id}/messages", Agent, "Read messages", After, MESSAGES),
        doc(
            "post",
            "/agent/service-requests/{id}/messages",
            Agent,
            "Answer",
            Json("WriteMessageRequest"),
            WRITTEN,
        ),
        doc(
            "post",
            "/agent/service-requests/{id}/read",
            Agent,
            "Mark as read",
            Json("MarkReadRequest"),
            (204, None),
        ),
        doc("post", "/agent/service-requests/{id}/typing", Agent, "Tell of typing", Nothing, (204, None)),
        doc("get", "/agent/live", Socket, "Open a WebSocket for the whole app", Nothing, (101, None)),
        doc("post", "/agent/attachments", Agent, "Upload a file", File, UPLOADED),
        doc("get", "/agent/attachments/{id}", Agent, "Download a file", Nothing, (200, None)),
    ]
};

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());

/// `GET /openapi.json`.
pub(super) async fn show() -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, DOCUMENT.as_str()).into_response()
}

fn document() -> Value {
    let mut document = serde_json::to_value(Shapes::openapi()).expect("a document of utoipa serialises");
    let mut paths = Map::new();
    for call in CALLS {
        let item = paths.entry(format!("/v1{}", call.path)).or_insert_with(|| json!({}));
        item[call.method] = operation(call);
    }
    document["paths"] = paths.into();
    document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    document["components"]["securitySchemes"] = json!({
        "session": {"type": "http", "scheme": "bearer", "description": "The token of POST /v1/sessions."},
        "apiKey": {"type": "http", "scheme": "bearer", "description": "From `thread apikey create`."},
    });
    document
}

fn operation(call: &Doc) -> Value {
    let mut parameters = Vec::new();
    if let Some(name) = call.path.split(['{', '}']).nth(1) {
        parameters.push(json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
    }
    let mut query = |name: &str, required: bool, description: &str, schema: Value| {
        parameters.push(json!({
            "name": name, "in": "query", "required": required, "description": description, "schema": schema,
        }));
    };
    let mut body = None;
    if matches!(call.sends, Sends::StatusAndPage) {
        let schema = json!({"type": "string", "enum": ["open", "closed"]});
        query("status", false, "Those of this status alone.", schema);
    }
    match call.sends {
        Sends::Nothing => {}
        Sends::After => query(
            "after",
            false,
            &format!(
                "Messages with a greater seq alone; {MAX_MESSAGES} at the most, so the next ones follow the last one's seq."
            ),
            json!({"type": "integer", "format": "int64", "default": 0}),
        ),
        Sends::Page | Sends::StatusAndPage => {
            query(
                "before",
                false,
                "The nextCursor of the part before this one; without it, the list from its start.",
                json!({"type": "string", "pattern": "^[0-9]{1,18}\\.[0-9a-zA-Z-]{0,64}$"}),
            );
            query(
                "limit",
                false,
                "So many service requests at the most.",
                json!({"type": "integer", "minimum": 1, "maximum": MAX_LISTED, "default": MAX_LISTED}),
            );
        }
        Sends::File => {
            query("name", true, "The file's name.", json!({"type": "string"}));
            body = Some(json!({"*/*": {"schema": {"type": "string", "format": "binary"}}}));
        }
        Sends::Json(shape) => body = Some(json!({"application/json": {"schema": reference(shape)}})),
    }
    let (status, shape) = call.answers;
    let mut success = json!({"description": "Done."});
    if let Some(shape) = shape {
        success["content"] = json!({"application/json": {"schema": reference(shape)}});
    } else if status == 200 {
        success["content"] = json!({"*/*": {"schema": {"type": "string", "format": "binary"}}});
    }
    let mut operation = json!({
        "summary": call.summary,
        "operationId": operation_id(call),
        "tags": [if call.path.starts_with("/agent") { "agents" } else { "contacts" }],
        "parameters": parameters,
        "responses": {
            status.to_string(): success,
            "default": {
                "description": "Refused: `code` says why.",
                "content": {"application/problem+json": {"schema": reference("Problem")}},
            },
        },
    });
    if let Some(content) = body {
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    match call.access {
        Access::Contact => operation["security"] = json!([{"session": []}]),
        Access::Agent => operation["security"] = json!([{"apiKey": []}]),
        Access::Anybody | Access::Public | Access::Socket => {}
    }
    operation
}

fn reference(shape: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{shape}")})
}

/// `get /agent/service-requests/{id}/messages` is `getAgentServiceRequestsIdMessages`.
fn operation_id(call: &Doc) -> String {
    call.path.split(|c: char| !c.is_ascii_alphanumeric()).fold(call.method.to_owned(), |mut id, word| {
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        id.extend(letters);
        id
    })
}

/// What the router has, in the document's words.
#[cfg(test)]
pub(super) fn documented() -> Vec<(&'static str, String, Access)> {
    CALLS.iter().map(|call| (call.path, call.method.to_uppercase(), call.access)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_reference_leads_to_a_shape_and_every_name_is_one_of_its_own() {
        let document = document();
        let text = document.to_string();
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().expect("a name");
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
        let ids: HashSet<String> = CALLS.iter().map(operation_id).collect();
        assert_eq!(ids.len(), CALLS.len());
        assert!(ids.contains("getAgentServiceRequestsIdMessages"), "{ids:?}");
        let session = &document["components"]["schemas"]["SessionResponse"];
        assert!(session["properties"]["expiresAt"].is_object(), "{session}");
    }
}
