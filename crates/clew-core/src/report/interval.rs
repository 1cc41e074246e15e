//! Buckets of a time series.
//!
//! Boundaries are instants computed in the site's zone; a store only compares integers. Weeks
//! start on Monday. Hours are those of the wall clock: in the autumn the repeated hour is a bucket
//! of its own, and where clocks move by half an hour one bucket is half an hour longer or shorter.

use super::Range;
use crate::model::EpochMs;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A series has at most this many points: every minute of a 25-hour day.
pub const MAX_POINTS: usize = 1500;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

impl Interval {
    pub const ALL: &'static [Self] =
        &[Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|interval| interval.name() == name)
    }

    /// What reads well: minutes up to an hour, hours up to two days, days up to four months.
    pub fn fitting(range: &Range) -> Self {
        match range.millis() {
            ms if ms <= EpochMs::HOUR => Self::Minute,
            ms if ms <= 49 * EpochMs::HOUR => Self::Hour,
            ms if ms <= 124 * EpochMs::DAY => Self::Day,
            _ => Self::Month,
        }
    }

    /// The next coarser interval; months stay months.
    #[must_use]
    pub const fn coarser(self) -> Self {
        match self {
            Self::Minute => Self::Hour,
            Self::Hour => Self::Day,
            Self::Day => Self::Week,
            Self::Week | Self::Month => Self::Month,
        }
    }

    /// Starts of all buckets, ascending; the first is the start of the range even if that lies
    /// within a bucket. `None`: more than [`MAX_POINTS`].
    pub fn starts(self, range: &Range, zone: &TimeZone) -> Option<Vec<EpochMs>> {
        let mut starts = vec![range.from];
        let mut last = range.from;
        while let Some(next) = self.next(last, zone).filter(|next| *next < range.to) {
            if starts.len() == MAX_POINTS {
                return None;
            }
            starts.push(next);
            last = next;
        }
        Some(starts)
    }

    /// The first boundary after `time`. `None` at the end of the calendar.
    fn next(self, time: EpochMs, zone: &TimeZone) -> Option<EpochMs> {
        let date = || time.to_timestamp().to_zoned(zone.clone()).date();
        match self {
            Self::Minute => Some(EpochMs(
                (time.0.div_euclid(EpochMs::MINUTE) + 1) * EpochMs::MINUTE,
            )),
            Self::Hour => next_hour(time, zone),
            Self::Day => next_day(date(), time, zone),
            Self::Week => {
                let date = date();
                let to_monday = 7 - i32::from(date.weekday().to_monday_zero_offset());
                let monday = date.checked_add(to_monday.days()).ok()?;
                start_of_day(monday, zone)
            }
            Self::Month => {
                let first = date().first_of_month().checked_add(1.month()).ok()?;
                start_of_day(first, zone)
            }
        }
    }
}

/// The first start of a day after `time`, looking from `date` on; a skipped date has none.
fn next_day(mut date: Date, time: EpochMs, zone: &TimeZone) -> Option<EpochMs> {
    loop {
        let start = start_of_day(date, zone)?;
        if start > time {
            return Some(start);
        }
        date = date.tomorrow().ok()?;
    }
}

/// The next instant at which the wall clock shows a full hour or jumps into another hour.
fn next_hour(time: EpochMs, zone: &TimeZone) -> Option<EpochMs> {
    let mut from = time.to_timestamp();
    loop {
        let local = from.to_zoned(zone.clone());
        let into_hour = i64::from(local.minute()) * EpochMs::MINUTE
            + i64::from(local.second()) * EpochMs::SECOND
            + i64::from(local.millisecond());
        let full = EpochMs(from.as_millisecond()).plus(EpochMs::HOUR - into_hour);
        let Some(change) = zone
            .following(from)
            .next()
            .filter(|c| c.timestamp() <= full.to_timestamp())
        else {
            return Some(full);
        };
        let changed = change.timestamp().to_zoned(zone.clone());
        if changed.hour() != local.hour() || changed.minute() == 0 {
            return Some(EpochMs(change.timestamp().as_millisecond()));
        }
        from = change.timestamp();
    }
}

