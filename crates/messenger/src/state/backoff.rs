//! How long to wait before the next try.

/// First wait, in milliseconds.
const FIRST_MS: u32 = 500;
/// Longest wait, in milliseconds.
const LONGEST_MS: u32 = 30_000;

/// Waits that double from half a second to half a minute, half of each left to chance.
///
/// Chance keeps a thousand panels from coming back in the same moment after Thread was restarted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Backoff {
    tries: u32,
}

impl Backoff {
    /// The next wait in milliseconds; `random` is in `0.0..1.0`.
    pub(crate) fn next_ms(&mut self, random: f64) -> u32 {
        let most = FIRST_MS.saturating_mul(1 << self.tries.min(10)).min(LONGEST_MS);
        self.tries = self.tries.saturating_add(1);
        let half = most / 2;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 15,000")]
        let chance = (f64::from(half) * random.clamp(0.0, 1.0)) as u32;
        half + chance
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn waits_double_up_to_half_a_minute() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..8).map(|_| backoff.next_ms(1.0)).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
        backoff = Backoff::default();
        assert_eq!(backoff.next_ms(0.0), 250);
    }

    proptest! {
        #[test]
        fn every_wait_is_within_bounds(tries in 0_u32.., random in any::<f64>()) {
            let wait = Backoff { tries }.next_ms(random);
            prop_assert!((FIRST_MS / 2..=LONGEST_MS).contains(&wait));
        }
    }
}
