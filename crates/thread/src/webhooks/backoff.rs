//! When a delivery that failed is tried again.

use crate::crypto::random_bytes;

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// After the first try, the second, and so on; the last one repeats.
const WAIT_MS: [i64; 8] = [
    5 * SECOND_MS,
    30 * SECOND_MS,
    2 * MINUTE_MS,
    10 * MINUTE_MS,
    30 * MINUTE_MS,
    HOUR_MS,
    3 * HOUR_MS,
    6 * HOUR_MS,
];
/// A receiver may ask for more, but not for as long as it likes.
const MAX_ASKED_MS: i64 = HOUR_MS;

/// How long to wait after the `attempts`th try: more each time, a fifth up or down by chance so that those who failed
/// together do not come together, and no less than the receiver asked for.
pub(super) fn wait_ms(attempts: i64, asked_ms: Option<i64>) -> i64 {
    let index = usize::try_from(attempts - 1).unwrap_or(0).min(WAIT_MS.len() - 1);
    let base = WAIT_MS[index];
    let share = i64::from(u16::from_be_bytes(random_bytes::<2>()));
    let jittered = base - base / 5 + base * 2 / 5 * share / i64::from(u16::MAX);
    jittered.max(asked_ms.unwrap_or(0).min(MAX_ASKED_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_differ() {
        for attempts in 1..100 {
            let wait = wait_ms(attempts, None);
            let base = WAIT_MS[usize::try_from(attempts - 1).expect("small").min(7)];
            assert!(wait >= base * 4 / 5 && wait <= base * 6 / 5, "{attempts}: {wait}");
        }
        assert!((0..50).map(|_| wait_ms(8, None)).collect::<std::collections::HashSet<_>>().len() > 1);
    }

    #[test]
    fn what_the_receiver_asks_for_counts_within_reason() {
        assert_eq!(wait_ms(1, Some(60 * SECOND_MS)), 60 * SECOND_MS);
        assert!(wait_ms(1, Some(1)) >= 4 * SECOND_MS);
        assert_eq!(wait_ms(1, Some(i64::MAX)), HOUR_MS);
    }
}
