//! What may be attached, decided before anything is sent.

use protocol::wire::AttachmentLimits;

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It has more bytes than this.
    TooLarge(u64),
    /// Files of its type are not taken.
    Type,
    /// It has no bytes; folders look like this too.
    Empty,
}

/// Whether a file of this size and type may be attached.
pub(crate) fn check(limits: &AttachmentLimits, size: f64, content_type: &str) -> Result<(), Refusal> {
    #[expect(clippy::cast_precision_loss, reason = "nobody attaches that much")]
    let most = limits.max_bytes as f64;
    if size < 1.0 {
        Err(Refusal::Empty)
    } else if !limits.content_types.iter().any(|taken| covers(taken, content_type)) {
        Err(Refusal::Type)
    } else if size > most {
        Err(Refusal::TooLarge(limits.max_bytes))
    } else {
        Ok(())
    }
}

/// `image/png` covers itself, `text/*` all of a kind.
fn covers(taken: &str, content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    match taken.strip_suffix('*') {
        Some(kind) => essence
            .as_bytes()
            .get(..kind.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(kind.as_bytes())),
        None => taken.eq_ignore_ascii_case(essence),
    }
}

/// Whether it is a picture that Thread serves as one.
pub(crate) fn is_picture(content_type: &str) -> bool {
    matches!(content_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp")
}

/// A size as people read it: the number, and the unit as `Intl.NumberFormat` calls it.
pub(crate) fn size(bytes: f64) -> (f64, &'static str) {
    if bytes < 1_000.0 {
        (bytes, "byte")
    } else if bytes < 999_500.0 {
        ((bytes / 1e3).round(), "kilobyte")
    } else {
        ((bytes / 1e5).round() / 10.0, "megabyte")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_app_takes_may_be_attached() {
        let limits = AttachmentLimits {
            max_bytes: 10,
            content_types: vec!["image/png".into(), "text/*".into(), "application/pdf".into()],
        };
        for content_type in
            ["image/png", "IMAGE/PNG", "text/plain", "text/csv;charset=utf-8", "application/pdf"]
        {
            assert_eq!(check(&limits, 10.0, content_type), Ok(()), "{content_type}");
        }
        for content_type in ["", "image/svg+xml", "text", "textual/x", "application/pdfx"] {
            assert_eq!(check(&limits, 10.0, content_type), Err(Refusal::Type), "{content_type}");
        }
        assert_eq!(check(&limits, 11.0, "image/png"), Err(Refusal::TooLarge(10)));
        assert_eq!(check(&limits, 0.0, "image/png"), Err(Refusal::Empty));
    }

    #[test]
    fn sizes_are_told_in_the_unit_that_people_would_name() {
        let told = |bytes: f64| {
            let (number, unit) = size(bytes);
            format!("{number} {unit}")
        };
        assert_eq!(told(999.0), "999 byte");
        assert_eq!(told(1_499.0), "1 kilobyte");
        assert_eq!(told(999_499.0), "999 kilobyte");
        assert_eq!(told(999_500.0), "1 megabyte");
        assert_eq!(told(10_485_760.0), "10.5 megabyte");
    }
}
