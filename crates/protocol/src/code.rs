//! Error codes: the one list that page, panel, service and documentation share.

use serde::{Deserialize, Serialize};

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $status:literal, $cause:literal, $cure:literal;)*) => {
        /// A stable error code.
        ///
        /// Codes may be added; none changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)*
        }

        impl ErrorCode {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code as it appears in `MessengerError.code` and in problem documents.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// HTTP status of a problem document with this code; 0 for a code that only the widget raises.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// Why it happens, for the documentation.
            pub const fn cause(self) -> &'static str {
                match self { $(Self::$variant => $cause,)* }
            }

            /// What to do about it, for the documentation.
            pub const fn cure(self) -> &'static str {
                match self { $(Self::$variant => $cure,)* }
            }

            /// The code that `text` names.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

error_codes! {
    /// A parameter or a request has the wrong shape.
    InvalidParams = "invalid_params", 422,
        "A parameter is missing, misspelt, of the wrong type or of the wrong shape.",
        "Read the message: it names the field, what was found and what is expected.";
    /// Something that looks like the portal's secret was found in the page.
    SecretInPage = "secret_in_page", 0,
        "The page holds the portal's secret. Anyone who opens the page can read it and sign in as any user.",
        "Thread has made it void when the page told of it, with the sessions that came from it. Remove it from the page, make a new one with `thread secret rotate`, and compute the connectionKey on your server.";
    /// No app has this identifier.
    UnknownApp = "unknown_app", 404,
        "No app has this appId on this Thread.",
        "Copy the appId from `thread app list`, and check that widget.js comes from the same Thread.";
    /// The page's origin is not in the app's list.
    OriginNotAllowed = "origin_not_allowed", 403,
        "The page's origin is not one that the app accepts.",
        "Add it with `thread app update APP_ID --origin ORIGIN`: scheme, host and port, without a path.";
    /// The connection key does not belong to this app and email.
    InvalidConnectionKey = "invalid_connection_key", 401,
        "The connectionKey is not the HMAC-SHA256 of exactly this email with a valid secret of this app, or it has expired or was used before.",
        "Ask the operator for `thread key explain --app APP_ID --email EMAIL --key KEY`, which says why. On the portal's server, compare with `printf %s EMAIL | openssl dgst -sha256 -hmac \"$SECRET\"`: the email has to be the same byte for byte, the secret without a line end.";
    /// Thread could not be reached.
    Network = "network", 0,
        "Thread could not be reached: no connection, or a policy of the page forbids it.",
        "Check the connection, and that the page's Content-Security-Policy has Thread's origin in connect-src. The widget tries again by itself.";
    /// Thread is there but cannot answer now.
    Unavailable = "unavailable", 503,
        "Thread or its database cannot answer right now.",
        "Nothing: the widget tries again by itself. Operators look at /readyz.";
    /// Too many requests.
    RateLimited = "rate_limited", 429,
        "Too many requests from this address.",
        "Wait for the seconds in Retry-After. The widget does so by itself.";
    /// The widget's engine could not start.
    EngineUnavailable = "engine_unavailable", 0,
        "The browser could not start the widget's engine.",
        "Check that the page's Content-Security-Policy allows scripts of Thread's origin. The next initialize tries again.";
    /// The `initialize` was overtaken.
    Destroyed = "destroyed", 0,
        "destroy() or an initialize with another user came before this initialize was done.",
        "Nothing, if that was meant.";
    /// The session has ended.
    SessionExpired = "session_expired", 401,
        "The session ran out or was ended.",
        "Sign in again; the widget does so by itself while the connection key is valid.";
    /// The PIN is wrong, used or too old.
    InvalidPin = "invalid_pin", 401,
        "The PIN is wrong, was used before or is older than 10 minutes.",
        "Type the PIN of the newest mail, or have a new one sent.";
    /// No valid credentials came with the request.
    Unauthorized = "unauthorized", 401,
        "The request has no bearer token, or one that is not valid.",
        "Send `Authorization: Bearer TOKEN`.";
    /// There is nothing at this address for this caller.
    NotFound = "not_found", 404,
        "There is nothing at this address that you may see.",
        "Check the address and the identifier.";
    /// The request contradicts what is stored.
    Conflict = "conflict", 409,
        "The request contradicts what is stored, for example a clientId that was used for other content.",
        "Use a new clientId for new content.";
    /// The request's body is too large.
    PayloadTooLarge = "payload_too_large", 413,
        "The body is larger than the service accepts.",
        "Send less; the message names the limit.";
    /// A fault of the service.
    Internal = "internal", 500,
        "A fault of the service. It was logged with the request's id.",
        "Try again. If it stays, tell the operator the request id.";
}

impl ErrorCode {
    /// Path of the code's explanation on Thread's origin.
    pub fn docs_path(self) -> String {
        ["/docs/errors#", self.as_str()].concat()
    }

    /// Whether the same request may succeed later without any change.
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::Network | Self::Unavailable | Self::RateLimited | Self::Internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_the_same_name_in_every_form() {
        for &code in ErrorCode::ALL {
            assert_eq!(ErrorCode::parse(code.as_str()), Some(code));
            assert_eq!(serde_json::to_value(code).expect("plain enum"), code.as_str());
            assert_eq!(code.docs_path(), format!("/docs/errors#{}", code.as_str()));
            assert!(!code.cause().is_empty() && !code.cure().is_empty());
        }
        assert_eq!(ErrorCode::parse("no_such_code"), None);
    }

    #[test]
    fn the_list_is_the_contract() {
        let codes: Vec<_> = ErrorCode::ALL.iter().map(|c| (c.as_str(), c.status())).collect();
        assert_eq!(
            codes,
            [
                ("invalid_params", 422),
                ("secret_in_page", 0),
                ("unknown_app", 404),
                ("origin_not_allowed", 403),
                ("invalid_connection_key", 401),
                ("network", 0),
                ("unavailable", 503),
                ("rate_limited", 429),
                ("engine_unavailable", 0),
                ("destroyed", 0),
                ("session_expired", 401),
                ("invalid_pin", 401),
                ("unauthorized", 401),
                ("not_found", 404),
                ("conflict", 409),
                ("payload_too_large", 413),
                ("internal", 500),
            ]
        );
    }
}
