//! Where webhooks may go: what an app's operator types must not become a way into the provider's own network.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

const MAX_URL_BYTES: usize = 2_048;

/// Not of the public internet, by IANA's registries of special addresses.
const NOT_PUBLIC_V4: [Ipv4Net; 15] = [
    Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 8),
    Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8),
    Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 0, 0), 10),
    Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8),
    Ipv4Net::new_assert(Ipv4Addr::new(169, 254, 0, 0), 16),
    Ipv4Net::new_assert(Ipv4Addr::new(172, 16, 0, 0), 12),
    Ipv4Net::new_assert(Ipv4Addr::new(192, 0, 0, 0), 24),
    Ipv4Net::new_assert(Ipv4Addr::new(192, 0, 2, 0), 24),
    Ipv4Net::new_assert(Ipv4Addr::new(192, 88, 99, 0), 24),
    Ipv4Net::new_assert(Ipv4Addr::new(192, 168, 0, 0), 16),
    Ipv4Net::new_assert(Ipv4Addr::new(198, 18, 0, 0), 15),
    Ipv4Net::new_assert(Ipv4Addr::new(198, 51, 100, 0), 24),
    Ipv4Net::new_assert(Ipv4Addr::new(203, 0, 113, 0), 24),
    Ipv4Net::new_assert(Ipv4Addr::new(224, 0, 0, 0), 4),
    Ipv4Net::new_assert(Ipv4Addr::new(240, 0, 0, 0), 4),
];
/// All public IPv6 addresses are in here …
const PUBLIC_V6: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
/// … but for these: protocol assignments (Teredo among them), documentation, segment routing.
const NOT_PUBLIC_V6: [Ipv6Net; 3] = [
    Ipv6Net::new_assert(Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    Ipv6Net::new_assert(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    Ipv6Net::new_assert(Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];
/// These carry an IPv4 address, which is what counts.
const NAT64: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);
const SIX_TO_FOUR: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16);

/// A webhook's address: `https:`, or `http:` to this machine, without credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(Url);

impl WebhookUrl {
    /// Reads an address.
    ///
    /// # Errors
    /// A sentence that explains.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim())
            .map_err(|_| "must be an address like https://tickets.example/hooks/thread".to_owned())?;
        if url.as_str().len() > MAX_URL_BYTES {
            return Err(format!("may have {MAX_URL_BYTES} bytes at the most"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not hold a name or password: requests are signed, see docs/API.md".to_owned());
        }
        if url.fragment().is_some() {
            return Err("must not have a fragment (#…): it would never be sent".to_owned());
        }
        match (url.scheme(), url.host()) {
            ("https", Some(_)) => Ok(Self(url)),
            ("http", Some(host)) if is_this_machine(&host) => Ok(Self(url)),
            ("http", Some(_)) => {
                Err("must begin with https:// (http:// is for this machine alone, as in development)"
                    .to_owned())
            }
            _ => Err("must begin with https://".to_owned()),
        }
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The IP address, where the address names one itself.
    pub fn ip(&self) -> Option<IpAddr> {
        match self.0.host()? {
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(ip.into()),
            Host::Domain(_) => None,
        }
    }

    /// Scheme, host and port: what a log may hold, since a path or query may hold a token.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookUrl({}, …)", self.origin())
    }
}

fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
    }
}

/// Which addresses may be connected to: those of the public internet, and what the operator of Thread allowed.
#[derive(Clone, Debug, Default)]
pub struct NetworkPolicy {
    allowed: Vec<IpNet>,
}

impl NetworkPolicy {
    /// With these networks beside the public internet.
    pub const fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed }
    }

    /// Whether this address may be connected to.
    pub fn allows(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.allowed.iter().any(|net| net.contains(&ip)) || is_public(ip)
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !NOT_PUBLIC_V4.iter().any(|net| net.contains(&ip)),
        IpAddr::V6(ip) => match embedded(ip) {
            Some(inner) => is_public(inner.into()),
            None => PUBLIC_V6.contains(&ip) && !NOT_PUBLIC_V6.iter().any(|net| net.contains(&ip)),
        },
    }
}

fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let octets = ip.octets();
    let at =
        |start: usize| Ipv4Addr::new(octets[start], octets[start + 1], octets[start + 2], octets[start + 3]);
    if NAT64.contains(&ip) {
        Some(at(12))
    } else if SIX_TO_FOUR.contains(&ip) {
        Some(at(2))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_or_explained() {
        for good in [
            "https://tickets.example/hooks?tenant=1",
            "https://tickets.example:8443",
            "http://localhost:9000/x",
            "http://127.0.0.1:9000",
            "http://[::1]:9000",
        ] {
            assert!(WebhookUrl::parse(good).is_ok(), "{good}");
        }
        for (bad, hint) in [
            ("", "like https://"),
            ("tickets.example/hooks", "like https://"),
            ("http://tickets.example", "https://"),
            ("ftp://tickets.example", "https://"),
            ("file:///etc/passwd", "https://"),
            ("https://user:pass@tickets.example", "name or password"),
            ("https://tickets.example/#part", "fragment"),
        ] {
            let said = WebhookUrl::parse(bad).expect_err(bad);
            assert!(said.contains(hint), "{bad}: {said}");
        }
        assert!(WebhookUrl::parse(&format!("https://x.example/{}", "a".repeat(3_000))).is_err());
    }

    #[test]
    fn an_ip_address_is_known_in_whatever_spelling() {
        for text in ["https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1", "https://127.0.0.1."] {
            let ip = WebhookUrl::parse(text).expect("an address").ip();
            assert_eq!(ip, Some(Ipv4Addr::LOCALHOST.into()), "{text}");
        }
    }

    #[test]
    fn only_public_addresses_are_allowed_unless_told() {
        let none = NetworkPolicy::default();
        for ip in ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"] {
            assert!(none.allows(ip.parse().expect("an address")), "{ip}");
        }
        for ip in [
            "127.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.100.200",
            "192.0.0.192",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "::127.0.0.1",
        ] {
            assert!(!none.allows(ip.parse().expect("an address")), "{ip}");
        }
        let some = NetworkPolicy::new(vec!["10.0.0.0/8".parse().expect("a network")]);
        assert!(some.allows("10.1.2.3".parse().expect("an address")));
        assert!(some.allows("::ffff:10.1.2.3".parse().expect("an address")));
        assert!(!some.allows("127.0.0.1".parse().expect("an address")));
    }
}
