//! Countries of time zones (`data/time-zones.tsv`): where a browser's clock is set to.

use std::collections::HashMap;

const LIST: &str = include_str!("../../data/time-zones.tsv");

/// Country of every zone of the tz database that lies in one, links included.
#[derive(Debug)]
pub struct Zones(HashMap<&'static str, Countries>);

#[derive(Debug)]
struct Countries {
    main: &'static str,
    /// Others whose clocks run alike, so that their people may choose this zone.
    shared: &'static str,
}

impl Zones {
    pub fn load() -> Self {
        let entry = |line: &'static str| {
            let mut fields = line.split('\t');
            let (zone, main) = (fields.next()?, fields.next()?);
            let shared = fields.next().unwrap_or_default();
            Some((zone, Countries { main, shared }))
        };
        let lines = LIST.lines().filter(|line| !line.starts_with('#'));
        Self(lines.filter_map(entry).collect())
    }

    /// ISO country of a zone; `None` for UTC and for names that nobody knows.
    pub fn country(&self, zone: &str) -> Option<&'static str> {
        self.0.get(zone).map(|countries| countries.main)
    }

    /// Whether somebody in `country` may well have this zone; unknown zones say nothing.
    pub fn fits(&self, zone: &str, country: &str) -> bool {
        self.0.get(zone).is_none_or(|countries| {
            countries.main == country || countries.shared.split(' ').any(|other| other == country)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_lie_in_countries() {
        let zones = Zones::load();
        for (zone, country) in [
            ("Europe/Vienna", Some("AT")),
            ("America/New_York", Some("US")),
            ("Asia/Calcutta", Some("IN")),
            ("Asia/Kolkata", Some("IN")),
            ("Europe/Kiev", Some("UA")),
            ("US/Pacific", Some("US")),
            ("UTC", None),
            ("Etc/GMT+1", None),
            ("Mars/Olympus", None),
            ("", None),
        ] {
            assert_eq!(zones.country(zone), country, "{zone}");
        }
        for code in zones.0.values().map(|countries| countries.main) {
            assert!(code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()));
        }
    }

    #[test]
    fn a_neighbour_with_the_same_clock_fits() {
        let zones = Zones::load();
        for (zone, country, fits) in [
            ("Europe/Berlin", "DE", true),
            ("Europe/Berlin", "DK", true),
            ("Europe/Berlin", "US", false),
            ("UTC", "US", true),
            ("nonsense", "US", true),
        ] {
            assert_eq!(zones.fits(zone, country), fits, "{zone} {country}");
        }
    }
}
