//! When somebody answers: `Mon-Fri 09:00-17:00, Sat 10:00-14:00 Europe/Berlin`.

use jiff::Timestamp;
use jiff::tz::TimeZone;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY_MINUTES: u16 = 24 * 60;

/// Weekly hours in a time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeHours {
    spans: Vec<Span>,
    zone: TimeZone,
}

/// Minutes of the day on some days, the last one not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    days: [bool; 7],
    from: u16,
    to: u16,
}

/// The text says no office hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfficeHoursError {
    /// Not spans and a zone.
    #[error("must be like `Mon-Fri 09:00-17:00, Sat 10:00-14:00 Europe/Berlin`")]
    Shape,
    /// The last word.
    #[error("must end with a time zone, like Europe/Berlin or UTC")]
    Zone,
    /// A span that ends before it begins.
    #[error("must begin before they end: write hours past midnight as two, up to 24:00 and from 00:00")]
    Order,
}

impl OfficeHours {
    /// Takes spans with commas between them, and an IANA time zone.
    ///
    /// # Errors
    /// An [`OfficeHoursError`] that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, OfficeHoursError> {
        let (spans, zone) = text.trim().rsplit_once(char::is_whitespace).ok_or(OfficeHoursError::Shape)?;
        let zone = TimeZone::get(zone).map_err(|_| OfficeHoursError::Zone)?;
        let spans = spans.split(',').map(span).collect::<Result<_, _>>()?;
        Ok(Self { spans, zone })
    }

    /// Whether somebody answers then; Unix milliseconds.
    pub fn is_open(&self, now_ms: i64) -> bool {
        let Ok(now) = Timestamp::from_millisecond(now_ms) else { return true };
        let local = now.to_zoned(self.zone.clone());
        let day = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0);
        let minute = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or(0);
        self.spans.iter().any(|span| span.days[day] && (span.from..span.to).contains(&minute))
    }
}

fn span(text: &str) -> Result<Span, OfficeHoursError> {
    let mut words = text.split_whitespace();
    let (Some(days), Some(hours), None) = (words.next(), words.next(), words.next()) else {
        return Err(OfficeHoursError::Shape);
    };
    let (first, last) = days.split_once('-').unwrap_or((days, days));
    let (first, last) = (day(first)?, day(last)?);
    let mut open = [false; 7];
    // `Sat-Mon` goes round the end of the week.
    let mut index = first;
    loop {
        open[index] = true;
        if index == last {
            break;
        }
        index = (index + 1) % 7;
    }
    let (from, to) = hours.split_once('-').ok_or(OfficeHoursError::Shape)?;
    let (from, to) = (minute(from)?, minute(to)?);
    if from >= to { Err(OfficeHoursError::Order) } else { Ok(Span { days: open, from, to }) }
}

fn day(text: &str) -> Result<usize, OfficeHoursError> {
    DAYS.iter().position(|day| text.eq_ignore_ascii_case(day)).ok_or(OfficeHoursError::Shape)
}

fn minute(text: &str) -> Result<u16, OfficeHoursError> {
    let number = |text: &str| {
        let is_number = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        if is_number {
            text.parse::<u16>().map_err(|_| OfficeHoursError::Shape)
        } else {
            Err(OfficeHoursError::Shape)
        }
    };
    let (hours, minutes) = text.split_once(':').ok_or(OfficeHoursError::Shape)?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let minute = hours * 60 + minutes;
    if minutes > 59 || minute > DAY_MINUTES { Err(OfficeHoursError::Shape) } else { Ok(minute) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_open(hours: &str, at: &str) -> bool {
        let at: Timestamp = at.parse().expect("a time");
        OfficeHours::parse(hours).expect(hours).is_open(at.as_millisecond())
    }

    #[test]
    fn hours_are_of_their_zone_winter_and_summer() {
        let hours = "Mon-Fri 09:00-17:00 Europe/Berlin";
        for (at, open) in [
            ("2026-01-05T07:59:59Z", false),
            ("2026-01-05T08:00:00Z", true),
            ("2026-01-05T15:59:59Z", true),
            ("2026-01-05T16:00:00Z", false),
            ("2026-07-06T07:00:00Z", true),
            ("2026-07-06T15:00:00Z", false),
            ("2026-01-03T12:00:00Z", false),
            ("2026-01-02T23:30:00Z", false),
        ] {
            assert_eq!(is_open(hours, at), open, "{at}");
        }
    }

    #[test]
    fn spans_add_up_and_weeks_and_days_have_ends() {
        let hours = "sat-mon 22:00-24:00, Wed 00:00-06:00 UTC";
        for (at, open) in [
            ("2026-01-04T23:59:59Z", true),
            ("2026-01-05T22:00:00Z", true),
            ("2026-01-06T22:00:00Z", false),
            ("2026-01-07T00:00:00Z", true),
            ("2026-01-07T06:00:00Z", false),
        ] {
            assert_eq!(is_open(hours, at), open, "{at}");
        }
    }

    #[test]
    fn what_is_no_office_hours_is_explained() {
        use OfficeHoursError::{Order, Shape, Zone};
        for (text, error) in [
            ("", Shape),
            ("Mon-Fri", Shape),
            ("Mon-Fri 09:00-17:00", Zone),
            ("Mon-Fri 09:00-17:00 Europe/Atlantis", Zone),
            ("Mon-Fri 17:00-09:00 UTC", Order),
            ("Mon-Fri 09:00-09:00 UTC", Order),
            ("Mon-Fri 9:00-17:00 UTC", Shape),
            ("Mon-Fri 09:00-24:01 UTC", Shape),
            ("Mon-Fri 09:60-17:00 UTC", Shape),
            ("Montag 09:00-17:00 UTC", Shape),
            ("Mon-Fri 09:00-17:00, UTC", Shape),
        ] {
            assert_eq!(OfficeHours::parse(text), Err(error), "{text}");
        }
    }
}
