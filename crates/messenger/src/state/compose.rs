//! What may be sent of a text that somebody typed.

use protocol::wire::MAX_MESSAGE_CHARS;

/// From here on the characters that are left are shown.
const WARN_CHARS: usize = MAX_MESSAGE_CHARS - 500;

/// What a draft is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Draft {
    /// Nothing but white space.
    Empty,
    /// Can be sent as it is here, without white space around it.
    Ready(String),
    /// Has this many characters more than a message may have.
    TooLong(usize),
}

/// Looks at what was typed.
pub(crate) fn check(typed: &str) -> Draft {
    let text = typed.trim();
    let chars = text.chars().count();
    if chars == 0 {
        Draft::Empty
    } else if chars > MAX_MESSAGE_CHARS {
        Draft::TooLong(chars - MAX_MESSAGE_CHARS)
    } else {
        Draft::Ready(text.into())
    }
}

/// Characters that are left, where few are: negative when it is too many.
pub(crate) fn left(typed: &str) -> Option<isize> {
    // A character has one byte at least: short texts, which is all but every one, need no counting.
    if typed.len() < WARN_CHARS {
        return None;
    }
    let chars = typed.trim().chars().count();
    (chars >= WARN_CHARS).then(|| MAX_MESSAGE_CHARS.cast_signed() - chars.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_no_message() {
        assert_eq!(check(" \n\t "), Draft::Empty);
        assert_eq!(check("  a\n b \n"), Draft::Ready("a\n b".into()));
    }

    #[test]
    fn length_is_counted_in_characters() {
        let most = "é".repeat(MAX_MESSAGE_CHARS);
        assert_eq!(check(&most), Draft::Ready(most.clone()));
        assert_eq!(check(&format!("{most}abc")), Draft::TooLong(3));
    }

    #[test]
    fn the_rest_is_shown_near_the_end_only() {
        assert_eq!(left(&"é".repeat(WARN_CHARS - 1)), None);
        assert_eq!(left(&"é".repeat(WARN_CHARS)), Some(500));
        assert_eq!(left(&"é".repeat(MAX_MESSAGE_CHARS + 2)), Some(-2));
    }
}
