//! Addresses in a text.

/// What becomes a link; nothing else does, `javascript:` least of all.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];
/// Ends a sentence rather than an address.
const CLOSING: [char; 14] = ['.', ',', ';', ':', '!', '?', '\'', '"', ')', ']', '}', '»', '…', '。'];

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Shown as it is.
    Text(&'a str),
    /// Shown as it is, and leads there.
    Link(&'a str),
}

/// The parts of a text, in order; joined they are the text.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut done, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        // Not within a word of the same script: Japanese has no space before it.
        let begins = at == 0 || !text.as_bytes()[at - 1].is_ascii_alphanumeric();
        let length = if begins { link(rest) } else { 0 };
        if length > 0 {
            if done < at {
                pieces.push(Piece::Text(&text[done..at]));
            }
            pieces.push(Piece::Link(&rest[..length]));
            done = at + length;
            at = done;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    if done < text.len() {
        pieces.push(Piece::Text(&text[done..]));
    }
    pieces
}

/// Length of the address that a text begins with; 0 if it begins with none.
fn link(text: &str) -> usize {
    let is_scheme = |scheme: &&str| {
        text.as_bytes().get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()))
    };
    let Some(scheme) = SCHEMES.into_iter().find(is_scheme) else { return 0 };
    let end = text.find(ends_address).unwrap_or(text.len());
    let mut address = &text[..end];
    while let Some(last) = address.chars().next_back().filter(|last| CLOSING.contains(last)) {
        // Wikipedia's addresses have brackets, and they come in pairs.
        let opened = address.bytes().filter(|b| *b == b'(').count();
        if last == ')' && opened >= address.bytes().filter(|b| *b == b')').count() {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    let target = address.get(scheme.len()..).unwrap_or_default();
    let is_target = target.starts_with(|first: char| !first.is_ascii_punctuation() || first == '[')
        && (scheme != "mailto:" || target.contains('@'));
    if is_target { address.len() } else { 0 }
}

/// White space, quotes, angle brackets; and what turns the direction of writing, to show another address.
fn ends_address(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\0'..=' ' | '\u{7f}'..='\u{9f}' | '<' | '>' | '"' | '`' | '\\' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn links(text: &str) -> Vec<&str> {
        pieces(text)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Link(link) => Some(link),
                Piece::Text(_) => None,
            })
            .collect()
    }

    #[test]
    fn addresses_are_found_without_the_sentence_around_them() {
        for (text, link) in [
            ("see https://x.org/a?b=c#d.", "https://x.org/a?b=c#d"),
            ("(http://x.org)", "http://x.org"),
            ("https://en.wikipedia.org/wiki/A_(b)", "https://en.wikipedia.org/wiki/A_(b)"),
            ("(https://en.wikipedia.org/wiki/A_(b)).", "https://en.wikipedia.org/wiki/A_(b)"),
            ("HTTPS://X.org!?", "HTTPS://X.org"),
            ("mailto:ann@x.com, please", "mailto:ann@x.com"),
            ("\"https://x.org/\"", "https://x.org/"),
            ("<https://x.org>", "https://x.org"),
            ("詳細はhttps://例え.jp/道。", "https://例え.jp/道"),
            ("https://例え.jp/道。", "https://例え.jp/道"),
            ("https://[::1]:80/", "https://[::1]:80/"),
            ("https://x.org/\u{202e}gro.y", "https://x.org/"),
        ] {
            assert_eq!(links(text).first().copied().unwrap_or_default(), link, "{text}");
        }
        assert_eq!(links("https://a.b http://c.d"), ["https://a.b", "http://c.d"]);
    }

    #[test]
    fn nothing_else_is_a_link() {
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc",
            "https://",
            "http:// x.org",
            "xhttps://x.org",
            "mailto:",
            "mailto:nobody",
            "https://<b>",
            "ftp://x.org",
            "java\nscript:alert(1)",
            "//x.org",
            "https://.",
        ] {
            assert!(links(text).is_empty(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in "([a-z(). \u{e9}<]|https://|mailto:|@){0,40}") {
            let joined: String = pieces(&text).into_iter().map(|(Piece::Text(t) | Piece::Link(t))| t).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
