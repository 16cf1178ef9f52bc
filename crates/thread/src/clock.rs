//! Time as a parameter, so that tests can move it.

use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;

/// Tells the time: the system's, or one that a test sets.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The system's time.
    pub const fn system() -> Self {
        Self(Kind::System)
    }

    /// A time that stands still until it is moved by [`Clock::advance_ms`]. Clones share it.
    pub fn manual(now_ms: i64) -> Self {
        Self(Kind::Manual(Arc::new(AtomicI64::new(now_ms))))
    }

    /// Unix time in milliseconds.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn now_ms(&self) -> i64 {
        match &self.0 {
            Kind::System => Timestamp::now().as_millisecond(),
            Kind::Manual(now_ms) => now_ms.load(Ordering::SeqCst),
        }
    }

    /// Moves a manual clock; the system's takes no orders.
    pub fn advance_ms(&self, by_ms: i64) {
        if let Kind::Manual(now_ms) = &self.0 {
            now_ms.fetch_add(by_ms, Ordering::SeqCst);
        }
    }
}

/// Unix milliseconds in RFC 3339, UTC: how times appear on the wire.
pub fn rfc3339(unix_ms: i64) -> String {
    Timestamp::from_millisecond(unix_ms).unwrap_or(Timestamp::MAX).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told_and_for_all_its_clones() {
        let clock = Clock::manual(1_000);
        let other = clock.clone();
        other.advance_ms(500);
        assert_eq!(clock.now_ms(), 1_500);
    }

    #[test]
    fn times_on_the_wire_are_rfc_3339_in_utc() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(1_700_000_000_123), "2023-11-14T22:13:20.123Z");
    }
}
