//! 100,000 pages and a service that was away: what comes to it when it is back.

use super::delay_ms;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

const PAGES: u32 = 100_000;
const MS_PER_SECOND: u64 = 1_000;

/// Numbers in 0..1 that look random and that can be had again: `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let high = u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(u32::MAX);
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }
}

/// A service that is away from the start.
struct Outage {
    /// How long it is away.
    seconds: u64,
    /// Pages are opened evenly over so many seconds of it. 0: all at its first moment.
    opened_over_seconds: u32,
    /// What it answers in a second once it is back; the rest is refused.
    capacity: u32,
    /// What a refusal asks for.
    retry_after_ms: Option<u32>,
}

/// What came to the service after it was back.
struct Outcome {
    /// Requests in each second, until every page was answered.
    per_second: Vec<u32>,
}

impl Outcome {
    fn peak(&self) -> u32 {
        self.per_second.iter().copied().max().unwrap_or(0)
    }

    fn seconds(&self) -> usize {
        self.per_second.len()
    }
}

impl Outage {
    fn simulate(&self) -> Outcome {
        let mut dice = Dice(1);
        let open = |dice: &mut Dice| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "minutes in milliseconds"
            )]
            let at = (dice.roll() * f64::from(self.opened_over_seconds) * 1_000.0) as u64;
            at
        };
        // When each page asks next, and how often it was refused in a row.
        let mut asking: BinaryHeap<Reverse<(u64, u32, u32)>> =
            (0..PAGES).map(|page| Reverse((open(&mut dice), page, 0))).collect();
        let back = self.seconds * MS_PER_SECOND;
        let mut per_second = Vec::new();
        let mut answered_in = (0, 0);
        while let Some(Reverse((now, page, failures))) = asking.pop() {
            let mut retry_after_ms = None;
            if now >= back {
                let second = usize::try_from((now - back) / MS_PER_SECOND).expect("minutes");
                per_second.resize(per_second.len().max(second + 1), 0);
                per_second[second] += 1;
                if answered_in.0 != second {
                    answered_in = (second, 0);
                }
                if answered_in.1 < self.capacity {
                    answered_in.1 += 1;
                    continue;
                }
                retry_after_ms = self.retry_after_ms;
            }
            let delay = delay_ms(failures + 1, retry_after_ms, dice.roll());
            asking.push(Reverse((now + u64::from(delay), page, failures + 1)));
        }
        Outcome { per_second }
    }
}

/// Requests a second if each page came exactly once within the longest wait.
const EVEN: u32 = PAGES / 60;

#[test]
fn a_service_that_is_back_after_minutes_sees_no_storm() {
    for (seconds, opened_over_seconds) in [(120, 0), (120, 120), (600, 600)] {
        let outage = Outage { seconds, opened_over_seconds, capacity: PAGES, retry_after_ms: None };
        let outcome = outage.simulate();
        eprintln!(
            "away {seconds} s, opened over {opened_over_seconds} s: peak {} a second, even {EVEN}, all answered after {} s",
            outcome.peak(),
            outcome.seconds()
        );
        assert!(outcome.peak() <= 4 * EVEN, "{} a second", outcome.peak());
        assert!(outcome.seconds() <= 61);
    }
}

#[test]
fn a_restart_of_seconds_is_no_storm_to_what_pages_bring_anyhow() {
    // Pages go on to be opened as before: 2,000 a second. The peak is those, and what waited.
    let outage = Outage { seconds: 10, opened_over_seconds: 50, capacity: PAGES, retry_after_ms: None };
    let outcome = outage.simulate();
    eprintln!("away 10 s, 2,000 pages a second: peak {} a second", outcome.peak());
    assert!(outcome.peak() <= 4 * 2_000, "{} a second", outcome.peak());
}

#[test]
fn a_service_that_can_answer_a_third_of_them_gets_through_all() {
    for retry_after_ms in [None, Some(30_000)] {
        let outage = Outage { seconds: 600, opened_over_seconds: 600, capacity: EVEN / 2, retry_after_ms };
        let outcome = outage.simulate();
        eprintln!(
            "capacity {} a second, Retry-After {retry_after_ms:?}: peak {}, all answered after {} s",
            outage.capacity,
            outcome.peak(),
            outcome.seconds()
        );
        assert!(outcome.peak() <= 3 * EVEN, "{} a second", outcome.peak());
        // No page is left behind: twice the time that the capacity needs at the least.
        assert!(outcome.seconds() <= 2 * usize::try_from(PAGES / outage.capacity).expect("seconds"));
    }
}
