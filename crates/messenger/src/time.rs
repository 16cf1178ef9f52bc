//! Dates and times, by the platform's own `Intl`.

use crate::state::rows::Moment;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

const MINUTE_MS: f64 = 60_000.0;
const HOUR_MS: f64 = 60.0 * MINUTE_MS;
const DAY_MS: f64 = 24.0 * HOUR_MS;

/// A span up to now, in the unit that people would name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ago {
    /// Less than a minute, or a clock that goes wrong.
    Now,
    /// So many of these units, as `Intl.RelativeTimeFormat` calls them.
    Units(f64, &'static str),
    /// A week and more: the date says more than the span.
    Long,
}

/// How long ago something was.
pub(crate) fn ago(then_ms: f64, now_ms: f64) -> Ago {
    let span = now_ms - then_ms;
    if span.is_nan() || span < MINUTE_MS {
        Ago::Now
    } else if span < HOUR_MS {
        Ago::Units((span / MINUTE_MS).floor(), "minute")
    } else if span < DAY_MS {
        Ago::Units((span / HOUR_MS).floor(), "hour")
    } else if span < 7.0 * DAY_MS {
        Ago::Units((span / DAY_MS).floor(), "day")
    } else {
        Ago::Long
    }
}

/// Now, in milliseconds since 1970.
pub(crate) fn now_ms() -> f64 {
    Date::now()
}

/// Reads a time of Thread's, RFC 3339; not a number if it is none.
pub(crate) fn parse(rfc3339: &str) -> f64 {
    Date::parse(rfc3339)
}

/// A moment in the user's time zone.
pub(crate) fn moment(ms: f64) -> Moment {
    let date = Date::new(&JsValue::from_f64(ms));
    // The calendar day counts only as long as it differs from its neighbours.
    let day =
        date.get_full_year().cast_signed() * 372 + (date.get_month() * 31 + date.get_date()).cast_signed();
    Moment { ms, day, hour: date.get_hours() }
}

/// Writes dates and times in one language.
#[derive(Clone)]
pub(crate) struct Clock {
    time: Function,
    weekday: Function,
    date: Function,
    relative: Intl::RelativeTimeFormat,
}

impl Clock {
    /// A clock in this language, a tag that `Intl` takes.
    pub(crate) fn new(locale: &str) -> Self {
        let locales = Array::of1(&locale.into());
        let format =
            |members: &[(&str, &str)]| Intl::DateTimeFormat::new(&locales, &options(members)).format();
        Self {
            time: format(&[("hour", "numeric"), ("minute", "2-digit")]),
            weekday: format(&[("weekday", "long")]),
            date: format(&[("day", "numeric"), ("month", "short")]),
            relative: Intl::RelativeTimeFormat::new(
                &locales,
                &options(&[("numeric", "auto"), ("style", "short")]),
            ),
        }
    }

    /// `14:05`.
    pub(crate) fn time(&self, at: Moment) -> String {
        call(&self.time, at.ms)
    }

    /// `today`, `yesterday`, `Monday` or `3 Jun`, as the language says it.
    pub(crate) fn day(&self, at: Moment, now_ms: f64) -> String {
        let today = moment(now_ms);
        let yesterday = moment(now_ms - DAY_MS);
        if at.day == today.day {
            self.relative(0.0, "day")
        } else if at.day == yesterday.day {
            self.relative(-1.0, "day")
        } else if (0.0..6.0 * DAY_MS).contains(&(now_ms - at.ms)) {
            call(&self.weekday, at.ms)
        } else {
            call(&self.date, at.ms)
        }
    }

    /// `now`, `5 min. ago`, `3 days ago` or the date.
    pub(crate) fn ago(&self, then_ms: f64, now_ms: f64) -> String {
        match ago(then_ms, now_ms) {
            Ago::Now => self.relative(0.0, "second"),
            Ago::Units(count, unit) => self.relative(-count, unit),
            Ago::Long => call(&self.date, then_ms),
        }
    }

    fn relative(&self, value: f64, unit: &str) -> String {
        self.relative.format(value, unit).into()
    }
}

/// A file's size as the language writes it: `12 kB`.
pub(crate) fn file_size(locale: &str, bytes: f64) -> String {
    let (number, unit) = crate::attach::size(bytes);
    let options = options(&[("style", "unit"), ("unit", unit), ("unitDisplay", "short")]);
    let format = Intl::NumberFormat::new(&Array::of1(&locale.into()), &options);
    call(&format.format(), number)
}

fn call(format: &Function, ms: f64) -> String {
    format.call1(&JsValue::UNDEFINED, &ms.into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn options(members: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in members {
        // Setting a member of a fresh object cannot fail.
        let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_the_unit_that_people_would_name() {
        let told = |span: f64| ago(1e12, 1e12 + span);
        assert_eq!(told(-5.0 * HOUR_MS), Ago::Now, "a clock that is behind");
        assert_eq!(told(59_999.0), Ago::Now);
        assert_eq!(told(MINUTE_MS), Ago::Units(1.0, "minute"));
        assert_eq!(told(HOUR_MS - 1.0), Ago::Units(59.0, "minute"));
        assert_eq!(told(DAY_MS - 1.0), Ago::Units(23.0, "hour"));
        assert_eq!(told(6.9 * DAY_MS), Ago::Units(6.0, "day"));
        assert_eq!(told(7.0 * DAY_MS), Ago::Long);
        assert_eq!(ago(f64::NAN, 1e12), Ago::Now);
    }
}
