//! What the launcher says. The panel has its own texts.

/// Accessible name of the launcher.
pub fn launcher_label(open: bool, unread: u32) -> String {
    let name = if open { "Close support chat" } else { "Open support chat" };
    match unread {
        0 => name.into(),
        1 => [name, ", 1 unread message"].concat(),
        count => [name, ", ", &digits(count), " unread messages"].concat(),
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

/// Accessible name of the iframe.
pub const FRAME_TITLE: &str = "Support chat";

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
        assert_eq!(launcher_label(false, 0), "Open support chat");
        assert_eq!(launcher_label(false, 1), "Open support chat, 1 unread message");
        assert_eq!(launcher_label(true, 12), "Close support chat, 12 unread messages");
    }
}
