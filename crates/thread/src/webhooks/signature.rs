//! Signatures by Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, keyed with the secret's bytes.

use crate::crypto::random_bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// First characters of every signing secret.
pub const SECRET_PREFIX: &str = "whsec_";

/// What a webhook's requests are signed with.
#[derive(Clone)]
pub struct WebhookSecret(Zeroizing<Vec<u8>>);

impl WebhookSecret {
    /// 32 random bytes.
    pub fn generate() -> Self {
        Self(Zeroizing::new(random_bytes::<32>().to_vec()))
    }

    /// As it is stored, sealed.
    pub fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// To be sealed.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// `whsec_` and base64: what the receiver is configured with.
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new([SECRET_PREFIX, &STANDARD.encode(self.0.as_slice())].concat())
    }

    /// One entry of `webhook-signature`.
    pub fn sign(&self, id: &str, timestamp_s: i64, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(format!("{id}.{timestamp_s}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_specification() {
        // The example of the reference libraries.
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let secret = WebhookSecret::from_bytes(Zeroizing::new(key));
        assert_eq!(secret.expose().as_str(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assert_eq!(
            secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn a_secret_is_not_shown_by_chance() {
        let secret = WebhookSecret::generate();
        assert_eq!(secret.bytes().len(), 32);
        assert_eq!(format!("{secret:?}"), "WebhookSecret(…)");
    }
}
