//! What the launcher says, in the panel's languages. The panel has its own texts.

/// The words of one language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words {
    /// First two letters of the language's tag.
    pub language: &'static str,
    /// Accessible name of launcher and panel; the browser adds whether the panel is open.
    pub support: &'static str,
    /// Stands before a number of messages. No plural is needed so.
    unread: &'static str,
}

const fn words(language: &'static str, support: &'static str, unread: &'static str) -> Words {
    Words { language, support, unread }
}

/// English first: it is what is left.
const LANGUAGES: [Words; 8] = [
    words("en", "Support", "unread"),
    words("es", "Soporte", "sin leer"),
    words("fr", "Assistance", "non lus"),
    words("de", "Support", "ungelesen"),
    words("pt", "Suporte", "não lidas"),
    words("ar", "الدعم", "غير مقروءة"),
    words("he", "תמיכה", "לא נקראו"),
    words("ja", "サポート", "未読"),
];

impl Words {
    /// Those of a language tag such as `pt-BR`; in English if there are none.
    pub fn of(tag: &str) -> Self {
        let matches = |words: &&Self| {
            let bytes = tag.as_bytes();
            bytes.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(words.language.as_bytes()))
                && bytes.get(2).is_none_or(|next| !next.is_ascii_alphanumeric())
        };
        *LANGUAGES.iter().find(matches).unwrap_or(&LANGUAGES[0])
    }

    /// Accessible name of the launcher.
    pub fn launcher_label(self, unread: u32) -> String {
        match unread {
            0 => self.support.into(),
            count => [self.support, ", ", self.unread, ": ", &digits(count)].concat(),
        }
    }
}

/// What the badge shows: nothing for none, and no more than two digits.
pub fn badge(unread: u32) -> String {
    match unread {
        0 => String::new(),
        1..=99 => digits(unread),
        _ => "99+".into(),
    }
}

/// Not `to_string`, which brings the formatting machinery along: 1 KB of the widget's 34.
fn digits(number: u32) -> String {
    let mut text = String::new();
    let mut place = 1_000_000_000;
    while place > 0 {
        let digit = number / place % 10;
        if digit > 0 || !text.is_empty() || place == 1 {
            text.extend(char::from_digit(digit, 10));
        }
        place /= 10;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_usual() {
        for number in [0, 1, 9, 10, 99, 100, 1_005, u32::MAX] {
            assert_eq!(digits(number), number.to_string());
        }
    }

    #[test]
    fn the_badge_has_two_digits_at_the_most() {
        assert_eq!([0, 1, 99, 100].map(badge), ["", "1", "99", "99+"]);
    }

    #[test]
    fn the_label_counts_unread_messages() {
        assert_eq!(Words::of("en").launcher_label(0), "Support");
        assert_eq!(Words::of("de-AT").launcher_label(1), "Support, ungelesen: 1");
        assert_eq!(Words::of("JA").launcher_label(12), "サポート, 未読: 12");
    }

    #[test]
    fn a_language_without_words_has_those_of_english() {
        for tag in ["", "x", "nl", "est", "de_DE", "日本語"] {
            let expected = if tag == "de_DE" { "de" } else { "en" };
            assert_eq!(Words::of(tag).language, expected, "{tag}");
        }
    }
}
