//! Email addresses: a plausible shape, and the identity behind the spelling.

use core::fmt;

/// Longest address that is accepted, in bytes of UTF-8 (RFC 5321: 64 for the local part, 255 for the domain).
pub const MAX_BYTES: usize = 320;

/// An email address of plausible shape, exactly as it was sent.
///
/// A connection key is made over these exact bytes; [`Email::identity`] is whom they name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailError {
    /// Nothing, or white space only.
    Empty,
    /// More than [`MAX_BYTES`].
    TooLong,
    /// Not exactly one `@` with something on both sides.
    NotAnAddress,
    /// White space or a control character inside.
    ForbiddenCharacter,
}

impl EmailError {
    /// What was found, to follow the field's name: "has no @ …".
    pub const fn found(self) -> &'static str {
        match self {
            Self::Empty => "is empty",
            Self::TooLong => "is longer than 320 bytes",
            Self::NotAnAddress => "does not have the shape name@domain",
            Self::ForbiddenCharacter => "has white space or a control character inside",
        }
    }
}

impl Email {
    /// Takes a text of plausible shape: white space around it is kept, since the key covers it.
    ///
    /// # Errors
    /// An [`EmailError`] that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.len() > MAX_BYTES {
            return Err(EmailError::TooLong);
        }
        if trimmed.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(EmailError::ForbiddenCharacter);
        }
        // One `@`, with something on both sides.
        let mut at_signs = trimmed.bytes().enumerate().filter(|&(_, b)| b == b'@');
        match (at_signs.next(), at_signs.next()) {
            (Some((at, _)), None) if at > 0 && at + 1 < trimmed.len() => Ok(Self(text.into())),
            _ => Err(EmailError::NotAnAddress),
        }
    }

    /// The address as it was sent: what a connection key signs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The normalised address (trimmed, case folded): who it is. `Ann@X.com` and `ann@x.com` are one contact.
    ///
    /// A letter is folded only on to the other half of its own pair. Unicode's lower case would also turn signs that
    /// are letters of other mailboxes into common ones (the Kelvin sign into `k`, the Ångström sign into `å`), and so
    /// hand one person's conversations to another.
    pub fn identity(&self) -> String {
        self.0.trim().chars().map(fold).collect()
    }
}

/// The lower-case half of the pair that `letter` is the upper-case half of; any other character is itself.
fn fold(letter: char) -> char {
    if letter.is_ascii() {
        return letter.to_ascii_lowercase();
    }
    let mut lower = letter.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(small), None) if small.to_uppercase().eq([letter]) => small,
        _ => letter,
    }
}

/// Redacted: addresses are personal data and stay out of logs.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_of_many_countries_are_plausible() {
        for text in [
            "foo@bar.com",
            " foo@bar.com",
            "ann.o'neil+it@example.co.uk",
            "josé@exämple.de",
            "用户@例子.公司",
            "a@b",
        ] {
            assert_eq!(Email::parse(text).map(|e| e.as_str().to_owned()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_address_is_named() {
        for (text, error) in [
            ("", EmailError::Empty),
            ("  ", EmailError::Empty),
            ("foo", EmailError::NotAnAddress),
            ("@bar.com", EmailError::NotAnAddress),
            ("foo@", EmailError::NotAnAddress),
            ("a@b@c", EmailError::NotAnAddress),
            ("a b@c", EmailError::ForbiddenCharacter),
            ("a@b\r\nBcc: x@y", EmailError::ForbiddenCharacter),
            ("a\0@b", EmailError::ForbiddenCharacter),
        ] {
            assert_eq!(Email::parse(text).unwrap_err(), error, "{text:?}");
        }
        assert_eq!(Email::parse(&format!("{}@b", "a".repeat(320))).unwrap_err(), EmailError::TooLong);
    }

    #[test]
    fn spellings_of_one_address_are_one_identity() {
        let identity = |text: &str| Email::parse(text).expect("plausible").identity();
        assert_eq!(identity("Ann@X.com"), identity("  ann@x.COM "));
        assert_eq!(identity("JOSÉ@EXÄMPLE.DE"), "josé@exämple.de");
        assert_ne!(identity("ann@x.com"), identity("anne@x.com"));
    }

    #[test]
    fn look_alikes_of_a_letter_are_other_mailboxes() {
        let identity = |text: &str| Email::parse(text).expect("plausible").identity();
        // Kelvin, Ångström and Ohm sign, capital theta symbol, sharp s, dotted I, title-case dz, final sigma.
        for (sign, letter) in [
            ('\u{212a}', 'k'),
            ('\u{212b}', 'å'),
            ('\u{2126}', 'ω'),
            ('\u{3f4}', 'θ'),
            ('\u{1e9e}', 'ß'),
            ('\u{130}', 'i'),
            ('\u{1c5}', 'ǆ'),
            ('ς', 'σ'),
        ] {
            assert_ne!(identity(&format!("{sign}@x.com")), identity(&format!("{letter}@x.com")), "{sign}");
            assert_ne!(identity(&format!("a@{sign}.com")), identity(&format!("a@{letter}.com")), "{sign}");
        }
        assert_eq!(identity("ΣΑΣ@x.com"), "σασ@x.com", "wherever a letter stands, it is folded alike");
    }

    #[test]
    fn at_most_the_two_halves_of_a_pair_become_one() {
        let mut capitals = std::collections::HashMap::<char, char>::new();
        for letter in ('\0'..=char::MAX).filter(|&letter| fold(letter) != letter) {
            let small = fold(letter);
            assert_eq!(fold(small), small, "{letter}");
            assert_eq!(capitals.insert(small, letter), None, "{letter} and another are {small}");
        }
        assert_eq!(capitals[&'k'], 'K');
    }

    #[test]
    fn debug_output_hides_the_address() {
        assert_eq!(format!("{:?}", Email::parse("ann@x.com").expect("plausible")), "Email(…)");
    }

    proptest! {
        #[test]
        fn identity_is_stable(text in "\\PC{1,20}@\\PC{1,20}") {
            if let Ok(email) = Email::parse(&text)
                && let Ok(again) = Email::parse(&email.identity())
            {
                prop_assert_eq!(again.identity(), email.identity());
            }
        }
    }
}
