//! How busy each day of the year is, and what is going on.
//!
//! Growth over the year, the rhythm of week and season, and moments that everybody in commerce
//! knows. Days are those of the site's time zone.

use super::random::{Purpose, Random};
use crate::model::EpochMs;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

/// Days before today.
const YEAR: i32 = 365;

/// How long ago a link aggregator discovered the shop.
const SPIKE_DAYS_AGO: i32 = 97;

/// Share of a day's visits in each hour, of a working day and of a weekend.
const WORKING_HOURS: [f64; 24] = [
    1.2, 0.7, 0.5, 0.4, 0.5, 0.9, 1.8, 3.2, 4.9, 6.1, 6.6, 6.4, 5.9, 6.0, 6.3, 6.1, 5.6, 5.2, 5.3,
    5.8, 6.2, 5.6, 3.9, 2.4,
];
const WEEKEND_HOURS: [f64; 24] = [
    1.9, 1.3, 0.9, 0.6, 0.5, 0.6, 0.9, 1.7, 3.0, 4.6, 5.8, 6.2, 6.0, 5.7, 5.6, 5.7, 5.8, 5.9, 6.2,
    6.7, 7.0, 6.5, 4.8, 3.1,
];

/// What makes a day unlike others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Ordinary,
    BlackFriday,
    SpringSale,
    /// A newsletter went out this morning, or the day before.
    Newsletter,
    /// A link aggregator links to the shop.
    Spike,
}

/// One day of the year, or what there is of it so far.
#[derive(Clone, Debug)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) start: EpochMs,
    pub(super) end: EpochMs,
    /// Nothing happens at or after this moment.
    pub(super) until: EpochMs,
    pub(super) moment: Moment,
    /// 0 at the start of the year, 1 at its end.
    pub(super) progress: f64,
    /// Events to generate.
    pub(super) quota: u32,
}

/// The year up to `until`, with `events` shared out among its days.
pub(super) fn days(seed: u64, zone: &TimeZone, until: EpochMs, events: u32) -> Vec<Day> {
    let today = until.to_timestamp().to_zoned(zone.clone()).date();
    let mut days: Vec<(Day, f64)> = (0..=YEAR)
        .filter_map(|ago| day(zone, today, YEAR - ago, until))
        .map(|day| {
            let weight = weight(seed, &day);
            (day, weight)
        })
        .collect();
    share_out(&mut days, events);
    days.into_iter().map(|(day, _)| day).collect()
}

fn day(zone: &TimeZone, today: Date, ago: i32, until: EpochMs) -> Option<Day> {
    let date = today.checked_sub(ago.days()).ok()?;
    let begin = |date: Date| date.to_zoned(zone.clone()).map(|zoned| at(&zoned)).ok();
    let (start, end) = (begin(date)?, begin(date.tomorrow().ok()?)?);
    Some(Day {
        date,
        start,
        end,
        until: end.min(until),
        moment: moment(date, ago),
        progress: f64::from(YEAR - ago) / f64::from(YEAR),
        quota: 0,
    })
}

fn at(zoned: &Zoned) -> EpochMs {
    EpochMs(zoned.timestamp().as_millisecond())
}

fn moment(date: Date, ago: i32) -> Moment {
    if ago == SPIKE_DAYS_AGO || ago == SPIKE_DAYS_AGO - 1 {
        Moment::Spike
    } else if is_black_friday(date) {
        Moment::BlackFriday
    } else if (date.month() == 3 && date.day() >= 20) || (date.month() == 4 && date.day() <= 3) {
        Moment::SpringSale
    } else if is_newsletter(date) {
        Moment::Newsletter
    } else {
        Moment::Ordinary
    }
}

/// From the Wednesday before to the Monday after the day that follows the fourth Thursday.
fn is_black_friday(date: Date) -> bool {
    let thursday = Date::new(date.year(), 11, 1)
        .and_then(|first| first.nth_weekday_of_month(4, Weekday::Thursday));
    thursday.is_ok_and(|thursday| {
        let from = thursday.checked_sub(1.day()).unwrap_or(thursday);
        let to = thursday.checked_add(4.days()).unwrap_or(thursday);
        (from..=to).contains(&date)
    })
}

/// Every second Tuesday and the day after.
fn is_newsletter(date: Date) -> bool {
    let even = date.iso_week_date().week() % 2 == 0;
    even && matches!(date.weekday(), Weekday::Tuesday | Weekday::Wednesday)
}

/// How busy the day is, of the part that has passed.
fn weight(seed: u64, day: &Day) -> f64 {
    let index = day.start.0.div_euclid(EpochMs::DAY) as u64;
    let mut random = Random::of(seed, Purpose::Day, index);
    let growth = 1.0 + 1.3 * day.progress + 0.5 * day.progress * day.progress;
    let weekday = match day.date.weekday() {
        Weekday::Monday => 1.08,
        Weekday::Tuesday => 1.12,
        Weekday::Wednesday => 1.10,
        Weekday::Thursday => 1.05,
        Weekday::Friday => 0.94,
        Weekday::Saturday => 0.70,
        Weekday::Sunday => 0.78,
    };
    let season = [
        0.92, 0.94, 1.0, 1.03, 1.02, 0.98, 0.88, 0.86, 1.02, 1.06, 1.14, 1.12,
    ][usize::from(day.date.month().unsigned_abs()) - 1];
    let moment = match day.moment {
        Moment::Ordinary => 1.0,
        Moment::BlackFriday => 1.9,
        Moment::SpringSale => 1.35,
        Moment::Newsletter => 1.15,
        Moment::Spike => 3.0,
    };
    let passed = passed(day);
    growth * weekday * season * moment * random.between(0.9, 1.1) * passed
}

