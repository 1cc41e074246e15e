//! How long events stay: the boundary of a site, and the mark behind which nothing comes back.
//!
//! Owns the rule by which an event's time is up. A day of the site's own calendar is the unit: a
//! whole day leaves at once, at its midnight. What was imported counts from the day of the import,
//! however old it says it is, because somebody asked for it that day.

use super::{EpochMs, RecordKind};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;

/// The first moment that stays when events are kept for `days` days besides today.
pub fn boundary(zone: &TimeZone, now: EpochMs, days: u32) -> EpochMs {
    let today = now.to_timestamp().to_zoned(zone.clone()).date();
    let oldest = today.checked_sub(i64::from(days).days());
    // Noon exists on (almost) every date; midnight is where summer time begins in some zones.
    let start = oldest.and_then(|date| {
        let noon = date.at(12, 0, 0, 0).to_zoned(zone.clone())?;
        noon.start_of_day()
    });
    start.map_or(EpochMs(i64::MIN), |start| {
        EpochMs(start.timestamp().as_millisecond())
    })
}

/// What has left a site for good. Both numbers only ever rise, so the newest mark covers whatever
/// an older one did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watermark {
    /// Events before this moment have left…
    pub before: EpochMs,
    /// …if their journal record is not newer than this one. A later record, though it tells of an
    /// earlier time, has not been looked at yet.
    pub through: u64,
}

impl Watermark {
    /// Whether this event has left.
    pub fn covers(self, lsn: u64, kind: u8, received_ms: i64, time_ms: i64) -> bool {
        lsn <= self.through && clock(kind, received_ms, time_ms) < self.before.0
    }
}

/// The moment from which an event's days are counted.
pub fn clock(kind: u8, received_ms: i64, time_ms: i64) -> i64 {
    if kind == RecordKind::Import as u8 {
        received_ms
    } else {
        time_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> EpochMs {
        EpochMs(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn the_boundary_is_a_midnight_of_the_site() {
        for (zone, now, days, first_kept) in [
            ("UTC", "2026-11-21T14:00:00Z", 1, "2026-11-20T00:00:00Z"),
            ("UTC", "2026-11-21T00:00:00Z", 180, "2026-05-25T00:00:00Z"),
            // Still the evening before in New York; and its clocks have changed since.
            (
                "America/New_York",
                "2026-11-21T04:59:59Z",
                30,
                "2026-10-21T04:00:00Z",
            ),
            (
                "America/New_York",
                "2026-11-21T05:00:00Z",
                30,
                "2026-10-22T04:00:00Z",
            ),
            // Midnight of this day does not exist: the clocks went forward at it.
            (
                "America/Santiago",
                "2026-09-07T12:00:00Z",
                1,
                "2026-09-06T04:00:00Z",
            ),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            assert_eq!(boundary(&zone, ms(now), days), ms(first_kept), "{now}");
        }
    }

    #[test]
    fn the_boundary_never_goes_back_while_time_goes_on() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let mut last = EpochMs(i64::MIN);
        for hour in 0..24 * 400 {
            let now = ms("2026-01-01T00:30:00Z").plus(hour * EpochMs::HOUR);
            let at = boundary(&zone, now, 7);
            assert!(at >= last && now.since(at) >= 7 * EpochMs::DAY - EpochMs::HOUR);
            assert!(now.since(at) <= 8 * EpochMs::DAY + EpochMs::HOUR);
            last = at;
        }
    }

    #[test]
    fn an_import_counts_from_its_receipt_and_newer_records_stay() {
        let mark = Watermark {
            before: EpochMs(100),
            through: 7,
        };
        for (lsn, kind, received, time, gone) in [
            (7, 1, 500, 99, true),
            (7, 1, 500, 100, false),
            (8, 1, 500, 99, false),
            (7, 2, 100, 1, false),
            (7, 2, 99, 1, true),
            (7, 2, 99, 300, true),
        ] {
            let covered = mark.covers(lsn, kind, received, time);
            assert_eq!(covered, gone, "{lsn} {kind} {received} {time}");
        }
        assert!(!Watermark::default().covers(0, 1, 0, 0));
    }
}
