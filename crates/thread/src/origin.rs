//! Web origins: scheme, host and port, in the form that browsers send.

use std::fmt;
use url::{Host, Url};

/// An origin as browsers serialise it: lower case, punycode, no default port. `https://shop.example`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

/// Why a text is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Not an address at all, or one without a host.
    #[error(
        "is not an origin: give scheme, host and port as the browser shows them, like https://shop.example"
    )]
    NotAnAddress,
    /// A scheme that pages do not have.
    #[error("must begin with https:// or http://")]
    Scheme,
    /// More than an origin.
    #[error("must end after host and port: without path, query, user or wildcard; did you mean {0}?")]
    TooMuch(String),
}

impl Origin {
    /// Takes scheme, host and port; a single `/` at the end is forgiven.
    ///
    /// # Errors
    /// An [`OriginError`] that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let url = Url::parse(text).map_err(|_| OriginError::NotAnAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OriginError::Scheme);
        }
        let host = url.host_str().ok_or(OriginError::NotAnAddress)?;
        // Characters that mean something in a policy's list of origins are in no real host.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
        if !host.chars().all(is_plain) {
            return Err(OriginError::NotAnAddress);
        }
        let origin = url.origin().ascii_serialization();
        let has_more = url.path() != "/"
            || url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
            || url.password().is_some();
        if has_more { Err(OriginError::TooMuch(origin)) } else { Ok(Self(origin)) }
    }

    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is on this machine: `localhost`, `127.0.0.1`, `[::1]`.
    pub fn is_loopback(&self) -> bool {
        let url = Url::parse(&self.0).ok();
        url.as_ref().and_then(Url::host).is_some_and(|host| match host {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        })
    }

    /// The same host's WebSocket origin: `wss://…` for `https://…`.
    pub fn websocket(&self) -> String {
        self.0.replacen("http", "ws", 1)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_take_the_form_that_browsers_send() {
        for (text, origin) in [
            ("https://shop.example", "https://shop.example"),
            ("HTTPS://Shop.Example:443/", "https://shop.example"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("https://münchen.example", "https://xn--mnchen-3ya.example"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(Origin::parse(text).expect(text).as_str(), origin);
        }
    }

    #[test]
    fn what_is_no_origin_is_explained() {
        assert_eq!(Origin::parse("shop.example"), Err(OriginError::NotAnAddress));
        assert_eq!(Origin::parse("null"), Err(OriginError::NotAnAddress));
        for text in
            ["https://*.shop.example", "https://a;b.example", "https://a,b.example", "https://a'b.example"]
        {
            assert_eq!(Origin::parse(text), Err(OriginError::NotAnAddress), "{text}");
        }
        assert_eq!(Origin::parse("ftp://shop.example"), Err(OriginError::Scheme));
        for text in [
            "https://shop.example/app",
            "https://shop.example?x",
            "https://me@shop.example",
            "https://shop.example/#x",
        ] {
            assert_eq!(
                Origin::parse(text),
                Err(OriginError::TooMuch("https://shop.example".into())),
                "{text}"
            );
        }
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        for text in ["http://localhost:1", "http://a.localhost", "http://127.0.0.2", "http://[::1]:8080"] {
            assert!(Origin::parse(text).expect(text).is_loopback(), "{text}");
        }
        for text in ["https://thread.example", "http://localhost.example", "http://10.0.0.1"] {
            assert!(!Origin::parse(text).expect(text).is_loopback(), "{text}");
        }
    }

    #[test]
    fn the_websocket_form_keeps_host_and_port() {
        assert_eq!(Origin::parse("https://t.example").expect("valid").websocket(), "wss://t.example");
        assert_eq!(Origin::parse("http://127.0.0.1:1").expect("valid").websocket(), "ws://127.0.0.1:1");
    }
}
