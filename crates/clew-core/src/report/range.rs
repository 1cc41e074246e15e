//! Which time a report covers, and what it is compared with.
//!
//! Days, months and years are the site's: boundaries are computed in its zone, so a day has 23,
//! 24 or 25 hours as the calendar says. A range is half open and never empty.

use super::interval::start_of_day;
use crate::model::EpochMs;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

/// `[from, to)` in epoch milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Range {
    #[serde(serialize_with = "super::table::rfc3339")]
    pub from: EpochMs,
    #[serde(serialize_with = "super::table::rfc3339")]
    pub to: EpochMs,
    /// Begins at the site's first event; a store resolves `from` before it counts.
    #[serde(skip)]
    pub open_start: bool,
}

impl Range {
    pub const fn new(from: EpochMs, to: EpochMs) -> Self {
        Self {
            from,
            to,
            open_start: false,
        }
    }

    pub const fn millis(&self) -> i64 {
        self.to.since(self.from)
    }

    pub const fn contains(&self, time: EpochMs) -> bool {
        self.from.0 <= time.0 && time.0 < self.to.0
    }

    /// Number of calendar days that the range touches.
    pub fn days(&self, zone: &TimeZone) -> i64 {
        let day = |ms: EpochMs| ms.to_timestamp().to_zoned(zone.clone()).date();
        let span = day(self.from).until(day(self.to.plus(-1)));
        span.map_or(i64::MAX, |span| i64::from(span.get_days())) + 1
    }
}

/// How a range steps back to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Days(i32),
    Months(i32),
    /// Not aligned to days: its own length.
    Length,
    /// The whole history has nothing before it.
    None,
}

/// A range with the step that leads to its predecessor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stepped {
    pub(super) range: Range,
    pub(super) step: Step,
}

/// From the first instant of `first` to the last of `last`.
pub(super) fn days(first: Date, last: Date, zone: &TimeZone, step: Step) -> Option<Stepped> {
    let range = Range::new(
        start_of_day(first, zone)?,
        start_of_day(last.tomorrow().ok()?, zone)?,
    );
    (range.millis() > 0).then_some(Stepped { range, step })
}

/// A named period that ends today: `day`, `7d`, `28d`, `month`, `6mo`, `12mo`, `year`, `all`,
/// `realtime`, and any other number of days or months. With `anchor`, `day`, `month` and `year`
/// mean the whole one that holds this date. `None`: there is no such period.
pub(super) fn period(
    name: &str,
    anchor: Option<Date>,
    zone: &TimeZone,
    now: EpochMs,
) -> Option<Stepped> {
    let today = now.to_timestamp().to_zoned(zone.clone()).date();
    if let Some(date) = anchor {
        return match name {
            "day" => days(date, date, zone, Step::Days(1)),
            "month" => days(
                date.first_of_month(),
                date.last_of_month(),
                zone,
                Step::Months(1),
            ),
            "year" => days(
                date.first_of_year(),
                date.last_of_year(),
                zone,
                Step::Months(12),
            ),
            _ => None,
        };
    }
    match name {
        "day" => days(today, today, zone, Step::Days(1)),
        "month" => days(today.first_of_month(), today, zone, Step::Months(1)),
        "year" => days(today.first_of_year(), today, zone, Step::Months(12)),
        "all" => {
            let mut all = days(today, today, zone, Step::None)?;
            all.range.from = EpochMs(0);
            all.range.open_start = true;
            Some(all)
        }
        "realtime" => {
            let minute = now.0.div_euclid(EpochMs::MINUTE) * EpochMs::MINUTE;
            let range = Range::new(
                EpochMs(minute - 29 * EpochMs::MINUTE),
                EpochMs(minute + EpochMs::MINUTE),
            );
            Some(Stepped {
                range,
                step: Step::Length,
            })
        }
        _ => counted(name, today, zone),
    }
}

/// `<n>d` and `<n>mo`, today and this month included.
fn counted(name: &str, today: Date, zone: &TimeZone) -> Option<Stepped> {
    let number = |digits: &str, max: i32| {
        let n: i32 = digits
            .bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| digits.parse().ok())??;
        (1..=max).contains(&n).then_some(n)
    };
    if let Some(digits) = name.strip_suffix("mo") {
        let n = number(digits, 240)?;
        let first = today.first_of_month().checked_sub((n - 1).months()).ok()?;
        return days(first, today, zone, Step::Months(n));
    }
    let n = number(name.strip_suffix('d')?, 7320)?;
    days(
        today.checked_sub((n - 1).days()).ok()?,
        today,
        zone,
        Step::Days(n),
    )
}

/// The range just before: as many days, months or milliseconds earlier.
pub(super) fn previous(of: Stepped, zone: &TimeZone) -> Option<Range> {
    match of.step {
        Step::Days(n) => earlier(of.range, n.days(), zone),
        Step::Months(n) => earlier(of.range, n.months(), zone),
        Step::Length => {
            let length = of.range.millis();
            Some(Range::new(of.range.from.plus(-length), of.range.from))
        }
        Step::None => None,
    }
}

