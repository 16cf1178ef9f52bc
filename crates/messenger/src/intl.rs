//! What the browser knows of languages: wishes, plural forms, numbers; and what it is told of ours.

use crate::browser;
use crate::language::{Rules, Spoken, choose, speak};
use crate::time::is_known;
use js_sys::{Array, Intl, Number, Object};

/// Plural forms and numbers by the browser's `Intl`.
const RULES: Rules = Rules {
    form: |locale, number| {
        let locales = Array::of1(&locale.into());
        Intl::PluralRules::new(&locales, &Object::new()).select(f64::from(number)).into()
    },
    number: |locale, number| Number::from(number).to_locale_string(locale).into(),
};

/// The language for this page, of those that we have: as the widget says, which knows the portal's page; as
/// the address says, where a portal has the panel in a frame of its own; as the browser is set.
pub(crate) fn choose_for(told: Option<&str>) -> Spoken {
    let mut wishes = Vec::new();
    for wish in [told.map(String::from), browser::parameter("locale")] {
        wishes.extend(wish);
    }
    let set = browser::window().navigator().languages();
    for n in 0..set.length() {
        if let Some(tag) = set.get(n).as_string() {
            wishes.push(tag);
        }
    }
    let mut spoken = choose(&wishes);
    if !is_known(spoken.locale) {
        // Malformed, as `pt_BR` is: `Intl` throws at it.
        spoken.locale = spoken.language.tag;
    }
    spoken
}

/// Speaks it from here on: texts, and the document's language and direction.
pub(crate) fn set(spoken: Spoken) {
    if let Some(root) = browser::root() {
        root.set_lang(spoken.language.tag);
        root.set_dir(if spoken.language.is_rtl { "rtl" } else { "ltr" });
    }
    speak(spoken, RULES);
}