/// Share of the day's visits that lies before `until`.
fn passed(day: &Day) -> f64 {
    let hours = hours(day.date);
    let elapsed = fraction(day, day.until) * 24.0;
    let total: f64 = hours.iter().sum();
    let before: f64 = (0_u8..24)
        .zip(hours)
        .map(|(hour, share)| share * (elapsed - f64::from(hour)).clamp(0.0, 1.0))
        .sum();
    before / total
}

fn fraction(day: &Day, moment: EpochMs) -> f64 {
    moment.since(day.start) as f64 / day.end.since(day.start) as f64
}

fn hours(date: Date) -> &'static [f64; 24] {
    match date.weekday() {
        Weekday::Saturday | Weekday::Sunday => &WEEKEND_HOURS,
        _ => &WORKING_HOURS,
    }
}

/// Exactly `events` in total, as the weights say: running totals are rounded, so no day is more
/// than one off.
fn share_out(days: &mut [(Day, f64)], events: u32) {
    let total: f64 = days.iter().map(|(_, weight)| weight).sum();
    let (mut sum, mut given) = (0.0, 0);
    let last = days.len().saturating_sub(1);
    for (n, (day, weight)) in days.iter_mut().enumerate() {
        sum += *weight;
        let upto = if n == last {
            events
        } else {
            (sum / total * f64::from(events)) as u32
        };
        day.quota = upto - given;
        given = upto;
    }
}

impl Day {
    /// When a visit of this day begins. On days with a change of clocks the hours stretch.
    pub(super) fn moment_of_visit(&self, random: &mut Random) -> EpochMs {
        let hours = hours(self.date);
        let length = self.end.since(self.start) as f64;
        // Only today ends early; nearly always a few attempts find a moment before now.
        for _ in 0..8 {
            let hour = random.weighted(&HOURS, |hour| hours[usize::from(*hour)]);
            let at = (f64::from(*hour) + random.unit()) / 24.0 * length;
            let at = self.start.plus(at as i64);
            if at < self.until {
                return at;
            }
        }
        let passed = self.until.since(self.start) as f64;
        self.start.plus(random.between(0.0, passed) as i64)
    }

    /// A moment after the newsletter went out at ten.
    pub(super) fn moment_after_mailing(&self, random: &mut Random) -> EpochMs {
        let hour = 10.0 + random.mostly_low(0.0, 12.0);
        let length = self.end.since(self.start) as f64;
        let at = self.start.plus((hour / 24.0 * length) as i64);
        if at < self.until {
            at
        } else {
            self.moment_of_visit(random)
        }
    }
}

const HOURS: [u8; 24] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn year(zone: &str, until: &str, events: u32) -> Vec<Day> {
        let until: jiff::Timestamp = until.parse().unwrap();
        let zone = TimeZone::get(zone).unwrap();
        days(1, &zone, EpochMs(until.as_millisecond()), events)
    }

    #[test]
    fn days_join_and_share_out_everything() {
        for zone in [
            "UTC",
            "Europe/Berlin",
            "America/Los_Angeles",
            "Pacific/Apia",
        ] {
            let days = year(zone, "2026-11-21T15:00:00Z", 123_457);
            assert_eq!(days.len(), 366);
            assert!(days.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert_eq!(days.iter().map(|day| day.quota).sum::<u32>(), 123_457);
            assert!(days[..365].iter().all(|day| day.quota > 50), "{zone}");
        }
    }

    #[test]
    fn today_has_only_what_has_passed_of_it() {
        let of = |until| year("UTC", until, 200_000).pop().unwrap().quota;
        let (night, noon, evening) = (
            of("2026-11-20T00:00:01Z"),
            of("2026-11-20T12:00:00Z"),
            of("2026-11-20T23:00:00Z"),
        );
        assert!(
            night < 3 && night < noon && noon * 3 / 2 < evening,
            "{night} {noon} {evening}"
        );
    }

    #[test]
    fn black_friday_follows_the_fourth_thursday() {
        let of = |text: &str| is_black_friday(text.parse().unwrap());
        for inside in ["2025-11-26", "2025-11-28", "2025-12-01", "2026-11-27"] {
            assert!(of(inside), "{inside}");
        }
        for outside in ["2025-11-25", "2025-12-02", "2026-11-21", "2026-05-28"] {
            assert!(!of(outside), "{outside}");
        }
    }

    #[test]
    fn visits_begin_within_their_day() {
        let days = year("America/New_York", "2026-11-20T10:00:00Z", 100_000);
        let mut random = Random::of(1, Purpose::Visits, 0);
        for day in &days {
            for _ in 0..20 {
                let at = day.moment_of_visit(&mut random);
                assert!(day.start <= at && at < day.until, "{}", day.date);
            }
        }
    }
}
