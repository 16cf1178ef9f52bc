//! A policy's text, taken apart as browsers do (CSP Level 3).

/// Headers that carry a policy.
const HEADERS: [&str; 2] = ["content-security-policy-report-only", "content-security-policy"];

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
pub fn parse(text: &str) -> Vec<Policy> {
    header_values(text)
        .iter()
        .flat_map(|(value, report_only)| {
            value.split(',').map(|part| parse_one(part, *report_only)).filter(|p| !p.directives.is_empty())
        })
        .collect()
}

fn parse_one(text: &str, report_only: bool) -> Policy {
    let mut policy = Policy { report_only, ..Policy::default() };
    for part in text.split(';') {
        let mut words = part.split_ascii_whitespace();
        let Some(name) = words.next() else { continue };
        let name = name.to_ascii_lowercase();
        if policy.directive(&name).is_none() {
            policy.directives.push(Directive { name, values: words.map(str::to_owned).collect() });
        }
    }
    policy
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
        let expected = parse(value);
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
            assert_eq!(parse(&text), expected, "{text}");
        }
    }

    #[test]
    fn several_policies_stay_apart_and_the_first_of_two_directives_counts() {
        let policies = parse(
            "Content-Security-Policy: default-src 'self', script-src 'none'; script-src *\n\
             Content-Security-Policy-Report-Only: img-src 'none'",
        );
        assert_eq!(policies.len(), 3);
        assert_eq!(policies[1].directive("script-src").expect("there").values, ["'none'"]);
        assert_eq!(policies.iter().map(|p| p.report_only).collect::<Vec<_>>(), [false, false, true]);
        assert!(parse(" \n;;").is_empty());
    }
}
