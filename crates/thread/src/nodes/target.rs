//! Where NATS is.

use async_nats::ServerAddr;
use std::fmt;

/// `--nats`.
#[derive(Clone)]
pub struct NatsTarget(pub(crate) Vec<ServerAddr>);

impl NatsTarget {
    /// `nats://[user:password@]host[:port]` or `tls://…`, several separated by commas.
    ///
    /// # Errors
    /// A sentence that explains.
    pub fn parse(text: &str) -> Result<Self, String> {
        let told = || "must be nats://HOST:PORT or tls://HOST:PORT, several separated by commas".to_owned();
        text.split(',')
            .map(|server| {
                let server = server.trim();
                if !server.starts_with("nats://") && !server.starts_with("tls://") {
                    return Err(told());
                }
                // Not what the parser says: that may repeat a password.
                server.parse::<ServerAddr>().map_err(|_| told())
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// Without passwords.
impl fmt::Debug for NatsTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NatsTarget({} servers)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_understood_or_explained_without_their_password() {
        assert_eq!(NatsTarget::parse("nats://localhost").expect("valid").0.len(), 1);
        let two = NatsTarget::parse("nats://a:1, tls://me:hunter2@b:2").expect("valid");
        assert_eq!(two.0.len(), 2);
        assert!(!format!("{two:?}").contains("hunter2"));
        for bad in ["", "localhost:4222", "http://localhost", "nats://me:hunter2@[/"] {
            let told = NatsTarget::parse(bad).expect_err(bad);
            assert!(told.contains("nats://HOST:PORT") && !told.contains("hunter2"), "{told}");
        }
    }
}
