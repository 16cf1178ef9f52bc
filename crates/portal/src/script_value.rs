//! Values in an inline script.

use askama::filters::HtmlSafe;
use std::fmt::{self, Write as _};

/// A text as a JavaScript string that can stand inside `<script>`.
///
/// HTML escaping is wrong there, for a browser does not undo it in a script; JSON alone is not enough, for
/// `</script>` in a string ends the script. So: JSON, with `<`, `>`, `&` and the two line separators that
/// JavaScript once took for line ends written as `\uXXXX`.
pub(crate) struct ScriptValue<'a>(pub &'a str);

impl fmt::Display for ScriptValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string(self.0).map_err(|_| fmt::Error)?;
        for c in json.chars() {
            match c {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => write!(f, "\\u{:04x}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Askama leaves it as it is: it is already fit for where it stands.
impl HtmlSafe for ScriptValue<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_values_stay_readable() {
        assert_eq!(ScriptValue("foo@bar.com").to_string(), "\"foo@bar.com\"");
        assert_eq!(ScriptValue("https://a.b/widget.js").to_string(), "\"https://a.b/widget.js\"");
    }

    #[test]
    fn nothing_ends_the_script_or_the_string() {
        assert_eq!(
            ScriptValue("\"</script><!--&\\\u{2028}\u{2029}\n").to_string(),
            r#""\"\u003c/script\u003e\u003c!--\u0026\\\u2028\u2029\n""#
        );
    }

    proptest! {
        #[test]
        fn any_text_comes_back_and_has_no_markup(text in any::<String>()) {
            let script = ScriptValue(&text).to_string();
            prop_assert_eq!(serde_json::from_str::<String>(&script).expect("JSON"), text);
            let dangerous = ['<', '>', '&', '\u{2028}', '\u{2029}', '\n', '\r'];
            prop_assert!(!script.contains(dangerous), "{}", script);
        }
    }
}
