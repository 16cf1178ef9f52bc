//! The language that the page speaks. Its script chooses it and fetches its texts: `www/shared/language.js`.

use std::cell::Cell;

/// A language in the kind that somebody wants: Portuguese texts with dates as Portugal writes them.
#[derive(Clone, Copy)]
pub(crate) struct Language {
    /// What dates and numbers are written for; `Intl` takes it.
    pub(crate) locale: &'static str,
    /// Whether one reads it from right to left.
    pub(crate) is_rtl: bool,
    /// Its texts, parted by line feeds; `build.rs` makes them from `locales/`.
    pub(crate) texts: &'static str,
}

/// What `Intl` knows of a locale.
#[derive(Clone, Copy)]
pub(crate) struct Rules {
    /// The plural form of a number: `one`, `few`…
    pub(crate) form: fn(&str, u32) -> String,
    /// A number as the locale writes it.
    pub(crate) number: fn(&str, u32) -> String,
}

/// English without a browser.
const PLAIN: Rules = Rules {
    form: |_, number| if number == 1 { "one" } else { "other" }.into(),
    number: |_, number| number.to_string(),
};

#[cfg(not(test))]
const FIRST: Language = Language { locale: "en", is_rtl: false, texts: "" };
#[cfg(test)]
const FIRST: Language =
    Language { locale: "en", is_rtl: false, texts: include_str!(concat!(env!("OUT_DIR"), "/agent-en.txt")) };

thread_local! {
    static NOW: Cell<(Language, Rules)> = const { Cell::new((FIRST, PLAIN)) };
}

/// From here on texts are in this language.
pub(crate) fn speak(language: Language, rules: Rules) {
    NOW.set((language, rules));
}

/// What dates and numbers are written for now.
pub(crate) fn locale() -> &'static str {
    NOW.get().0.locale
}

/// Texts as they stand in the tables, in the language spoken now.
pub(crate) mod speech {
    use super::NOW;

    /// The plural forms in the order of the tables; where the number is none of these, the last place holds.
    const FORMS: [&str; 5] = ["zero", "one", "two", "few", "many"];
    /// Between these a text of whatever direction leaves the order of the words around it as it is.
    const ISOLATE: [&str; 2] = ["\u{2068}", "\u{2069}"];

    /// What is put into a text.
    pub(crate) enum Argument<'a> {
        Text(&'a str),
        Number(u32),
    }

    /// A text without arguments.
    #[inline(never)]
    pub(crate) fn plain(place: usize) -> &'static str {
        // By bytes, and in one place: a search for a character is much more code.
        let texts = NOW.get().0.texts.as_bytes();
        let text = texts.split(|byte| *byte == b'\n').nth(place).unwrap_or_default();
        str::from_utf8(text).unwrap_or_default()
    }

    /// A text with arguments, which stand in it as the characters 1, 2…
    pub(crate) fn filled(place: usize, arguments: &[Argument]) -> String {
        fill(plain(place), arguments)
    }

    /// A text with arguments in the plural form that the number asks for.
    pub(crate) fn counted(place: usize, number: u32, arguments: &[Argument]) -> String {
        let (language, rules) = NOW.get();
        let form = (rules.form)(language.locale, number);
        let form = FORMS.iter().position(|name| *name == form).unwrap_or(FORMS.len());
        // A form that says the same as the last is left out of the table.
        let text = match plain(place + form) {
            "" => plain(place + FORMS.len()),
            text => text,
        };
        fill(text, arguments)
    }

    fn fill(text: &str, arguments: &[Argument]) -> String {
        let (language, rules) = NOW.get();
        let [open, close] = if language.is_rtl { ISOLATE } else { [""; 2] };
        let mut filled = String::new();
        for c in text.chars() {
            match arguments.get((c as usize).wrapping_sub(1)) {
                None => filled.push(c),
                Some(Argument::Number(number)) => filled.push_str(&(rules.number)(language.locale, *number)),
                Some(Argument::Text(words)) => {
                    for part in [open, words, close] {
                        filled.push_str(part);
                    }
                }
            }
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    macro_rules! texts {
        ($tag:literal) => {
            include_str!(concat!(env!("OUT_DIR"), "/agent-", $tag, ".txt"))
        };
    }

    fn in_language(locale: &'static str, texts: &'static str, form: fn(&str, u32) -> String) {
        let is_rtl = matches!(locale, "ar" | "he");
        speak(Language { locale, is_rtl, texts }, Rules { form, number: |_, number| format!("<{number}>") });
    }

    #[test]
    fn texts_are_in_the_language_that_is_spoken() {
        assert_eq!(text::close(), "Close", "before any is");
        assert_eq!(text::agent::key_label(), "API key", "behind those of the panel");
        in_language("de-CH", texts!("de"), |_, _| "other".into());
        assert_eq!(text::close(), "Schließen");
        assert_eq!(text::signed_in_as("a@b.c"), "Angemeldet als a@b.c");
        in_language("ja", texts!("ja"), |_, _| "other".into());
        assert_eq!(text::characters_left(1), "残り <1> 文字");
    }

    #[test]
    fn the_number_decides_on_the_form() {
        let arabic = |_: &str, number: u32| {
            String::from(match number {
                0 => "zero",
                1 => "one",
                2 => "two",
                3..=10 => "few",
                11..=99 => "many",
                _ => "other",
            })
        };
        in_language("ar", texts!("ar"), arabic);
        let told: Vec<String> = [0, 1, 2, 3, 11, 100].map(text::characters_left).into();
        assert_eq!(told[1], "تبقّى حرف واحد");
        assert!(
            told[3].contains("<3> أحرف") && told[4].contains("<11> حرفًا") && told[5].contains("<100> حرف")
        );
        assert!((0..6).all(|n| (n + 1..6).all(|m| told[n] != told[m])), "six forms: {told:?}");
        in_language("de", texts!("de"), |_, _| "one".into());
        assert_eq!(text::characters_left(1), "Noch <1> Zeichen", "a form like the last");
        in_language("he", texts!("he"), |_, _| "many".into());
        assert_eq!(text::characters_left(20), "נותרו <20> תווים", "a form that old browsers know");
    }

    #[test]
    fn what_is_put_into_a_text_from_right_to_left_keeps_its_order() {
        in_language("he", texts!("he"), |_, _| "other".into());
        assert!(text::signed_in_as("ann@example.com").contains("\u{2068}ann@example.com\u{2069}"));
    }
}
