//! The language that the panel speaks: which of those that it has, and the one spoken now.

use crate::text::LANGUAGES;
use std::cell::Cell;

/// A language with its texts. `build.rs` makes them from `locales/`.
pub(crate) struct Language {
    /// Its tag, for `lang`.
    pub(crate) tag: &'static str,
    /// Whether one reads it from right to left.
    pub(crate) is_rtl: bool,
    /// Its texts, parted by line feeds.
    pub(crate) texts: &'static str,
}

impl Language {
    /// Whether the tag's first part, of two letters in all languages here, is this one's.
    fn is_meant_by(&self, tag: &str) -> bool {
        let Some((primary, rest)) = tag.split_at_checked(2) else { return false };
        // Hebrew, as old systems call it.
        let primary = if primary.eq_ignore_ascii_case("iw") { "he" } else { primary };
        // Systems other than browsers write `pt_BR`.
        self.tag[..2].eq_ignore_ascii_case(primary) && matches!(rest.as_bytes(), [] | [b'-' | b'_', ..])
    }
}

/// A language in the kind that somebody wants: Portuguese texts with dates as Portugal writes them.
#[derive(Clone, Copy)]
pub(crate) struct Spoken {
    /// What the texts are in.
    pub(crate) language: &'static Language,
    /// What dates and numbers are written for.
    pub(crate) locale: &'static str,
}

/// English, until something else is chosen.
const DEFAULT: Spoken = Spoken { language: &LANGUAGES[0], locale: "en" };

/// The first wish that can be met, else English. Each is a tag as browsers and pages have it.
pub(crate) fn choose(wishes: &[String]) -> Spoken {
    for wish in wishes {
        if let Some(language) = LANGUAGES.iter().find(|language| language.is_meant_by(wish)) {
            // A page's language is chosen once or twice in its life.
            return Spoken { language, locale: wish.clone().leak() };
        }
    }
    DEFAULT
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

thread_local! {
    static NOW: Cell<(Spoken, Rules)> = const { Cell::new((DEFAULT, PLAIN)) };
}

/// From here on texts are in this language.
pub(crate) fn speak(spoken: Spoken, rules: Rules) {
    NOW.set((spoken, rules));
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
        let texts = NOW.get().0.language.texts.as_bytes();
        let text = texts.split(|byte| *byte == b'\n').nth(place).unwrap_or_default();
        str::from_utf8(text).unwrap_or_default()
    }

    /// A text with arguments, which stand in it as the characters 1, 2…
    pub(crate) fn filled(place: usize, arguments: &[Argument]) -> String {
        fill(plain(place), arguments)
    }

    /// A text with arguments in the plural form that the number asks for.
    pub(crate) fn counted(place: usize, number: u32, arguments: &[Argument]) -> String {
        let (spoken, rules) = NOW.get();
        let form = (rules.form)(spoken.locale, number);
        let form = FORMS.iter().position(|name| *name == form).unwrap_or(FORMS.len());
        // A form that says the same as the last is left out of the table.
        let text = match plain(place + form) {
            "" => plain(place + FORMS.len()),
            text => text,
        };
        fill(text, arguments)
    }

    fn fill(text: &str, arguments: &[Argument]) -> String {
        let (spoken, rules) = NOW.get();
        let [open, close] = if spoken.language.is_rtl { ISOLATE } else { [""; 2] };
        let mut filled = String::new();
        for c in text.chars() {
            match arguments.get((c as usize).wrapping_sub(1)) {
                None => filled.push(c),
                Some(Argument::Number(number)) => filled.push_str(&(rules.number)(spoken.locale, *number)),
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

    fn chosen(wishes: &[&str]) -> (&'static str, &'static str) {
        let wishes: Vec<String> = wishes.iter().map(|wish| String::from(*wish)).collect();
        let spoken = choose(&wishes);
        (spoken.language.tag, spoken.locale)
    }

    fn in_language(tag: &str, form: fn(&str, u32) -> String) {
        speak(choose(&[tag.into()]), Rules { form, number: |_, number| format!("<{number}>") });
    }

    #[test]
    fn the_first_wish_that_can_be_met_counts() {
        assert_eq!(chosen(&["fr"]), ("fr", "fr"));
        assert_eq!(chosen(&["nl", "de-AT", "en"]), ("de", "de-AT"), "a language that is not there");
        assert_eq!(chosen(&["pt-PT"]), ("pt-BR", "pt-PT"), "by the primary subtag, dates in full");
        assert_eq!(chosen(&["pt_BR"]), ("pt-BR", "pt_BR"), "as systems write it");
        assert_eq!(chosen(&["iw"]), ("he", "iw"), "an old name");
        assert_eq!(chosen(&["AR-eg"]), ("ar", "AR-eg"), "whatever the case");
        assert_eq!(chosen(&["ja-JP-u-ca-japanese"]), ("ja", "ja-JP-u-ca-japanese"));
    }

    #[test]
    fn without_a_wish_that_can_be_met_it_is_english() {
        for wishes in
            [&[][..], &["nl"], &[""], &["-"], &["english"], &["e"], &["ж"], &["日本"], &["zh-Hant-TW", "ko"]]
        {
            assert_eq!(chosen(wishes), ("en", "en"), "{wishes:?}");
        }
    }

    #[test]
    fn texts_are_in_the_language_that_is_spoken() {
        assert_eq!(text::close(), "Close", "before any is");
        in_language("de-CH", |_, _| "other".into());
        assert_eq!(text::close(), "Schließen");
        assert_eq!(text::signed_in_as("a@b.c"), "Angemeldet als a@b.c");
        in_language("ja", |_, _| "other".into());
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
        in_language("ar", arabic);
        let told: Vec<String> = [0, 1, 2, 3, 11, 100].map(text::characters_left).into();
        assert_eq!(told[1], "تبقّى حرف واحد");
        assert!(
            told[3].contains("<3> أحرف") && told[4].contains("<11> حرفًا") && told[5].contains("<100> حرف")
        );
        assert!((0..6).all(|n| (n + 1..6).all(|m| told[n] != told[m])), "six forms: {told:?}");
        in_language("de", |_, _| "one".into());
        assert_eq!(text::characters_left(1), "Noch <1> Zeichen", "a form like the last");
        in_language("he", |_, _| "many".into());
        assert_eq!(text::characters_left(20), "נותרו <20> תווים", "a form that old browsers know");
    }

    #[test]
    fn what_is_put_into_a_text_from_right_to_left_keeps_its_order() {
        in_language("he", |_, _| "other".into());
        assert!(text::signed_in_as("ann@example.com").contains("\u{2068}ann@example.com\u{2069}"));
    }
}
