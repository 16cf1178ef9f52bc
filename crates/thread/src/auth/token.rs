//! Session tokens: `cgt_<claims>.<mac>`, signed, so that a sign-in writes nothing.

use crate::directory::{AppEntry, Directory};
use crate::store::ContactScope;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use protocol::wire::SignInMethod;
use protocol::{AppId, ErrorCode};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;
use std::sync::Arc;

/// First characters of every session token.
const TOKEN_PREFIX: &str = "cgt_";
/// A longer text is not looked at.
const MAX_TOKEN_BYTES: usize = 2_048;

/// What a token says. Times are Unix milliseconds. The panel reads `app` and `email` too (`messenger/src/panel/vouched.rs`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// UUID v7 of the session; a renewal keeps it.
    #[serde(rename = "sid")]
    pub session_id: String,
    /// The app.
    #[serde(rename = "app")]
    pub app_id: AppId,
    /// Normalised address of the contact.
    pub email: String,
    /// How the contact signed in.
    pub method: SignInMethod,
    /// The secret that the connection key was made with; the session dies with it.
    #[serde(rename = "sec", default, skip_serializing_if = "Option::is_none")]
    pub secret_id: Option<String>,
    /// When this token was made.
    #[serde(rename = "iat")]
    pub issued_at: i64,
    /// When this token lapses.
    #[serde(rename = "exp")]
    pub expires_at: i64,
    /// When the session ends, renewed or not.
    #[serde(rename = "max")]
    pub ends_at: i64,
}

impl Claims {
    /// Whose data the session opens.
    pub fn scope(&self) -> ContactScope {
        ContactScope::new(self.app_id.clone(), self.email.clone())
    }

    /// Whether the session is in force, and its app.
    ///
    /// # Errors
    /// If it ran out, was ended, or its secret or app is gone.
    pub fn check(&self, directory: &Directory, now_ms: i64) -> Result<Arc<AppEntry>, SessionError> {
        if self.expires_at <= now_ms || directory.is_revoked(&self.session_id) {
            return Err(SessionError::Expired);
        }
        let app = directory.app(&self.app_id).ok_or(SessionError::Expired)?;
        if self.secret_id.as_deref().is_some_and(|id| !app.has_secret(id)) {
            return Err(SessionError::Expired);
        }
        Ok(app)
    }
}

/// Redacted: it holds an address.
impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Claims({}, …)", self.session_id)
    }
}

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// Not a token of this service.
    #[error("not a session token of this service")]
    Invalid,
    /// It was one.
    #[error("the session ran out or was ended")]
    Expired,
}

impl SessionError {
    /// The code that the caller is told.
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::Invalid => ErrorCode::Unauthorized,
            Self::Expired => ErrorCode::SessionExpired,
        }
    }
}

/// Makes and verifies tokens: a MAC that has taken the key and its purpose in.
#[derive(Clone)]
pub struct TokenSigner(Hmac<Sha256>);

impl TokenSigner {
    /// Signs with this key.
    pub fn new(key: &[u8]) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
        mac.update(b"chatgenie-session-v1\n");
        Self(mac)
    }

    /// The token of these claims.
    pub fn sign(&self, claims: &Claims) -> String {
        let mut json = Vec::with_capacity(512);
        serde_json::to_writer(&mut json, claims).expect("claims serialise");
        let mut token = String::with_capacity(1_024);
        token.push_str(TOKEN_PREFIX);
        URL_SAFE_NO_PAD.encode_string(json, &mut token);
        let mac = self.mac(&token[TOKEN_PREFIX.len()..]).finalize().into_bytes();
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(mac, &mut token);
        token
    }

    /// The claims of a genuine token, in force or not. Constant time where it matters.
    ///
    /// # Errors
    /// If this service did not make it.
    pub fn verify(&self, token: &str) -> Result<Claims, SessionError> {
        let (payload, mac) = token
            .strip_prefix(TOKEN_PREFIX)
            .filter(|_| token.len() <= MAX_TOKEN_BYTES)
            .and_then(|rest| rest.split_once('.'))
            .ok_or(SessionError::Invalid)?;
        let mac = URL_SAFE_NO_PAD.decode(mac).map_err(|_| SessionError::Invalid)?;
        self.mac(payload).verify_slice(&mac).map_err(|_| SessionError::Invalid)?;
        let json = URL_SAFE_NO_PAD.decode(payload).map_err(|_| SessionError::Invalid)?;
        serde_json::from_slice(&json).map_err(|_| SessionError::Invalid)
    }

    fn mac(&self, payload: &str) -> Hmac<Sha256> {
        self.0.clone().chain_update(payload)
    }
}

impl fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSigner(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn claims(email: &str) -> Claims {
        Claims {
            session_id: "s".into(),
            app_id: "app_1".into(),
            email: email.into(),
            method: SignInMethod::MessengerAuth,
            secret_id: Some("sec_1".into()),
            issued_at: 1,
            expires_at: 2,
            ends_at: 3,
        }
    }

    fn signer(byte: u8) -> TokenSigner {
        TokenSigner::new(&[byte; 32])
    }

    proptest! {
        #[test]
        fn a_token_gives_its_claims_back(email in "\\PC{0,60}") {
            let claims = claims(&email);
            prop_assert!(signer(1).verify(&signer(1).sign(&claims)) == Ok(claims));
        }

        #[test]
        fn no_changed_byte_verifies(at in 0usize..200, to in 0u8..128) {
            let mut bytes = signer(1).sign(&claims("ann@x.com")).into_bytes();
            let at = at % bytes.len();
            prop_assume!(bytes[at] != to);
            bytes[at] = to;
            let changed = String::from_utf8(bytes).expect("ASCII");
            prop_assert_eq!(signer(1).verify(&changed), Err(SessionError::Invalid));
        }
    }

    #[test]
    fn a_token_of_another_service_is_refused() {
        assert_eq!(signer(2).verify(&signer(1).sign(&claims("ann@x.com"))), Err(SessionError::Invalid));
        for text in ["", "cgt_", "cgt_.", "cgt_e30.", "Bearer", &"cgt_.".repeat(1_000)] {
            assert_eq!(signer(1).verify(text), Err(SessionError::Invalid));
        }
    }

    #[test]
    fn debug_output_hides_the_address() {
        assert!(!format!("{:?}", claims("ann@x.com")).contains("ann"));
    }
}
