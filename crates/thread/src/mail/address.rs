//! Which addresses a mail may go to: stricter than what a connection key may name.

use lettre::Address;
use protocol::Email;
use std::fmt;

/// RFC 5321, section 4.5.3.1.1.
const MAX_LOCAL_BYTES: usize = 64;
/// RFC 5321, section 4.5.3.1.3, less the brackets.
const MAX_ADDRESS_BYTES: usize = 254;

/// An address that a mail server takes; the domain is in its ASCII form.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress(Address);

/// The text is no address that mail can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an address that mail can be sent to, like ann@shop.example")]
pub struct MailAddressError;

impl MailAddress {
    /// Takes the *normalised* address, so that the mail reaches whoever the session will be of.
    ///
    /// # Errors
    /// If it is too long, quoted, or has a character that headers or envelopes give a meaning to.
    pub fn of(email: &Email) -> Result<Self, MailAddressError> {
        Self::from_identity(&email.identity())
    }

    /// The same, from [`Email::identity`].
    ///
    /// # Errors
    /// As above.
    pub fn from_identity(identity: &str) -> Result<Self, MailAddressError> {
        let (local, domain) = identity.split_once('@').ok_or(MailAddressError)?;
        let has_empty_part = local.split('.').any(str::is_empty);
        if local.len() > MAX_LOCAL_BYTES || has_empty_part || !local.chars().all(is_plain) {
            return Err(MailAddressError);
        }
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| MailAddressError)?;
        let last = domain.rsplit('.').next().unwrap_or_default();
        let is_host = domain.contains('.') && !last.is_empty() && !last.bytes().all(|b| b.is_ascii_digit());
        if !is_host || local.len() + 1 + domain.len() > MAX_ADDRESS_BYTES {
            return Err(MailAddressError);
        }
        Address::new(local, domain).map(Self).map_err(|_| MailAddressError)
    }

    /// The address, for envelope and header.
    pub fn as_address(&self) -> &Address {
        &self.0
    }
}

/// Redacted: addresses stay out of logs.
impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailAddress(…)")
    }
}

/// `atext` of RFC 5322 and the dot, and letters of all countries (RFC 6531), without what is not seen.
fn is_plain(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-.".contains(c);
    }
    let is_invisible = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}');
    !is_invisible && !c.is_whitespace() && !c.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<String, MailAddressError> {
        let email = Email::parse(text).map_err(|_| MailAddressError)?;
        MailAddress::of(&email).map(|address| address.as_address().to_string())
    }

    #[test]
    fn addresses_of_many_countries_can_be_written_to() {
        for (text, address) in [
            ("Ann@Shop.example", "ann@shop.example"),
            (" ann.o'neil+it@example.co.uk ", "ann.o'neil+it@example.co.uk"),
            ("josé@exämple.de", "josé@xn--exmple-cua.de"),
            ("用户@例子.公司", "用户@xn--fsqu00a.xn--55qx5d"),
        ] {
            assert_eq!(of(text).as_deref(), Ok(address), "{text}");
        }
    }

    #[test]
    fn a_look_alike_of_a_letter_is_written_to_as_it_is() {
        assert_eq!(of("mi\u{212a}e@shop.example").as_deref(), Ok("mi\u{212a}e@shop.example"));
    }

    #[test]
    fn what_headers_or_envelopes_give_a_meaning_to_is_refused() {
        let long_local = format!("{}@x.example", "a".repeat(65));
        let long = format!("a@{}.example", ["a".repeat(60).as_str(); 5].join("."));
        for text in [
            "ann@x.example\r\nBcc: eve@x.example",
            "ann@x.example\nBcc: eve@x.example",
            "\"ann\r\nBcc: eve\"@x.example",
            "ann\u{2028}bcc@x.example",
            "ann@x.example>\u{b}RCPT",
            "ann,eve@x.example",
            "ann;eve@x.example",
            "<ann@x.example>",
            "ann(comment)@x.example",
            "\"ann eve\"@x.example",
            "ann\\@x.example",
            ".ann@x.example",
            "ann.@x.example",
            "an..n@x.example",
            "an\u{200b}n@x.example",
            "an\u{202e}n@x.example",
            "ann@x",
            "ann@[127.0.0.1]",
            "ann@127.0.0.1",
            "ann@-x.example",
            "ann@x_y.example",
            "ann@x..example",
            "ann@x.example.",
            "ann@x .example",
            &long_local,
            &long,
        ] {
            assert_eq!(of(text), Err(MailAddressError), "{text:?}");
        }
    }
}
