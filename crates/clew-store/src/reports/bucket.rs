//! Time buckets as bound values.
//!
//! Boundaries come from the calendar in Rust and are uneven wherever clocks change. An engine gets
//! them as equal slots small enough that every boundary falls between two of them, and a list
//! that says to which bucket each slot belongs: one division and one look-up per row, exact. Where
//! all buckets are as long the division is enough, and where they are few their boundaries are.
//!
//! Offsets with seconds (Africa/Monrovia until 1972) would need slots of seconds over decades.
//! Then slots are longer, each has the bucket in which it begins, and a row is also compared with
//! the few boundaries that can lie within its slot: as exact, and bounded for every zone.

use super::dialect::Dialect;
use super::statement::{Arg, Statement};
use clew_core::model::EpochMs;
use clew_core::report::Range;

/// Slots that one statement may carry at most: an engine holds the whole list.
const MAX_SLOTS: i64 = 20_000;

/// So few buckets are found by comparing with each boundary.
const FEW_EDGES: usize = 16;

/// Slots of equal length over a range.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slots {
    /// Start of the first slot; at or before the range.
    base: i64,
    /// Length of a slot, milliseconds.
    unit: i64,
    /// Bucket at the start of every slot, as comma-separated numbers.
    buckets: String,
    /// Most boundaries within one slot; zero when slots end wherever buckets do.
    steps: usize,
    /// Starts of all buckets.
    edges: Vec<EpochMs>,
    /// End of the range.
    end: i64,
}

impl Slots {
    /// `starts` ascend from the start of the range.
    pub(super) fn new(starts: &[EpochMs], range: Range) -> Self {
        Self::with_limit(starts, range, MAX_SLOTS)
    }

    /// As [`Slots::new`], with about `limit` slots at most.
    pub(super) fn with_limit(starts: &[EpochMs], range: Range, limit: i64) -> Self {
        let (base, unit) = grid(starts.get(1..).unwrap_or_default(), range, limit);
        let mut buckets = Vec::new();
        let mut steps = 0;
        let mut bucket = 0;
        let mut slot = base;
        // An empty range has a slot, too: the list must not be an empty text.
        while slot < range.to.0 || buckets.is_empty() {
            while starts.get(bucket + 1).is_some_and(|start| start.0 <= slot) {
                bucket += 1;
            }
            let end = slot.saturating_add(unit);
            let within = starts
                .iter()
                .skip(bucket + 1)
                .take_while(|start| start.0 < end)
                .count();
            steps = steps.max(within);
            buckets.push(bucket.to_string());
            slot = end;
        }
        Self {
            base,
            unit,
            buckets: buckets.join(","),
            steps,
            edges: starts.to_vec(),
            end: range.to.0,
        }
    }

    /// Starts of all buckets.
    pub(super) fn edges(&self) -> &[EpochMs] {
        &self.edges
    }

    /// Start and length of buckets that are all as long, where a clock never changed. The first
    /// and the last may be shorter.
    fn even(&self) -> Option<(i64, i64)> {
        let inner = self.edges.get(1..).unwrap_or_default();
        let (Some(first), Some(second)) = (inner.first(), inner.get(1)) else {
            return None;
        };
        let length = second.since(*first);
        let even = inner
            .windows(2)
            .all(|pair| pair[1].since(pair[0]) == length);
        let start = first.0 - length;
        let covered = self.edges[0].0 >= start
            && inner.last().is_some_and(|last| self.end <= last.0 + length);
        (even && covered).then_some((start, length))
    }

    /// The bucket by comparing with every boundary.
    fn compared(&self, time: &str, statement: &mut Statement) -> String {
        let inner = self.edges.get(1..).unwrap_or_default();
        if inner.is_empty() {
            return "0".to_owned();
        }
        let cases: String = inner
            .iter()
            .enumerate()
            .map(|(bucket, edge)| {
                let edge = statement.bind(Arg::Int(edge.0));
                format!(" WHEN {time} < {edge} THEN {bucket}")
            })
            .collect();
        format!("CASE{cases} ELSE {} END", inner.len())
    }

