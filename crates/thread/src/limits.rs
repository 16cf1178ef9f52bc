//! Rate limits: so many in a period for each key, in memory, with the clock as a parameter.

use crate::clock::{Clock, MINUTE_MS};
use crate::metrics::{self, Limit};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Entries above which old ones are looked for.
const PRUNE_ABOVE: usize = 1_024;

/// Refused: over the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limited {
    /// Seconds until the next one is let through; at least 1.
    pub retry_after_s: u64,
}

/// Lets so many through at once, then one at a time, evenly over the period (GCRA: one number a key).
#[derive(Debug)]
pub struct RateLimiter<K> {
    limit: Limit,
    period_us: i64,
    interval_us: i64,
    clock: Clock,
    state: Mutex<State<K>>,
}

#[derive(Debug)]
struct State<K> {
    /// When the key has all its tries back, Unix microseconds.
    full_at_us: HashMap<K, i64>,
    prune_above: usize,
}

impl<K: Hash + Eq> RateLimiter<K> {
    /// A limiter of so many a minute; 0 counts as 1.
    pub fn per_minute(limit: Limit, per_minute: u32, clock: Clock) -> Self {
        Self::new(limit, per_minute, 1, clock)
    }

    /// A limiter of so many an hour; 0 counts as 1.
    pub fn per_hour(limit: Limit, per_hour: u32, clock: Clock) -> Self {
        Self::new(limit, per_hour, 60, clock)
    }

    fn new(limit: Limit, number: u32, minutes: i64, clock: Clock) -> Self {
        let period_us = minutes * MINUTE_MS * 1_000;
        Self {
            limit,
            period_us,
            interval_us: period_us / i64::from(number.max(1)),
            clock,
            state: Mutex::new(State { full_at_us: HashMap::new(), prune_above: PRUNE_ABOVE }),
        }
    }

    /// Counts one for `key`.
    ///
    /// # Errors
    /// If it is over the limit; then it is not counted.
    pub fn count(&self, key: K) -> Result<(), Limited> {
        let now_us = self.clock.now_ms() * 1_000;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.full_at_us.len() > state.prune_above {
            state.full_at_us.retain(|_, full_at_us| *full_at_us > now_us);
            state.prune_above = (state.full_at_us.len() * 2).max(PRUNE_ABOVE);
        }
        // No more than a period is ever owed: what is above that is of a clock that was set back since, and void.
        let owed_us = state.full_at_us.get(&key).map_or(0, |full_at_us| full_at_us - now_us);
        let owed_us = if owed_us > self.period_us { 0 } else { owed_us.max(0) };
        let full_at_us = now_us + owed_us + self.interval_us;
        let wait_us = full_at_us - now_us - self.period_us;
        if wait_us > 0 {
            metrics::count(self.limit, 1);
            let retry_after_s = u64::try_from(wait_us).unwrap_or(0).div_ceil(1_000_000).max(1);
            return Err(Limited { retry_after_s });
        }
        state.full_at_us.insert(key, full_at_us);
        Ok(())
    }

    /// Takes one back that was counted beforehand and turned out not to count.
    pub fn give_back(&self, key: &K) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full_at_us) = state.full_at_us.get_mut(key) {
            *full_at_us -= self.interval_us;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_holds_for_each_key_and_time_gives_tries_back() {
        let clock = Clock::manual(1_000_000);
        let limiter = RateLimiter::per_minute(Limit::Messages, 3, clock.clone());
        for _ in 0..3 {
            assert_eq!(limiter.count("a"), Ok(()));
        }
        assert_eq!(limiter.count("a"), Err(Limited { retry_after_s: 20 }));
        assert_eq!(limiter.count("b"), Ok(()));
        clock.advance_ms(19_999);
        assert_eq!(limiter.count("a"), Err(Limited { retry_after_s: 1 }));
        clock.advance_ms(1);
        assert_eq!(limiter.count("a"), Ok(()));
        assert!(limiter.count("a").is_err());
        clock.advance_ms(MINUTE_MS);
        for _ in 0..3 {
            assert_eq!(limiter.count("a"), Ok(()));
        }
    }

    #[test]
    fn what_is_given_back_may_be_used_again_and_no_more() {
        let limiter = RateLimiter::per_hour(Limit::Messages, 2, Clock::manual(0));
        limiter.give_back(&"a");
        for _ in 0..2 {
            assert_eq!(limiter.count("a"), Ok(()));
        }
        limiter.give_back(&"a");
        assert_eq!(limiter.count("a"), Ok(()));
        assert_eq!(limiter.count("a"), Err(Limited { retry_after_s: 1_800 }));
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let clock = Clock::manual(100 * 24 * 60 * MINUTE_MS);
        let limiter = RateLimiter::per_minute(Limit::Messages, 3, clock.clone());
        while limiter.count("a").is_ok() {}
        clock.advance_ms(-24 * 60 * MINUTE_MS);
        for _ in 0..3 {
            limiter.count("a").expect("within the limit");
        }
        assert_eq!(limiter.count("a"), Err(Limited { retry_after_s: 20 }));
    }

    #[test]
    fn memory_is_given_back_when_keys_are_idle() {
        let clock = Clock::manual(0);
        let limiter = RateLimiter::per_minute(Limit::Messages, 3, clock.clone());
        for key in 0..=PRUNE_ABOVE {
            limiter.count(key).expect("first of its key");
        }
        clock.advance_ms(2 * MINUTE_MS);
        limiter.count(usize::MAX).expect("first of its key");
        assert_eq!(limiter.state.lock().expect("not poisoned").full_at_us.len(), 1);
    }
}
