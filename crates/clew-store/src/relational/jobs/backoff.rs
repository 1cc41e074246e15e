//! How long a failed job waits.

/// Exponential back-off with full jitter: the n-th failure waits a random time between zero and
/// `base · 2ⁿ⁻¹`, at most `cap`. Spreading over the whole interval keeps jobs that failed together
/// (an outage) from coming back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    pub base_ms: i64,
    pub cap_ms: i64,
}

impl Backoff {
    /// 10 seconds to 1 hour: ten attempts span several hours of outage.
    pub const DEFAULT: Self = Self {
        base_ms: 10_000,
        cap_ms: 3_600_000,
    };

    /// Milliseconds to wait after failed attempt number `attempt` (from 1). `random` is uniform in
    /// `0.0..1.0`.
    pub fn delay_ms(self, attempt: u16, random: f64) -> i64 {
        let doublings = u32::from(attempt.saturating_sub(1)).min(40);
        let ceiling = self
            .base_ms
            .saturating_mul(1_i64 << doublings)
            .min(self.cap_ms);
        (ceiling.max(0) as f64 * random.clamp(0.0, 1.0)) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ceiling_doubles_up_to_the_cap() {
        let backoff = Backoff {
            base_ms: 1_000,
            cap_ms: 5_000,
        };
        let ceilings: Vec<_> = (1..=5).map(|n| backoff.delay_ms(n, 1.0)).collect();
        assert_eq!(ceilings, [1_000, 2_000, 4_000, 5_000, 5_000]);
    }

    proptest! {
        #[test]
        fn a_delay_is_never_negative_or_over_the_cap(attempt: u16, random in 0.0..1.0, base in 0_i64..i64::MAX, cap in 0_i64..i64::MAX) {
            let delay = Backoff { base_ms: base, cap_ms: cap }.delay_ms(attempt, random);
            prop_assert!((0..=cap).contains(&delay));
        }

        #[test]
        fn jitter_uses_the_whole_interval(attempt in 1_u16..9) {
            let backoff = Backoff::DEFAULT;
            prop_assert_eq!(backoff.delay_ms(attempt, 0.0), 0);
            prop_assert!(backoff.delay_ms(attempt, 0.5) * 2 <= backoff.delay_ms(attempt, 1.0) + 1);
        }
    }
}
