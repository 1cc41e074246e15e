//! Time buckets as bound values.
//!
//! Boundaries come from the calendar in Rust and are uneven wherever clocks change. An engine gets
//! them as equal slots small enough that every boundary falls between two of them, and a list
//! that says to which bucket each slot belongs: one division and one look-up per row, exact.

use super::dialect::Dialect;
use super::statement::{Arg, Statement};
use clew_core::model::EpochMs;
use clew_core::report::Range;

/// Slots of equal length over a range.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slots {
    /// Start of the first slot; at or before the range.
    base: i64,
    /// Length of a slot, milliseconds.
    unit: i64,
    /// Bucket of every slot, as comma-separated numbers.
    buckets: String,
}

impl Slots {
    /// `starts` ascend from the start of the range.
    pub(super) fn new(starts: &[EpochMs], range: Range) -> Self {
        let inner = starts.get(1..).unwrap_or_default();
        let Some(anchor) = inner.first().map(|start| start.0) else {
            let unit = range.millis().max(1);
            return Self {
                base: range.from.0,
                unit,
                buckets: "0".to_owned(),
            };
        };
        // The ends of the range may lie anywhere; they only need to be covered.
        let unit = inner
            .iter()
            .fold(0, |unit, start| gcd(unit, start.0 - anchor));
        let unit = if unit == 0 {
            range.millis().max(1)
        } else {
            unit
        };
        let base = anchor - unit * (anchor - range.from.0 + unit - 1).div_euclid(unit);
        let mut buckets = String::new();
        let mut bucket = 0;
        let mut slot = base;
        while slot < range.to.0 {
            while starts.get(bucket + 1).is_some_and(|start| start.0 <= slot) {
                bucket += 1;
            }
            if !buckets.is_empty() {
                buckets.push(',');
            }
            buckets.push_str(&bucket.to_string());
            slot += unit;
        }
        Self {
            base,
            unit,
            buckets,
        }
    }

    /// The bucket of `time` as an expression.
    pub(super) fn of(
        &self,
        time: &str,
        statement: &mut Statement,
        dialect: &dyn Dialect,
    ) -> String {
        let list = statement.bind(Arg::Text(self.buckets.clone()));
        let base = statement.bind(Arg::Int(self.base));
        let unit = statement.bind(Arg::Int(self.unit));
        dialect.slot(&list, time, &base, &unit)
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_core::report::Interval;
    use jiff::tz::TimeZone;

    /// Looks every quarter of an hour up in the slots and in the boundaries.
    fn agrees(starts: &[EpochMs], range: Range) {
        let slots = Slots::new(starts, range);
        let buckets: Vec<usize> = slots
            .buckets
            .split(',')
            .map(|bucket| bucket.parse().unwrap())
            .collect();
        let mut time = range.from.0;
        while time < range.to.0 {
            let slot = usize::try_from((time - slots.base).div_euclid(slots.unit)).unwrap();
            let bucket = starts.iter().rposition(|start| start.0 <= time).unwrap();
            assert_eq!(buckets[slot], bucket, "{time}");
            time += 7 * EpochMs::MINUTE + 1;
        }
    }

    #[test]
    fn every_moment_falls_into_its_bucket() {
        let from = 1_774_000_000_123;
        for zone in [
            "Europe/Berlin",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "UTC",
        ] {
            let zone = TimeZone::get(zone).unwrap();
            for (interval, days) in [
                (Interval::Hour, 40),
                (Interval::Day, 90),
                (Interval::Week, 90),
                (Interval::Month, 400),
            ] {
                let range = Range::new(EpochMs(from), EpochMs(from + days * EpochMs::DAY + 77));
                agrees(&interval.starts(&range, &zone).unwrap(), range);
            }
        }
    }

    #[test]
    fn one_or_two_buckets_need_no_common_length() {
        let range = Range::new(EpochMs(1), EpochMs(1000));
        agrees(&[EpochMs(1)], range);
        agrees(&[EpochMs(1), EpochMs(998)], range);
    }
}