/// The same calendar days a year earlier.
pub(super) fn year_before(of: Stepped, zone: &TimeZone) -> Option<Range> {
    match of.step {
        Step::None => None,
        Step::Length => {
            let back = |time: EpochMs| {
                let zoned = time.to_timestamp().to_zoned(zone.clone());
                Some(EpochMs(
                    zoned
                        .checked_sub(1.year())
                        .ok()?
                        .timestamp()
                        .as_millisecond(),
                ))
            };
            Some(Range::new(back(of.range.from)?, back(of.range.to)?))
        }
        _ => earlier(of.range, 1.year(), zone),
    }
}

/// Steps both ends of a range of whole days back by calendar arithmetic.
fn earlier(range: Range, span: Span, zone: &TimeZone) -> Option<Range> {
    let back = |time: EpochMs| {
        let date = time.to_timestamp().to_zoned(zone.clone()).date();
        start_of_day(date.checked_sub(span).ok()?, zone)
    };
    let range = Range::new(back(range.from)?, back(range.to)?);
    (range.millis() > 0).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> EpochMs {
        EpochMs(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[test]
    fn a_day_has_the_hours_that_the_calendar_gives_it() {
        for (zone_name, date, minutes) in [
            ("Europe/Berlin", "2026-03-29", 1380),
            ("Europe/Berlin", "2026-10-25", 1500),
            ("Europe/Berlin", "2026-06-01", 1440),
            ("America/New_York", "2026-03-08", 1380),
            ("America/New_York", "2026-11-01", 1500),
            ("Asia/Kathmandu", "2026-03-29", 1440),
            ("Australia/Lord_Howe", "2026-04-05", 1470),
            ("Australia/Lord_Howe", "2026-10-04", 1410),
            ("America/Sao_Paulo", "2018-11-04", 1380),
        ] {
            let day = period(
                "day",
                Some(date.parse().unwrap()),
                &zone(zone_name),
                at("2027-01-01T00:00:00Z"),
            );
            let length = day.unwrap().range.millis();
            assert_eq!(length, minutes * EpochMs::MINUTE, "{zone_name} {date}");
        }
    }

    #[test]
    fn periods_end_today_and_include_it() {
        let berlin = zone("Europe/Berlin");
        let now = at("2026-11-20T23:30:00Z"); // the 21st in Berlin
        for (name, from, to) in [
            ("day", "2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z"),
            ("7d", "2026-11-14T23:00:00Z", "2026-11-21T23:00:00Z"),
            ("30d", "2026-10-22T22:00:00Z", "2026-11-21T23:00:00Z"),
            ("month", "2026-10-31T23:00:00Z", "2026-11-21T23:00:00Z"),
            ("6mo", "2026-05-31T22:00:00Z", "2026-11-21T23:00:00Z"),
            ("12mo", "2025-11-30T23:00:00Z", "2026-11-21T23:00:00Z"),
            ("year", "2025-12-31T23:00:00Z", "2026-11-21T23:00:00Z"),
            ("realtime", "2026-11-20T23:01:00Z", "2026-11-20T23:31:00Z"),
        ] {
            let range = period(name, None, &berlin, now).unwrap().range;
            assert_eq!(range, Range::new(at(from), at(to)), "{name}");
        }
        for unknown in ["", "d", "0d", "-1d", "week", "99999d", "1h", "+7d"] {
            assert_eq!(period(unknown, None, &berlin, now), None, "{unknown}");
        }
    }

    #[test]
    fn comparisons_step_by_calendar_units() {
        let berlin = zone("Europe/Berlin");
        let now = at("2026-03-30T10:00:00Z");
        let of = |name| period(name, None, &berlin, now).unwrap();
        // Seven days over the change to summer time: the seven days before.
        let before = previous(of("7d"), &berlin).unwrap();
        assert_eq!(
            before,
            Range::new(at("2026-03-16T23:00:00Z"), at("2026-03-23T23:00:00Z"))
        );
        let month = previous(of("month"), &berlin).unwrap();
        assert_eq!(
            month,
            Range::new(at("2026-01-31T23:00:00Z"), at("2026-02-27T23:00:00Z"))
        );
        let year = year_before(of("day"), &berlin).unwrap();
        assert_eq!(
            year,
            Range::new(at("2025-03-29T23:00:00Z"), at("2025-03-30T22:00:00Z"))
        );
        assert_eq!(previous(of("all"), &berlin), None);
    }

    #[test]
    fn a_day_that_the_calendar_skipped_is_no_range() {
        let apia = zone("Pacific/Apia");
        let skipped: Date = "2011-12-30".parse().unwrap();
        assert_eq!(days(skipped, skipped, &apia, Step::Days(1)), None);
    }
}