    /// The bucket of `time` as an expression.
    pub(super) fn of(
        &self,
        time: &str,
        statement: &mut Statement,
        dialect: &dyn Dialect,
    ) -> String {
        if let Some((first, length)) = self.even() {
            let first = statement.bind(Arg::Int(first));
            let length = statement.bind(Arg::Int(length));
            return dialect.whole(&format!("{time} - {first}"), &length);
        }
        if self.edges.len() <= FEW_EDGES {
            return self.compared(time, statement);
        }
        let list = statement.bind(Arg::Text(self.buckets.clone()));
        let base = statement.bind(Arg::Int(self.base));
        let unit = statement.bind(Arg::Int(self.unit));
        let first = dialect.slot(&list, time, &base, &unit);
        if self.steps == 0 {
            return first;
        }
        let starts: Vec<String> = self.edges.iter().map(|edge| edge.0.to_string()).collect();
        let starts = statement.bind(Arg::Text(starts.join(",")));
        // Bucket numbers count from 0, positions from 1: the bucket after `first` is at + 2. Past
        // the last one there is NULL, which no time reaches.
        let passed: String = (1..=self.steps)
            .map(|step| {
                let start = dialect.element(&starts, &format!("{first} + {}", step + 1));
                format!(" + CASE WHEN {time} >= {start} THEN 1 ELSE 0 END")
            })
            .collect();
        format!("({first}{passed})")
    }
}

/// Start of the first slot and length of all, for the boundaries `inner` within a range.
fn grid(inner: &[EpochMs], range: Range, limit: i64) -> (i64, i64) {
    let span = range.millis().max(1);
    let Some(anchor) = inner.first().map(|start| start.0) else {
        return (range.from.0, span);
    };
    // The ends of the range may lie anywhere; they only need to be covered.
    let common = inner
        .iter()
        .fold(0, |unit, start| gcd(unit, start.0 - anchor));
    let unit = if common == 0 { span } else { common };
    if span / unit > limit {
        return (range.from.0, span / limit + 1);
    }
    let base = anchor - unit * (anchor - range.from.0 + unit - 1).div_euclid(unit);
    (base, unit)
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_core::report::Interval;
    use jiff::tz::TimeZone;

    /// What an engine does with the slots.
    fn bucket_of(slots: &Slots, buckets: &[usize], starts: &[EpochMs], time: i64) -> usize {
        let slot = usize::try_from((time - slots.base).div_euclid(slots.unit)).unwrap();
        let first = buckets[slot];
        let passed = |step: &usize| starts.get(first + step).is_some_and(|s| s.0 <= time);
        first + (1..=slots.steps).filter(passed).count()
    }

    /// Looks moments all over the range and around every boundary up in the slots and in the
    /// boundaries.
    fn agrees_with(slots: &Slots, starts: &[EpochMs], range: Range) {
        let buckets: Vec<usize> = slots
            .buckets
            .split(',')
            .map(|bucket| bucket.parse().unwrap())
            .collect();
        let stride = (7 * EpochMs::MINUTE + 1).max(range.millis() / 20_000);
        let mut times: Vec<i64> = starts
            .iter()
            .flat_map(|s| [s.0 - 1, s.0, s.0 + 1])
            .collect();
        let mut time = range.from.0;
        while time < range.to.0 {
            times.push(time);
            time += stride;
        }
        times.retain(|time| (range.from.0..range.to.0).contains(time));
        for time in times {
            let bucket = starts.iter().rposition(|start| start.0 <= time).unwrap();
            assert_eq!(bucket_of(slots, &buckets, starts, time), bucket, "{time}");
        }
    }

    fn agrees(starts: &[EpochMs], range: Range) {
        let exact = Slots::new(starts, range);
        assert_eq!(exact.steps, 0, "common slots need no comparison");
        agrees_with(&exact, starts, range);
        for limit in [1, 5, 50] {
            agrees_with(&Slots::with_limit(starts, range, limit), starts, range);
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

    #[test]
    fn offsets_with_seconds_do_not_make_millions_of_slots() {
        let at = |text: &str| EpochMs(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let range = Range::new(at("1970-01-01T00:44:30Z"), at("1995-01-01T00:00:00Z"));
        let zone = TimeZone::get("Africa/Monrovia").unwrap();
        let starts = Interval::Month.starts(&range, &zone).unwrap();
        let slots = Slots::new(&starts, range);
        assert_eq!(slots.steps, 1);
        assert!(slots.buckets.split(',').count() <= 20_000);
        agrees_with(&slots, &starts, range);
    }

    #[test]
    fn the_number_of_slots_decides_about_their_length() {
        // Boundaries every 10 ms: 100 slots over the range.
        let inner: Vec<_> = (1..=99).map(|n| EpochMs(n * 10)).collect();
        let range = Range::new(EpochMs(0), EpochMs(1000));
        assert_eq!(grid(&inner, range, 100), (0, 10));
        assert_eq!(grid(&inner, range, 99), (0, 11));
        assert_eq!(grid(&[], range, 1), (0, 1000));
    }
}
