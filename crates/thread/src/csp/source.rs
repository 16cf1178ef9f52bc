//! Source expressions: whether one allows an address.

use url::Url;

/// Whether any of these values allows `url` by scheme, host, port and path. Keywords, nonces and hashes do not count.
pub(super) fn allow(values: &[String], url: &Url, page: Option<&Url>) -> bool {
    values.iter().any(|value| matches(value, url, page))
}

fn matches(value: &str, url: &Url, page: Option<&Url>) -> bool {
    if value == "*" {
        return matches!(url.scheme(), "http" | "https" | "ws" | "wss")
            || page.is_some_and(|page| page.scheme() == url.scheme());
    }
    if value.eq_ignore_ascii_case("'self'") {
        return page.is_some_and(|page| page.origin() == url.origin());
    }
    if value.starts_with('\'') {
        return false;
    }
    if let Some(scheme) = value.strip_suffix(':') {
        return scheme_matches(&scheme.to_ascii_lowercase(), url.scheme());
    }
    let (scheme, rest) = match value.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
        None => (None, value),
    };
    let scheme_fits = match &scheme {
        Some(scheme) => scheme_matches(scheme, url.scheme()),
        // Without a scheme it is the page's, or its safer form.
        None => page.is_none_or(|page| scheme_matches(page.scheme(), url.scheme())),
    };
    let (authority, path) = rest.split_once('/').map_or((rest, None), |(a, p)| (a, Some(p)));
    scheme_fits && authority_matches(authority, scheme.as_deref(), url) && path_matches(path, url.path())
}

/// `http:` allows `https:` too.
fn scheme_matches(allowed: &str, scheme: &str) -> bool {
    allowed == scheme
        || matches!(
            (allowed, scheme),
            ("ws", "wss" | "http" | "https") | ("http" | "wss", "https") | ("https", "wss")
        )
}

fn authority_matches(authority: &str, scheme: Option<&str>, url: &Url) -> bool {
    let (host, port) = match authority.rsplit_once(':') {
        // A colon inside of brackets belongs to an IPv6 address.
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let Some(actual) = url.host_str() else { return false };
    let host = host.to_ascii_lowercase();
    let host_fits = match host.strip_prefix("*.") {
        Some(parent) => actual.strip_suffix(parent).is_some_and(|before| before.ends_with('.')),
        None => host == "*" || host == actual,
    };
    let port_fits = match port {
        Some("*") => true,
        Some(port) => {
            let actual = url.port_or_known_default().map(|port| port.to_string());
            // `http://x:80` allows the safer `https://x:443` too.
            actual.as_deref() == Some(port) || (port == "80" && actual.as_deref() == Some("443"))
        }
        None => url.port().is_none() || default_port(scheme) == url.port(),
    };
    host_fits && port_fits
}

fn default_port(scheme: Option<&str>) -> Option<u16> {
    match scheme? {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// A path that ends in `/` allows all below it, another exactly itself.
fn path_matches(path: Option<&str>, actual: &str) -> bool {
    let actual = actual.strip_prefix('/').unwrap_or(actual);
    match path {
        None | Some("") => true,
        Some(path) if path.ends_with('/') => actual.starts_with(path),
        Some(path) => actual == path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(value: &str, url: &str) -> bool {
        let page = Url::parse("https://portal.example/account").expect("valid");
        matches(value, &Url::parse(url).expect("valid"), Some(&page))
    }

    #[test]
    fn sources_match_as_in_a_browser() {
        for (value, url) in [
            ("https://thread.example", "https://thread.example/widget.js"),
            ("HTTPS://Thread.Example", "https://thread.example/widget.js"),
            ("http://thread.example", "https://thread.example/widget.js"),
            ("thread.example", "https://thread.example/widget.js"),
            ("*.example", "https://thread.example/widget.js"),
            ("https://*.thread.example", "https://eu.thread.example/x"),
            ("https:", "https://thread.example/x"),
            ("*", "https://thread.example/x"),
            ("thread.example:*", "https://thread.example:8443/x"),
            ("https://thread.example:443", "https://thread.example/x"),
            ("http://thread.example:80", "https://thread.example/x"),
            ("https://thread.example/", "https://thread.example/widget.js"),
            ("https://thread.example/v/", "https://thread.example/v/1/widget.js"),
            ("https://thread.example/widget.js", "https://thread.example/widget.js"),
            ("'self'", "https://portal.example/widget.js"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/widget.js"),
            ("http://[::1]:8080", "http://[::1]:8080/widget.js"),
        ] {
            assert!(allows(value, url), "{value} {url}");
        }
        for (value, url) in [
            ("https://thread.example", "http://thread.example/widget.js"),
            ("https://thread.example", "https://thread.example:8443/widget.js"),
            ("https://thread.example", "https://eu.thread.example/widget.js"),
            ("*.thread.example", "https://thread.example/widget.js"),
            ("*.thread.example", "https://evilthread.example/widget.js"),
            ("https://thread.example/widget.js", "https://thread.example/v1/sessions"),
            ("https://thread.example/v", "https://thread.example/v/1/widget.js"),
            ("'self'", "https://thread.example/widget.js"),
            ("self", "https://portal.example/widget.js"),
            ("'none'", "https://thread.example/widget.js"),
            ("data:", "https://thread.example/widget.js"),
            ("thread.example", "http://thread.example/widget.js"),
        ] {
            assert!(!allows(value, url), "{value} {url}");
        }
    }
}