/// The first instant of a day. A date that a zone skipped starts where the next one does.
pub(super) fn start_of_day(date: Date, zone: &TimeZone) -> Option<EpochMs> {
    // Noon exists on (almost) every date; midnight is where summer time begins in some zones.
    let noon = date.at(12, 0, 0, 0).to_zoned(zone.clone()).ok()?;
    Some(EpochMs(
        noon.start_of_day().ok()?.timestamp().as_millisecond(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(from: &str, to: &str, zone: &TimeZone) -> Range {
        let start = |date: &str| start_of_day(date.parse().unwrap(), zone).unwrap();
        Range::new(start(from), start(to))
    }

    /// Every minute of the range at which the wall clock begins another hour.
    fn hours_by_looking_at_the_clock(range: &Range, zone: &TimeZone) -> Vec<EpochMs> {
        let mut starts = vec![range.from];
        let mut previous = range.from.to_timestamp().to_zoned(zone.clone()).hour();
        let mut time = range.from.plus(EpochMs::MINUTE);
        while time < range.to {
            let local = time.to_timestamp().to_zoned(zone.clone());
            if local.minute() == 0 || local.hour() != previous {
                starts.push(time);
            }
            previous = local.hour();
            time = time.plus(EpochMs::MINUTE);
        }
        starts
    }

    #[test]
    fn hours_follow_the_wall_clock_through_every_change_of_time() {
        for (name, from, to, count) in [
            ("Europe/Berlin", "2026-03-29", "2026-03-30", 23),
            ("Europe/Berlin", "2026-10-25", "2026-10-26", 25),
            ("America/New_York", "2026-03-08", "2026-03-09", 23),
            ("America/New_York", "2026-11-01", "2026-11-02", 25),
            ("Asia/Kathmandu", "2026-03-29", "2026-03-30", 24),
            ("Australia/Lord_Howe", "2026-04-05", "2026-04-06", 24),
            ("Australia/Lord_Howe", "2026-10-04", "2026-10-05", 24),
        ] {
            let zone = TimeZone::get(name).unwrap();
            let range = range(from, to, &zone);
            let starts = Interval::Hour.starts(&range, &zone).unwrap();
            assert_eq!(
                starts,
                hours_by_looking_at_the_clock(&range, &zone),
                "{name} {from}"
            );
            assert_eq!(starts.len(), count, "{name} {from}");
        }
    }

    #[test]
    fn days_weeks_and_months_start_at_local_midnight() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let range = range("2026-03-25", "2026-05-03", &zone);
        let labels = |interval: Interval| -> Vec<String> {
            let starts = interval.starts(&range, &zone).unwrap();
            starts
                .iter()
                .map(|t| {
                    t.to_timestamp()
                        .to_zoned(zone.clone())
                        .datetime()
                        .to_string()
                })
                .collect()
        };
        assert_eq!(labels(Interval::Day).len(), 39);
        assert!(
            labels(Interval::Day)
                .iter()
                .all(|l| l.ends_with("T00:00:00"))
        );
        assert_eq!(
            labels(Interval::Week)[..3],
            [
                "2026-03-25T00:00:00",
                "2026-03-30T00:00:00",
                "2026-04-06T00:00:00"
            ]
        );
        assert_eq!(
            labels(Interval::Month),
            [
                "2026-03-25T00:00:00",
                "2026-04-01T00:00:00",
                "2026-05-01T00:00:00"
            ]
        );
    }

    #[test]
    fn a_date_that_never_was_has_no_bucket() {
        let zone = TimeZone::get("Pacific/Apia").unwrap();
        let range = range("2011-12-28", "2012-01-02", &zone);
        assert_eq!(Interval::Day.starts(&range, &zone).unwrap().len(), 4);
    }

    #[test]
    fn a_series_has_a_bounded_number_of_points() {
        let zone = TimeZone::UTC;
        assert!(
            Interval::Minute
                .starts(&range("2026-01-01", "2026-01-02", &zone), &zone)
                .is_some()
        );
        assert!(
            Interval::Minute
                .starts(&range("2026-01-01", "2026-01-03", &zone), &zone)
                .is_none()
        );
        assert!(
            Interval::Month
                .starts(&range("1970-01-01", "2026-01-03", &zone), &zone)
                .is_some()
        );
    }
}
