//! The portal's pages.

use askama::Template;
use askama::filters::HtmlSafe;
use std::fmt::{self, Write as _};

#[derive(Template)]
#[template(path = "login.html")]
pub struct LoginPage {
    pub refused: bool,
}

/// The page with the messenger; without a key in it, it asks for one whenever it needs one.
#[derive(Template)]
#[template(path = "home.html")]
pub struct HomePage<'a> {
    pub app_id: &'a str,
    pub email: &'a str,
    pub widget_url: &'a str,
    pub key: Option<&'a str>,
}

/// A text as JavaScript that may stand in a script: neither `</script>` nor `<!--` can end it.
///
/// HTML escaping, which a template does by itself, would be wrong: a browser does not undo it in a script.
pub struct ScriptValue<'a>(pub &'a str);

impl fmt::Display for ScriptValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in serde_json::to_string(self.0).map_err(|_| fmt::Error)?.chars() {
            match c {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => write!(f, "\\u{:04x}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

impl HtmlSafe for ScriptValue<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_script_or_the_string() {
        let hostile = "\"</script><!--&'\\\u{2028}\u{2029}\nzoë";
        let script = ScriptValue(hostile).to_string();
        assert_eq!(serde_json::from_str::<String>(&script).expect("JSON"), hostile);
        assert!(!script.contains(['<', '>', '&', '\u{2028}', '\u{2029}', '\n']), "{script}");
        let page =
            HomePage { app_id: "app", email: hostile, widget_url: "https://t/widget.js", key: Some("k") };
        let page = page.render().expect("renders");
        assert!(page.contains(&script) && page.matches("</script").count() == 1, "{page}");
    }
}
