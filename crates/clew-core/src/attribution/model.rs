//! The models: how one conversion is shared out among the touches before it.
//!
//! | model | who gets what |
//! |---|---|
//! | first | the first touch all of it |
//! | last | the last touch all of it. A direct visit is a touch only when it is the very first, so this is what others call *last non-direct* |
//! | linear | every touch the same |
//! | time decay | a touch seven days before another gets half as much |
//! | position based | 40 % the first, 40 % the last, 20 % shared by those between; one touch gets all, two get half each |
//!
//! Weights are integers and shares are millionths by largest remainder, so a conversion is always
//! shared out exactly and the same everywhere. Only touches up to the conversion and no older than
//! the look-back window count.

use super::{Touch, apportion};
use crate::model::EpochMs;

/// Touches older than this at the time of the conversion have no part in it: ninety days.
pub const LOOK_BACK_MS: i64 = 90 * EpochMs::DAY;

/// A whole conversion, in millionths.
pub const WHOLE: u32 = 1_000_000;

const HALF_LIFE_MS: i64 = 7 * EpochMs::DAY;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Model {
    First,
    Last,
    Linear,
    TimeDecay,
    PositionBased,
}

impl Model {
    pub const ALL: [Self; 5] = [
        Self::First,
        Self::Last,
        Self::Linear,
        Self::TimeDecay,
        Self::PositionBased,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Last => "last",
            Self::Linear => "linear",
            Self::TimeDecay => "time_decay",
            Self::PositionBased => "position_based",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|model| model.name() == name)
    }

    /// One weight a touch, for at least one touch, in order.
    fn weights(self, touches: &[&Touch]) -> Vec<u64> {
        let n = touches.len();
        let all_to = |at: usize| (0..n).map(|i| u64::from(i == at)).collect();
        match self {
            Self::First => all_to(0),
            Self::Last => all_to(n - 1),
            Self::Linear => vec![1; n],
            Self::TimeDecay => {
                let newest = touches[n - 1].at;
                let age = |touch: &&Touch| decay(newest.since(touch.at));
                touches.iter().map(age).collect()
            }
            Self::PositionBased if n <= 2 => vec![1; n],
            Self::PositionBased => {
                // 40 : 20 : 40 with one unit for each touch between.
                let ends = 2 * (n as u64 - 2);
                let between = |i| if i == 0 || i == n - 1 { ends } else { 1 };
                (0..n).map(between).collect()
            }
        }
    }
}

/// The part of one touch in a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share<'a> {
    pub touch: &'a Touch,
    /// All shares of a conversion make [`WHOLE`].
    pub millionths: u32,
}

/// Shares of a conversion at `at`, in the order of time; empty when nothing led to it. Touches
/// without a part in it are named with 0.
///
/// `touches` is a [`super::thread`] or any part of one, in any order.
pub fn credit<'a>(
    model: Model,
    touches: &'a [Touch],
    at: EpochMs,
    look_back_ms: i64,
) -> Vec<Share<'a>> {
    let mut led: Vec<&Touch> = touches
        .iter()
        .filter(|touch| (0..=look_back_ms).contains(&at.since(touch.at)))
        .collect();
    if led.is_empty() {
        return Vec::new();
    }
    led.sort_unstable_by_key(|touch| touch.order());
    let shares = apportion(i64::from(WHOLE), &model.weights(&led));
    let share = |(touch, part): (&'a Touch, i64)| Share {
        touch,
        millionths: u32::try_from(part).unwrap_or(0),
    };
    led.into_iter().zip(shares).map(share).collect()
}

