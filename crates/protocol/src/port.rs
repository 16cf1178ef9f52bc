//! Messages between widget and panel, over the `MessagePort` alone.
//!
//! They are plain objects with a `type` and optional members: the widget reads and writes them member by member
//! (a deserializer would cost it a third of its budget), the panel through serde. Both sides are of one release: the panel is served by the Thread that served `widget.js`.

use crate::wire::SessionResponse;
use serde::{Deserialize, Serialize};

/// `data` of the one `postMessage` that carries the port from the page into the iframe.
pub const HANDSHAKE: &str = "chatgenie:port";

/// What the widget tells the panel.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToPanel {
    /// What is told.
    #[serde(rename = "type")]
    pub kind: ToPanelKind,
    /// With [`ToPanelKind::Session`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionResponse>,
    /// With [`ToPanelKind::Visitor`]: an address to fill in, from a key that was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// With [`ToPanelKind::Appearance`]: language tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// With [`ToPanelKind::Appearance`]: `light`, `dark` or `auto`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// With [`ToPanelKind::Opened`]: whether the panel takes the focus; not if the user has gone on in the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<bool>,
}

/// Kinds of [`ToPanel`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToPanelKind {
    /// Always first: language and theme.
    Appearance,
    /// Signing in is on the way: show that, and wait.
    #[default]
    Connecting,
    /// Somebody was signed in by key: `session`. Clears a stored PIN session.
    Session,
    /// Nobody is signed in by key: the passwordless way, perhaps with `email`.
    Visitor,
    /// The panel was opened: take the focus, if `focus` says so, and count as seen.
    Opened,
    /// The panel was closed; it stays loaded.
    Closed,
    /// The page asks to sign out.
    SignOut,
}

impl ToPanelKind {
    /// The `type` member.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Appearance => "appearance",
            Self::Connecting => "connecting",
            Self::Session => "session",
            Self::Visitor => "visitor",
            Self::Opened => "opened",
            Self::Closed => "closed",
            Self::SignOut => "sign_out",
        }
    }
}

/// What the panel tells the widget.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FromPanel {
    /// What is told.
    #[serde(rename = "type")]
    pub kind: FromPanelKind,
    /// With [`FromPanelKind::Unread`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// With [`FromPanelKind::SignedIn`]: the normalised address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Kinds of [`FromPanel`]. Before them comes one of `type` `ready`, from the panel's page itself: the widget knows
/// by it that the frame holds no error page of the browser's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromPanelKind {
    /// The user closed the panel (its button, or Esc): hide it, focus goes to the launcher.
    #[default]
    Close,
    /// The number of unseen messages changed: `count`.
    Unread,
    /// Somebody signed in by PIN in the panel: `email`.
    SignedIn,
    /// The user signed out in the panel, or in another tab. The panel has revoked the session.
    SignedOut,
    /// The session has lapsed and could not be renewed; the widget tries its key again.
    SessionExpired,
}

impl FromPanelKind {
    /// The kind that a `type` member names.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "close" => Self::Close,
            "unread" => Self::Unread,
            "signed_in" => Self::SignedIn,
            "signed_out" => Self::SignedOut,
            "session_expired" => Self::SessionExpired,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_one_name_in_every_form() {
        use FromPanelKind::{Close, SessionExpired, SignedIn, SignedOut, Unread};
        use ToPanelKind::{Appearance, Closed, Connecting, Opened, Session, SignOut, Visitor};
        for kind in [Appearance, Connecting, Session, Visitor, Opened, Closed, SignOut] {
            assert_eq!(serde_json::to_value(kind).expect("plain enum"), kind.as_str());
        }
        for kind in [Close, Unread, SignedIn, SignedOut, SessionExpired] {
            let name = serde_json::to_value(kind).expect("plain enum");
            assert_eq!(FromPanelKind::parse(name.as_str().expect("a string")), Some(kind));
        }
        assert_eq!(FromPanelKind::parse("other"), None);
    }

    #[test]
    fn only_members_with_a_value_are_sent() {
        let told = FromPanel { kind: FromPanelKind::Unread, count: Some(2), email: None };
        assert_eq!(serde_json::to_string(&told).expect("serializable"), r#"{"type":"unread","count":2}"#);
        let told = ToPanel { kind: ToPanelKind::SignOut, ..ToPanel::default() };
        assert_eq!(serde_json::to_string(&told).expect("serializable"), r#"{"type":"sign_out"}"#);
    }
}
