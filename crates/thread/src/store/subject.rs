//! What a service request is called.

use protocol::conversation::Attachment;

/// The first words, or the name of the first file where there are none.
pub(super) fn subject_of(body: &str, files: &[Attachment]) -> String {
    match files.first() {
        Some(file) if body.trim().is_empty() => subject(&file.name),
        _ => subject(body),
    }
}

/// The first words of the first line that has any: 80 characters at the most, cut between words where possible.
fn subject(body: &str) -> String {
    const MAX_CHARS: usize = 80;
    let line = body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut subject = String::new();
    for word in line.split_whitespace() {
        let space = usize::from(!subject.is_empty());
        if subject.chars().count() + space + word.chars().count() > MAX_CHARS {
            if subject.is_empty() {
                subject.extend(word.chars().take(MAX_CHARS - 1));
            }
            subject.push('…');
            return subject;
        }
        if space == 1 {
            subject.push(' ');
        }
        subject.push_str(word);
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::subject;

    #[test]
    fn a_subject_is_the_first_words() {
        assert_eq!(subject("  My order\tis late.  \nSince Monday."), "My order is late.");
        assert_eq!(subject("\n\n second line"), "second line");
        let long = subject(&"word ".repeat(40));
        assert!(long.ends_with("word…") && long.chars().count() <= 81, "{long}");
        assert_eq!(subject(&"é".repeat(500)).chars().count(), 80);
    }
}
