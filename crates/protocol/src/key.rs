//! The shape of a connection key. Whether it is genuine only Thread can say.

/// Digits of a hex HMAC-SHA256.
pub const MAC_HEX_LEN: usize = 64;
/// First characters of a v2 key.
pub const V2_PREFIX: &str = "v2.";

/// A well-formed connection key, taken apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ConnectionKeyShape<'a> {
    /// The article's: 64 hexadecimal digits, either case.
    V1 {
        /// HMAC-SHA256 of the email, in hex.
        mac_hex: &'a str,
    },
    /// `v2.<expires>.<nonce>.<mac>`: short-lived and bound to one app.
    V2 {
        /// Unix time in seconds after which the key is refused.
        expires: u64,
        /// 16 to 64 characters of `A-Za-z0-9_-`.
        nonce: &'a str,
        /// HMAC-SHA256 in hex.
        mac_hex: &'a str,
    },
}

impl<'a> ConnectionKeyShape<'a> {
    /// Takes a key apart; `None` if it has neither shape.
    pub fn parse(key: &'a str) -> Option<Self> {
        let Some(rest) = key.strip_prefix(V2_PREFIX) else {
            return is_mac_hex(key).then_some(Self::V1 { mac_hex: key });
        };
        let (expires, rest) = split_at_dot(rest)?;
        let (nonce, mac_hex) = split_at_dot(rest)?;
        let well_formed = !expires.is_empty()
            && expires.len() <= 12
            && expires.bytes().all(|b| b.is_ascii_digit())
            && (expires == "0" || !expires.starts_with('0'))
            && (16..=64).contains(&nonce.len())
            && nonce.bytes().all(is_base64url)
            && is_mac_hex(mac_hex);
        if !well_formed {
            return None;
        }
        Some(Self::V2 { expires: expires.parse().ok()?, nonce, mac_hex })
    }
}

/// Not `split_once`, whose searcher would cost the widget a kilobyte.
fn split_at_dot(text: &str) -> Option<(&str, &str)> {
    let dot = text.bytes().position(|b| b == b'.')?;
    Some((&text[..dot], &text[dot + 1..]))
}

fn is_mac_hex(text: &str) -> bool {
    text.len() == MAC_HEX_LEN && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether `byte` is a character of base64url.
pub(crate) fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAC: &str = "a984b8a6a95175da1e4b06800d4af74547abea6912d3193a3d39f8b18428b88c";

    #[test]
    fn both_versions_are_recognised() {
        assert!(ConnectionKeyShape::parse(MAC) == Some(ConnectionKeyShape::V1 { mac_hex: MAC }));
        assert!(ConnectionKeyShape::parse(&MAC.to_uppercase()).is_some());
        let v2 = format!("v2.1893456000.3q2-7wAAAAAAAAAAAAAAAA.{MAC}");
        assert!(
            ConnectionKeyShape::parse(&v2)
                == Some(ConnectionKeyShape::V2 {
                    expires: 1_893_456_000,
                    nonce: "3q2-7wAAAAAAAAAAAAAAAA",
                    mac_hex: MAC
                })
        );
    }

    #[test]
    fn other_shapes_are_not_keys() {
        for key in [
            String::new(),
            "XXXXXXXX".into(),
            MAC[1..].into(),
            format!("{MAC}0"),
            format!(" {MAC}"),
            MAC.replace('a', "g"),
            "qYS4pqlRddoeSwaADUr3RUer6mkS0xk6PTn4sYQouIw=".into(),
            format!("v2.{MAC}"),
            format!("v2.1893456000.short.{MAC}"),
            format!("v2.1893456000.{}.{MAC}", "n".repeat(65)),
            format!("v2.1893456000.with a space in it.{MAC}"),
            format!("v2.-1.3q2-7wAAAAAAAAAAAAAAAA.{MAC}"),
            format!("v2.01893456000.3q2-7wAAAAAAAAAAAAAAAA.{MAC}"),
            format!("v2.99999999999999999999999.3q2-7wAAAAAAAAAAAAAAAA.{MAC}"),
            format!("v2.1893456000.3q2-7wAAAAAAAAAAAAAAAA.{MAC}.x"),
        ] {
            assert!(ConnectionKeyShape::parse(&key).is_none(), "{key}");
        }
    }
}
