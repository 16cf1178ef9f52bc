//! What the browser knows of languages: plural forms, numbers; and what it is told of ours.

use crate::browser;
use crate::language::{Language, Rules, speak};
use js_sys::{Array, Intl, Number, Object};

/// Plural forms and numbers by the browser's `Intl`.
const RULES: Rules = Rules {
    form: |locale, number| {
        let locales = Array::of1(&locale.into());
        Intl::PluralRules::new(&locales, &Object::new()).select(f64::from(number)).into()
    },
    number: |locale, number| Number::from(number).to_locale_string(locale).into(),
};

/// Speaks a language from here on: texts, and the document's language, which `tag` names, and its direction.
pub(crate) fn set(tag: &str, language: Language) {
    if let Some(root) = browser::root() {
        root.set_lang(tag);
        root.set_dir(if language.is_rtl { "rtl" } else { "ltr" });
    }
    speak(language, RULES);
}
