//! Whose address a request counts for.

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr};

const FORWARDED_FOR: &str = "x-forwarded-for";

/// What limits count by: an IPv4 address, or the /64 of an IPv6 address (one customer has at least that).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientKey(IpAddr);

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
        let listed: Vec<&str> = headers
            .get_all(FORWARDED_FOR)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for text in listed.into_iter().rev() {
            // Written by a trusted proxy or not, what is no address ends the walk.
            let Ok(ip) = text.trim().parse::<IpAddr>() else { break };
            client = ip.to_canonical();
            if !is_trusted(client) {
                break;
            }
        }
    }
    ClientKey(match client {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn key(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(value).expect("valid"));
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
    fn one_customer_is_one_key() {
        assert_eq!(key("2001:db8:1:2:3:4:5:6", &[], &[]), "2001:db8:1:2::");
        assert_eq!(key("::ffff:203.0.113.9", &[], &[]), "203.0.113.9");
    }
}
