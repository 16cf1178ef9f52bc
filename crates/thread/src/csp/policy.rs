//! A policy's text, taken apart as browsers do (CSP Level 3).

/// Headers that carry a policy.
const HEADERS: [&str; 2] = ["content-security-policy-report-only", "content-security-policy"];

/// Policies of a text, at the most.
pub const MAX_POLICIES: usize = 16;
/// Directives of a text, at the most, those of all its policies together.
pub const MAX_DIRECTIVES: usize = 64;

/// More than any page has, so that nobody has it read for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// More than [`MAX_POLICIES`].
    #[error("This has more than {MAX_POLICIES} policies (a comma separates them). Check fewer at a time.")]
    Policies,
    /// More than [`MAX_DIRECTIVES`].
    #[error("This has more than {MAX_DIRECTIVES} directives. Check fewer at a time.")]
    Directives,
}

/// One policy. A page may have several, and each has to allow a thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    directives: Vec<Directive>,
    /// It only reports, and forbids nothing.
    pub report_only: bool,
}

/// A directive with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// In lower case.
    pub name: String,
    /// As they were written.
    pub values: Vec<String>,
}

impl Directive {
    /// Whether a keyword is there: `'strict-dynamic'`, with its quotes.
    pub fn has(&self, keyword: &str) -> bool {
        self.values.iter().any(|value| value.eq_ignore_ascii_case(keyword))
    }
}

impl Policy {
    /// The directive of this name.
    pub fn directive(&self, name: &str) -> Option<&Directive> {
        self.directives.iter().find(|directive| directive.name == name)
    }

    /// All directives, in order; of two with the same name the first counts.
    pub fn directives(&self) -> &[Directive] {
        &self.directives
    }

    /// The first of these directives that is there: the one that decides.
    pub fn first_of(&self, names: &[&str]) -> Option<&Directive> {
        names.iter().find_map(|name| self.directive(name))
    }
}

/// Reads what somebody has pasted: header lines with or without their name, a `<meta>` tag, or the value alone. A comma
/// separates policies, as in a header that was sent twice.
///
/// # Errors
/// If there are more policies or directives than a page has.
pub fn parse(text: &str) -> Result<Vec<Policy>, TooMuch> {
    let mut policies = Vec::new();
    let mut directives_left = MAX_DIRECTIVES;
    for (value, report_only) in header_values(text) {
        for part in value.split(',') {
            let policy = parse_one(part, report_only, &mut directives_left)?;
            if policy.directives.is_empty() {
                continue;
            }
            if policies.len() == MAX_POLICIES {
                return Err(TooMuch::Policies);
            }
            policies.push(policy);
        }
    }
    Ok(policies)
}

fn parse_one(text: &str, report_only: bool, directives_left: &mut usize) -> Result<Policy, TooMuch> {
    let mut policy = Policy { report_only, ..Policy::default() };
    for part in text.split(';') {
        let mut words = part.split_ascii_whitespace();
        let Some(name) = words.next() else { continue };
        *directives_left = directives_left.checked_sub(1).ok_or(TooMuch::Directives)?;
        let name = name.to_ascii_lowercase();
        if policy.directive(&name).is_none() {
            policy.directives.push(Directive { name, values: words.map(str::to_owned).collect() });
        }
    }
    Ok(policy)
}

/// The values of the headers in a text, each with whether it only reports.
fn header_values(text: &str) -> Vec<(String, bool)> {
    if let Some(content) = meta_content(text) {
        return vec![(content, false)];
    }
    let mut values: Vec<(String, bool)> = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        let named = HEADERS.iter().enumerate().find_map(|(index, name)| {
            let (head, rest) = line.split_at_checked(name.len())?;
            let value = rest.trim_start().strip_prefix(':')?;
            head.eq_ignore_ascii_case(name).then(|| (value.trim().to_owned(), index == 0))
        });
        match (named, values.last_mut()) {
            (Some(value), _) => values.push(value),
            // Long policies are pasted over several lines.
            (None, Some((value, _))) => {
                value.push(' ');
                value.push_str(line);
            }
            (None, None) => values.push((line.to_owned(), false)),
        }
    }
    values
}

/// `content` of a `<meta http-equiv="Content-Security-Policy" content="…">`.
fn meta_content(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let tag = lower.find("<meta")?;
    let at = tag + lower[tag..].find("content=")? + "content=".len();
    // `http-equiv="Content-Security-Policy"` ends in no `content=`, so this is the attribute.
    let rest = &text[at..];
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = rest[1..].split(quote).next()?;
    Some(value.replace("&#39;", "'").replace("&#x27;", "'").replace("&quot;", "\"").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_read_however_it_was_pasted() {
        let value = "Script-Src 'self' https://a.example; connect-src *";
        let expected = parse(value).expect("few");
        assert_eq!(expected.len(), 1);
        assert_eq!(
            expected[0].directive("script-src").expect("there").values,
            ["'self'", "https://a.example"]
        );
        for text in [
            format!("Content-Security-Policy: {value}"),
            format!("content-security-policy:{value}\n"),
            "Script-Src 'self'\n   https://a.example;\n connect-src *;".to_owned(),
            format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{value}\">"),
            "<META HTTP-EQUIV='Content-Security-Policy' CONTENT=\"script-src &#39;self&#39; https://a.example; connect-src *\">".to_owned(),
        ] {
            assert_eq!(parse(&text).as_ref(), Ok(&expected), "{text}");
        }
    }

    #[test]
    fn several_policies_stay_apart_and_the_first_of_two_directives_counts() {
        let policies = parse(
            "Content-Security-Policy: default-src 'self', script-src 'none'; script-src *\n\
             Content-Security-Policy-Report-Only: img-src 'none'",
        )
        .expect("few");
        assert_eq!(policies.len(), 3);
        assert_eq!(policies[1].directive("script-src").expect("there").values, ["'none'"]);
        assert_eq!(policies.iter().map(|p| p.report_only).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(parse(" \n;;"), Ok(Vec::new()));
    }

    #[test]
    fn more_than_a_page_has_is_not_read() {
        let policies = |count: usize| parse(&"img-src *,".repeat(count)).map(|policies| policies.len());
        assert_eq!(policies(MAX_POLICIES), Ok(MAX_POLICIES));
        assert_eq!(policies(MAX_POLICIES + 1), Err(TooMuch::Policies));
        let directives = |count: usize| {
            let names: Vec<String> = (0..count).map(|index| format!("d{index};")).collect();
            parse(&names.concat()).map(|policies| policies[0].directives().len())
        };
        assert_eq!(directives(MAX_DIRECTIVES), Ok(MAX_DIRECTIVES));
        assert_eq!(directives(MAX_DIRECTIVES + 1), Err(TooMuch::Directives));
        assert_eq!(
            parse(&"img-src *;".repeat(MAX_DIRECTIVES + 1)),
            Err(TooMuch::Directives),
            "repeated ones, too"
        );
    }
}
