//! Requests and responses of Thread's HTTP interface.
//!
//! JSON, `camelCase`, `Authorization: Bearer` where a session or an API key is needed. Times are RFC 3339 in
//! UTC. Fields may be added; unknown fields are ignored.

use crate::{AppId, AttemptId};
use serde::{Deserialize, Serialize};

/// The only `connectionType` that a page may name.
pub const MESSENGER_AUTH: &str = "messenger_auth";

/// Longest body of a message, in characters.
pub const MAX_MESSAGE_CHARS: usize = 10_000;
/// Longest `clientId`, in bytes.
pub const MAX_CLIENT_ID_BYTES: usize = 64;
/// Longest `attemptId`, in bytes.
pub const MAX_ATTEMPT_ID_BYTES: usize = 64;

/// `GET /v1/apps/{appId}`, and part of a session: what everybody may know of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct App {
    /// The app.
    pub app_id: AppId,
    /// The service provider's name, as the customer knows it.
    pub name: String,
    /// First words in an empty panel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeting: Option<String>,
    /// How launcher and panel look.
    pub theme: Theme,
    /// Ways to sign in.
    pub sign_in: Vec<SignInMethod>,
    /// Whether nobody answers now, by the office hours; absent where the app has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away: Option<bool>,
    /// What to show while `away`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away_text: Option<String>,
    /// When somebody answers, as the operator wrote it: `Mon-Fri 09:00-17:00 Europe/Berlin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_hours: Option<String>,
    /// What may be attached; absent where nothing may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<AttachmentLimits>,
}

/// What may be attached to messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AttachmentLimits {
    /// Largest file.
    pub max_bytes: u64,
    /// Types that are taken: `image/png`, or `text/*` for all of a kind.
    pub content_types: Vec<String>,
}

/// How launcher and panel look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Theme {
    /// The app's colour, `#rrggbb`.
    pub brand_color: String,
    /// Corner of the page for launcher and panel; absent: where the page's lines end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// A lower corner of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// On the left, whatever the direction of writing.
    Left,
    /// On the right, whatever the direction of writing.
    Right,
}

impl Position {
    /// The position as it appears on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

/// How a session came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignInMethod {
    /// By a portal's connection key.
    MessengerAuth,
    /// By email and PIN.
    Pin,
}

impl SignInMethod {
    /// The method as it appears on the wire and in `authenticated` events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MessengerAuth => MESSENGER_AUTH,
            Self::Pin => "pin",
        }
    }
}

/// `POST /v1/sessions`: signs a visitor in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "connectionType", rename_all_fields = "camelCase")]
pub enum CreateSessionRequest {
    /// By the key that a portal's server made.
    #[serde(rename = "messenger_auth")]
    MessengerAuth {
        /// The app.
        app_id: AppId,
        /// The email that the key was made for, byte for byte.
        connection_email: String,
        /// v1 or v2 connection key.
        connection_key: String,
        /// Lets a retry use the same v2 key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attempt_id: Option<AttemptId>,
    },
    /// By the PIN that a mail brought.
    #[serde(rename = "pin")]
    Pin {
        /// The app.
        app_id: AppId,
        /// From [`CreatePinResponse`].
        challenge_id: String,
        /// Six digits.
        pin: String,
    },
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The normalised address.
    pub email: String,
}

/// `201` to [`CreateSessionRequest`], `200` to a renewal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SessionResponse {
    /// Bearer token. Opaque; never in a URL, a log or the portal's storage.
    pub token: String,
    /// When the token lapses.
    pub expires_at: String,
    /// Who is signed in.
    pub user: User,
    /// How.
    pub method: SignInMethod,
    /// The app.
    pub app: App,
    /// Messages of agents that the contact has not seen.
    pub unread: u32,
    /// Service requests of the contact's that are not closed. Absent from a Thread older than this field.
    #[serde(default)]
    pub open_service_requests: u32,
}

/// `POST /v1/pins`: has a PIN sent.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatePinRequest {
    /// The app.
    pub app_id: AppId,
    /// Where to send it.
    pub email: String,
}

/// `202` to [`CreatePinRequest`], whether or not a mail was sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatePinResponse {
    /// Goes back with the PIN.
    pub challenge_id: String,
}

/// `POST /v1/leaked-secrets`: a page found what looks like its portal's secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LeakedSecretRequest {
    /// The app; empty where the page names none. The digest alone tells which secret it is.
    pub app_id: AppId,
    /// SHA-256 of the secret, lower-case hex, 64 characters.
    pub sha256: String,
}

/// Where a service request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Somebody is to answer.
    Open,
    /// Done; a new message of the contact opens it again.
    Closed,
}

impl Status {
    /// The status as it appears on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The customer.
    Contact,
    /// The service provider.
    Agent,
}

/// Who of the service provider wrote or writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agent {
    /// As customers may see it: plain text, never markup.
    pub name: String,
}

/// `GET /v1/agent`: what an API key is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentResponse {
    /// The app whose service requests it opens.
    pub app: App,
    /// Who answers with it; absent where the API key has no name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
}

/// `PATCH /v1/agent/service-requests/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateServiceRequestRequest {
    /// The new status.
    pub status: Status,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_requests_have_the_names_of_the_contract() {
        let json =
            r#"{"connectionType":"messenger_auth","appId":"a","connectionEmail":"e@x","connectionKey":"k"}"#;
        let request: CreateSessionRequest = serde_json::from_str(json).expect("valid");
        assert!(matches!(&request, CreateSessionRequest::MessengerAuth { attempt_id: None, .. }));
        assert_eq!(serde_json::to_string(&request).expect("serializable"), json);

        let json = r#"{"connectionType":"pin","appId":"a","challengeId":"c","pin":"123456"}"#;
        let request: CreateSessionRequest = serde_json::from_str(json).expect("valid");
        assert_eq!(serde_json::to_string(&request).expect("serializable"), json);
    }

    #[test]
    fn an_app_without_later_fields_is_understood() {
        let json = r##"{"appId":"a","name":"n","theme":{"brandColor":"#000000"},"signIn":["pin"]}"##;
        let app: App = serde_json::from_str(json).expect("valid");
        assert_eq!((app.away, app.theme.position, &app.attachments), (None, None, &None));
        assert_eq!(serde_json::to_string(&app).expect("serializable"), json);
        let more = App {
            away: Some(true),
            office_hours: Some("Mon 09:00-17:00 UTC".into()),
            theme: Theme { brand_color: "#000000".into(), position: Some(Position::Left) },
            attachments: Some(AttachmentLimits { max_bytes: 1, content_types: vec!["image/png".into()] }),
            ..app
        };
        let value = serde_json::to_value(&more).expect("serializable");
        assert_eq!(value["theme"]["position"], "left");
        assert_eq!(value["attachments"], serde_json::json!({"maxBytes": 1, "contentTypes": ["image/png"]}));
        assert_eq!((&value["away"], &value["officeHours"]), (&true.into(), &"Mon 09:00-17:00 UTC".into()));
    }
}
