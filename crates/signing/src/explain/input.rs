//! What may have been taken for the email, and for the secret.

use super::Mistake;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use protocol::secret_scan::SECRET_PREFIX;
use std::fmt::Write as _;

/// Bytes that were used, and the mistakes that led to them.
pub(super) type Variant = (Vec<Mistake>, Vec<u8>);

/// The email, and what it may have become before it was signed (or since, in the page).
pub(super) fn emails(email: &str) -> Vec<Variant> {
    use Mistake::{
        EmailHtmlEncoded, EmailLineEnd, EmailLowerCased, EmailMissing, EmailQuoted, EmailTrimmed,
        EmailUpperCased, EmailUrlEncoded,
    };
    let mut texts: Vec<(Vec<Mistake>, String)> = vec![(vec![], email.to_owned())];
    let mut add = |mistakes: &[Mistake], text: String| {
        if texts.iter().all(|(_, known)| *known != text) {
            texts.push((mistakes.to_vec(), text));
        }
    };
    let trimmed = email.trim();
    add(&[EmailTrimmed], trimmed.to_owned());
    add(&[EmailLowerCased], email.to_lowercase());
    add(&[EmailTrimmed, EmailLowerCased], trimmed.to_lowercase());
    add(&[EmailUpperCased], email.to_uppercase());
    for end in ["\n", "\r\n", " ", "\0"] {
        add(&[EmailLineEnd], format!("{email}{end}"));
    }
    for quote in ["\"", "'"] {
        add(&[EmailQuoted], format!("{quote}{email}{quote}"));
    }
    for escapes in HTML_STYLES {
        add(&[EmailHtmlEncoded], html_encoded(email, escapes));
    }
    add(&[EmailHtmlEncoded], html_decoded(email));
    for kept in URL_STYLES {
        add(&[EmailUrlEncoded], url_encoded(email, kept, false));
        add(&[EmailUrlEncoded], url_encoded(email, kept, true));
    }
    add(&[EmailUrlEncoded], url_decoded(email, true));
    add(&[EmailUrlEncoded], url_decoded(email, false));
    // A `+` that became a space on its way into the page, and back.
    add(&[EmailUrlEncoded], email.replace(' ', "+"));
    add(&[EmailUrlEncoded, EmailLowerCased], url_encoded(&email.to_lowercase(), URL_STYLES[0], false));
    for nothing in ["", "undefined", "null", "None", "nil", "[object Object]"] {
        add(&[EmailMissing], nothing.to_owned());
    }
    let mut variants: Vec<Variant> =
        texts.into_iter().map(|(mistakes, text)| (mistakes, text.into_bytes())).collect();
    add_encodings(&mut variants, email);
    variants
}

/// The secret, and what may have been taken for it.
pub(super) fn secrets(secret: &str) -> Vec<Variant> {
    use Mistake::{SecretDecoded, SecretDecorated, SecretLineEnd, SecretMissing, SecretWithoutPrefix};
    let mut variants: Vec<Variant> = vec![(vec![], secret.into())];
    for end in ["\n", "\r\n", "\r"] {
        variants.push((vec![SecretLineEnd], format!("{secret}{end}").into()));
    }
    for (before, after) in
        [(" ", ""), ("", " "), (" ", " "), ("\"", "\""), ("'", "'"), ("\u{feff}", ""), ("", "\0")]
    {
        variants.push((vec![SecretDecorated], format!("{before}{secret}{after}").into()));
    }
    variants.push((vec![SecretDecorated, SecretLineEnd], format!("\u{feff}{secret}\n").into()));
    variants.push((vec![SecretDecorated, SecretLineEnd], format!("\u{feff}{secret}\r\n").into()));
    if let Some(rest) = secret.strip_prefix(SECRET_PREFIX) {
        variants.push((vec![SecretWithoutPrefix], rest.into()));
        if let Ok(bytes) = URL_SAFE_NO_PAD.decode(rest) {
            variants.push((vec![SecretDecoded], bytes));
        }
    }
    for decoded in [STANDARD_NO_PAD.decode(secret), URL_SAFE_NO_PAD.decode(secret)].into_iter().flatten() {
        variants.push((vec![SecretDecoded], decoded));
    }
    if let Ok(bytes) = hex::decode(secret) {
        variants.push((vec![SecretDecoded], bytes));
    }
    variants.push((vec![SecretMissing], Vec::new()));
    add_encodings(&mut variants, secret);
    variants
}

fn add_encodings(variants: &mut Vec<Variant>, text: &str) {
    variants.push((vec![Mistake::Utf16], text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
    variants.push((vec![Mistake::Utf16], text.encode_utf16().flat_map(u16::to_be_bytes).collect()));
    let latin1: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    if let Some(bytes) = latin1.filter(|bytes| bytes != text.as_bytes()) {
        variants.push((vec![Mistake::Latin1], bytes));
    }
}

/// How the escaping functions of languages write the characters that HTML gives a meaning.
const HTML_STYLES: [&[(char, &str)]; 5] = [
    // PHP's htmlspecialchars.
    &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#039;")],
    // Python's html.escape.
    &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#x27;")],
    // Jinja, Go, Rails, Java.
    &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&#34;"), ('\'', "&#39;")],
    // Go's html/template and ASP.NET escape the plus as well.
    &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&#34;"), ('\'', "&#39;"), ('+', "&#43;")],
    &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#x27;"), ('+', "&#x2B;")],
];

/// Characters beside letters and digits that stay: of encodeURIComponent, PHP's rawurlencode, Python's quote.
const URL_STYLES: [&str; 3] = ["-_.!~*'()", "-_.~", "-_.~/"];

fn html_encoded(text: &str, escapes: &[(char, &str)]) -> String {
    text.chars().fold(String::new(), |mut html, c| {
        match escapes.iter().find(|(special, _)| *special == c) {
            Some((_, escape)) => html.push_str(escape),
            None => html.push(c),
        }
        html
    })
}

fn html_decoded(text: &str) -> String {
    let mut plain = text.to_owned();
    for escapes in HTML_STYLES {
        // The ampersand last: it begins the others.
        for (special, escape) in escapes.iter().rev() {
            plain = plain.replace(escape, &special.to_string());
        }
    }
    plain.replace("&apos;", "'").replace("&#64;", "@").replace("&commat;", "@")
}

fn url_encoded(text: &str, kept: &str, plus_for_space: bool) -> String {
    text.bytes().fold(String::new(), |mut url, byte| {
        if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) {
            url.push(char::from(byte));
        } else if plus_for_space && byte == b' ' {
            url.push('+');
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
        url
    })
}

fn url_decoded(text: &str, plus_is_space: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail.first_chunk::<2>()) {
            (b'%', Some(digits)) if digits.iter().all(u8::is_ascii_hexdigit) => {
                let mut byte = [0];
                if hex::decode_to_slice(digits, &mut byte).is_ok() {
                    bytes.extend(byte);
                }
                rest = &tail[2..];
            }
            (b'+', _) if plus_is_space => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_those_of_the_languages() {
        assert_eq!(html_encoded("o'neil&co", HTML_STYLES[0]), "o&#039;neil&amp;co");
        assert_eq!(html_decoded("o&#039;neil&amp;co+o&#x27;s"), "o'neil&co+o's");
        assert_eq!(url_encoded("ann+it@x.com", URL_STYLES[0], false), "ann%2Bit%40x.com");
        assert_eq!(url_decoded("ann%2Bit%40x.com+%zz%", true), "ann+it@x.com %zz%");
        assert_eq!(url_decoded("ann+it@x.com", true), "ann it@x.com");
    }
}
