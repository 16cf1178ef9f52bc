//! How long to wait before asking again.

#[cfg(all(test, not(target_arch = "wasm32")))]
mod storm;

/// First wait, before the dice.
const BASE_MS: f64 = 1_000.0;
/// Longest wait that is not asked for by the service.
const CAP_MS: f64 = 60_000.0;
/// Longest wait that the service may ask for.
const LONGEST_RETRY_AFTER_MS: f64 = 3_600_000.0;

/// Milliseconds to wait after `failures` failures in a row (1 or more).
///
/// Exponential with full jitter, so that pages that failed together don't come back together. A `Retry-After`
/// is waited out, and then up to half as long again. `dice` is uniform in 0..1.
pub fn delay_ms(failures: u32, retry_after_ms: Option<u32>, dice: f64) -> u32 {
    let delay = if let Some(asked) = retry_after_ms {
        let asked = f64::from(asked).clamp(BASE_MS, LONGEST_RETRY_AFTER_MS);
        asked + dice * asked / 2.0
    } else {
        let ceiling = (BASE_MS * f64::from(1_u32 << failures.clamp(1, 10))).min(CAP_MS);
        ceiling / 4.0 + dice * ceiling * 3.0 / 4.0
    };
    // At most 5.4 million: it fits.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..5_400_000")]
    {
        delay as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_minute_and_are_spread() {
        assert_eq!((delay_ms(1, None, 0.0), delay_ms(1, None, 1.0)), (500, 2_000));
        assert_eq!((delay_ms(3, None, 0.0), delay_ms(3, None, 1.0)), (2_000, 8_000));
        assert_eq!((delay_ms(50, None, 0.0), delay_ms(50, None, 1.0)), (15_000, 60_000));
    }

    #[test]
    fn nobody_comes_back_before_the_service_asked() {
        for dice in [0.0, 0.3, 0.999] {
            let delay = delay_ms(1, Some(30_000), dice);
            assert!((30_000..=45_000).contains(&delay), "{delay}");
        }
        assert!(delay_ms(1, Some(u32::MAX), 0.5) <= 5_400_000);
        assert!(delay_ms(9, Some(0), 0.0) >= 1_000);
    }
}
