//! Misspelt parameter names.

/// Every parameter, as it is spelt.
pub const KNOWN: &[&str] =
    &["appId", "connectionType", "connectionEmail", "connectionKey", "locale", "theme", "target"];

/// Misspellings that the article prints: pages copied them, so they are accepted.
pub const ARTICLE_MISSPELLINGS: &[&str] = &["conenctionEmail", "connectoinEmail"];

/// The known parameter that `name` was probably meant to be.
pub fn suggestion(name: &str) -> Option<&'static str> {
    let squeezed: String = name.chars().filter(|c| *c != '-' && *c != '_').collect();
    KNOWN.iter().copied().filter(|known| *known != name).find(|known| {
        let tolerance = if known.len() > 8 { 2 } else { 1 };
        squeezed.eq_ignore_ascii_case(known) || distance_at_most(name, known, tolerance)
    })
}

/// Whether at most `limit` edits (a letter more, less or other, two neighbours swapped) lead from `a` to `b`.
fn distance_at_most(a: &str, b: &str, limit: usize) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > limit {
        return false;
    }
    let mut before_last: Vec<usize>;
    let mut last: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        before_last = last;
        last = row;
        row = Vec::with_capacity(b.len() + 1);
        row.push(i);
        for j in 1..=b.len() {
            let substitution = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = substitution.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before_last[j - 2] + 1);
            }
            row.push(best);
        }
    }
    row[b.len()] <= limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_recognised() {
        for (name, known) in [
            ("appid", "appId"),
            ("app_id", "appId"),
            ("appID", "appId"),
            ("apId", "appId"),
            ("connectiontype", "connectionType"),
            ("connection_email", "connectionEmail"),
            ("conectionKey", "connectionKey"),
            ("connetcionKey", "connectionKey"),
            ("themes", "theme"),
        ] {
            assert_eq!(suggestion(name), Some(known), "{name}");
        }
    }

    #[test]
    fn other_names_are_left_alone() {
        for name in ["user", "email", "key", "appId", "onReady", "local_time", "", "тема"] {
            assert_eq!(suggestion(name), None, "{name}");
        }
    }
}
