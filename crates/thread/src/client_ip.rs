//! Whose address a request counts for.

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// What proxies tell the client's address by, each adding the one it sees at the end.
pub const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Its standard form (RFC 7239), which few proxies write: it is not read.
pub const FORWARDED: HeaderName = HeaderName::from_static("forwarded");

/// What others write instead: it is not read.
pub const REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// What limits count by: an IPv4 address, or the /64 of an IPv6 address (one customer has at least that).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientKey(IpAddr);

impl ClientKey {
    /// Of this address.
    pub fn of(ip: IpAddr) -> Self {
        Self(match ip.to_canonical() {
            IpAddr::V4(ip) => IpAddr::V4(ip),
            IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
        })
    }
}

impl std::fmt::Display for ClientKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The client behind trusted proxies: the rightmost address of `X-Forwarded-For` that is not one of them. Without a
/// trusted peer the header is whatever the client wrote, and is not read.
pub fn client_key(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> ClientKey {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip));
    let mut client = peer.to_canonical();
    if is_trusted(client) {
        // Bytes, since the client may have put anything before what the proxies added.
        let listed: Vec<&[u8]> = headers
            .get_all(FORWARDED_FOR)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
            .collect();
        for entry in listed.into_iter().rev() {
            // Written by a trusted proxy or not, what is no address ends the walk.
            let Some(ip) = parse_entry(entry) else { break };
            client = ip.to_canonical();
            if !is_trusted(client) {
                break;
            }
        }
    }
    ClientKey::of(client)
}

/// An address; some proxies write the port too, and IPv6 in brackets.
fn parse_entry(entry: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(entry).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn key(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_bytes(value.as_bytes()).expect("valid"));
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().expect("valid")).collect();
        client_key(peer.parse().expect("valid"), &headers, &trusted).0.to_string()
    }

    #[test]
    fn the_header_counts_only_from_a_trusted_proxy() {
        assert_eq!(key("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(key("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(key("10.0.0.1", &["198.51.100.1"], &["10.0.0.0/8"]), "198.51.100.1");
    }

    #[test]
    fn what_the_client_wrote_itself_is_not_believed() {
        assert_eq!(key("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"], &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(key("10.0.0.1", &["1.1.1.1", "198.51.100.1"], &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(key("10.0.0.1", &["1.1.1.1, nonsense"], &["10.0.0.0/8"]), "10.0.0.1");
    }

    #[test]
    fn of_many_hops_the_last_that_is_no_proxy_of_ours_counts() {
        let ours = &["10.0.0.0/8", "2001:db8:ffff::/48"];
        let hops = |forwarded: &[&str]| key("10.0.0.1", forwarded, ours);
        assert_eq!(hops(&["198.51.100.1, 10.0.0.3, 2001:db8:ffff::7, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(hops(&["198.51.100.1, 203.0.113.5, 10.0.0.2"]), "203.0.113.5", "a proxy that is not ours");
        assert_eq!(hops(&["10.0.0.7, 10.0.0.2"]), "10.0.0.7", "a client in our own network");
        assert_eq!(hops(&[]), "10.0.0.1");
        assert_eq!(hops(&["", " , "]), "10.0.0.1");
        assert_eq!(
            hops(&["café, 198.51.100.1"]),
            "198.51.100.1",
            "what the client put in front hides nothing"
        );
    }

    #[test]
    fn ports_and_brackets_are_left_out() {
        for (entry, client) in [
            ("198.51.100.1:4711", "198.51.100.1"),
            ("[2001:db8::1]:4711", "2001:db8::"),
            ("[2001:db8::1]", "2001:db8::"),
            ("198.51.100.1:port", "10.0.0.1"),
            ("unknown", "10.0.0.1"),
            ("_hidden", "10.0.0.1"),
        ] {
            assert_eq!(key("10.0.0.1", &[entry], &["10.0.0.0/8"]), client, "{entry}");
        }
    }

    #[test]
    fn one_customer_is_one_key() {
        assert_eq!(key("2001:db8:1:2:3:4:5:6", &[], &[]), "2001:db8:1:2::");
        assert_eq!(key("::ffff:203.0.113.9", &[], &[]), "203.0.113.9");
    }
}