/// 2^-(age / half-life) as a fixed-point number with 62 bits behind the point, at least one unit.
///
/// Made of integers only: a square root halves the exponent, and every bit of the fraction (to
/// 1/65,536 of a half-life, nine seconds) multiplies with one of sixteen roots.
fn decay(age_ms: i64) -> u64 {
    let age = u128::from(age_ms.unsigned_abs());
    let steps = (age << 16) / u128::from(HALF_LIFE_MS.unsigned_abs());
    let mut weight: u128 = 1 << 62;
    // 2^-1, then 2^-1/2, 2^-1/4 …
    let mut root: u128 = 1 << 61;
    for bit in (0..16).rev() {
        root = (root << 62).isqrt();
        if steps >> bit & 1 == 1 {
            weight = (weight * root) >> 62;
        }
    }
    let halvings = u32::try_from(steps >> 16).unwrap_or(u32::MAX);
    let weight = weight.checked_shr(halvings).unwrap_or(0).max(1);
    u64::try_from(weight).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EventId, VisitorId};
    use proptest::prelude::*;

    fn touch(hours: i64, id: u128) -> Touch {
        Touch {
            at: EpochMs(hours * EpochMs::HOUR),
            event: EventId::from_u128(id),
            visitor: VisitorId::from_u128(1),
            source: format!("s{id}"),
            medium: String::new(),
            campaign: String::new(),
            content: String::new(),
            term: String::new(),
            channel: String::new(),
            click_id_kind: String::new(),
            click_id: String::new(),
            referrer_host: String::new(),
            landing_path: String::new(),
        }
    }

    fn shares(model: Model, days: &[i64]) -> Vec<u32> {
        let touches: Vec<_> = days
            .iter()
            .zip(1..)
            .map(|(d, id)| touch(d * 24, id))
            .collect();
        let at = EpochMs(100 * EpochMs::DAY);
        let shares = credit(model, &touches, at, LOOK_BACK_MS);
        shares.iter().map(|share| share.millionths).collect()
    }

    #[test]
    fn conversions_are_shared_as_computed_by_hand() {
        use Model::{First, Last, Linear, PositionBased, TimeDecay};
        for (model, days, expected) in [
            (First, &[50, 60, 70][..], &[1_000_000, 0, 0][..]),
            (Last, &[50, 60, 70], &[0, 0, 1_000_000]),
            (Linear, &[50, 60, 70], &[333_334, 333_333, 333_333]),
            (Linear, &[50, 60, 70, 80], &[250_000; 4]),
            // Seven days apart: 1/4 : 1/2 : 1 of 7/4.
            (TimeDecay, &[56, 63, 70], &[142_857, 285_714, 571_429]),
            (TimeDecay, &[70, 70], &[500_000, 500_000]),
            // 2^-(1/2) : 1 = 0.707107 : 1 at three and a half days.
            (TimeDecay, &[70], &[1_000_000]),
            (PositionBased, &[70], &[1_000_000]),
            (PositionBased, &[60, 70], &[500_000, 500_000]),
            (PositionBased, &[50, 60, 70], &[400_000, 200_000, 400_000]),
            (
                PositionBased,
                &[50, 60, 70, 80],
                &[400_000, 100_000, 100_000, 400_000],
            ),
            // Out of the window, at its edge, and after the conversion.
            (Linear, &[9, 10, 99, 100, 101], &[333_334, 333_333, 333_333]),
            (First, &[], &[]),
            (Last, &[101], &[]),
        ] {
            assert_eq!(shares(model, days), expected, "{model:?} {days:?}");
        }
    }

    #[test]
    fn half_a_half_life_is_the_root_of_a_half() {
        let touches = [touch(0, 1), touch(84, 2)];
        let at = EpochMs(84 * EpochMs::HOUR);
        let shares = credit(Model::TimeDecay, &touches, at, LOOK_BACK_MS);
        // 0.70710678 / 1.70710678
        assert_eq!(shares[0].millionths, 414_214);
    }

    #[test]
    fn decay_follows_the_curve() {
        for age_days in [0.0, 0.001, 1.0, 3.5, 6.999, 7.0, 30.0, 89.99, 180.0] {
            let age = (age_days * EpochMs::DAY as f64) as i64;
            let exact = (-(age as f64) / HALF_LIFE_MS as f64).exp2();
            let got = decay(age) as f64 / (1u64 << 62) as f64;
            assert!(
                (got / exact - 1.0).abs() < 2e-5,
                "{age_days}: {got} {exact}"
            );
        }
        assert_eq!(decay(i64::MAX), 1, "never nothing");
    }

    proptest! {
        #[test]
        fn every_model_shares_the_whole_in_any_order(
            hours in proptest::collection::vec(0i64..4_000, 1..40), at in 0i64..4_500,
        ) {
            let mut touches: Vec<_> =
                hours.iter().zip(1..).map(|(h, id)| touch(*h, id)).collect();
            let at = EpochMs(at * EpochMs::HOUR);
            let mut reversed = touches.clone();
            reversed.reverse();
            for model in Model::ALL {
                let shares = credit(model, &touches, at, LOOK_BACK_MS);
                let sum: u64 = shares.iter().map(|s| u64::from(s.millionths)).sum();
                prop_assert_eq!(sum, if shares.is_empty() { 0 } else { u64::from(WHOLE) });
                prop_assert_eq!(&shares, &credit(model, &reversed, at, LOOK_BACK_MS));
                for share in &shares {
                    let age = at.since(share.touch.at);
                    prop_assert!((0..=LOOK_BACK_MS).contains(&age));
                }
            }
            // The nearer a touch, the more it gets.
            touches.sort_by_key(|t| (t.at, t.event));
            let decayed = credit(Model::TimeDecay, &touches, at, LOOK_BACK_MS);
            let rising = decayed.windows(2).all(|w| w[0].millionths <= w[1].millionths + 1);
            prop_assert!(rising);
        }
    }

    #[test]
    fn models_are_known_by_name() {
        for model in Model::ALL {
            assert_eq!(Model::named(model.name()), Some(model));
        }
        assert_eq!(Model::named("best"), None);
    }
}
