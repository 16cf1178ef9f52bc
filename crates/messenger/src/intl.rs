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
    let set = browser::window().navigator().languages();
    let set = set.iter().filter_map(|tag| tag.as_string());
    let wishes = told.map(Into::into).into_iter().chain(browser::parameter("locale")).chain(set);
    let mut spoken = choose(wishes);
    if !is_known(&spoken.locale) {
        // `Intl` throws at a tag that is malformed.
        spoken.locale = spoken.language.tag.into();
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
