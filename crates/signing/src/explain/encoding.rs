//! Notations in which a digest may have been written.

use super::Mistake;
use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Digests that `text` may stand for, each with the mistakes of its notation.
pub(super) fn digests(text: &str) -> Vec<(Vec<Mistake>, [u8; 32])> {
    let mut found = Vec::new();
    let plain = undecorated(text);
    let mut mistakes = Vec::new();
    if plain != text {
        mistakes.push(Mistake::Decorated);
    }
    let mut add = |more: &[Mistake], digest: [u8; 32]| found.push(([&mistakes, more].concat(), digest));
    if let Some(digest) = from_hex(plain.as_bytes()) {
        add(&[], digest);
    }
    for bytes in from_base64(&plain) {
        if let Ok(digest) = <[u8; 32]>::try_from(bytes.as_slice()) {
            add(&[Mistake::Base64], digest);
        } else if let Some(digest) = from_hex(&bytes) {
            add(&[Mistake::EncodedTwice], digest);
        }
    }
    if let Some(digest) = hex::decode(&plain).ok().as_deref().and_then(from_hex) {
        add(&[Mistake::EncodedTwice], digest);
    }
    // Bytes taken for Latin-1 text, as JavaScript's "binary" strings and many databases do.
    let latin1: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    if let Some(digest) = latin1.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) {
        found.push((vec![Mistake::Raw], digest));
    }
    found
}

/// Whether `text` is what is left of these bytes when they are taken for UTF-8: what is none is lost.
pub(super) fn is_raw_utf8(text: &str, digest: &[u8; 32]) -> bool {
    text.contains(char::REPLACEMENT_CHARACTER) && String::from_utf8_lossy(digest) == text
}

fn from_hex(text: &[u8]) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    hex::decode_to_slice(text, &mut digest).ok().map(|()| digest)
}

fn from_base64(text: &str) -> Vec<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [&STANDARD, &URL_SAFE]
        .into_iter()
        .filter_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(text).ok())
        .collect()
}

/// Without white space, quotes, `0x` in front, and colons or dashes between pairs of digits.
fn undecorated(text: &str) -> String {
    let inner = text.trim().trim_matches(|c| matches!(c, '"' | '\'' | '`')).trim();
    let inner = inner.strip_prefix("sha256=").unwrap_or(inner);
    let inner = inner.strip_prefix("0x").or_else(|| inner.strip_prefix("0X")).unwrap_or(inner);
    let is_in_pairs = inner.len() == 32 * 3 - 1
        && inner.bytes().skip(2).step_by(3).all(|b| matches!(b, b':' | b'-' | b' '));
    if is_in_pairs { inner.chars().filter(char::is_ascii_hexdigit).collect() } else { inner.to_owned() }
}
