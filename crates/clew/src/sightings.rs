//! What the edge saw of a site that became no number: scripts that were fetched, pages that were
//! refused, bots, events left out or set aside.
//!
//! It answers "why do I see nothing?" and is no record: it lives in memory, since this process
//! started, and holds a bounded number of lines per site. Events themselves never pass through
//! here, only the reason, the page's host and the time.

use clew_core::model::{EpochMs, SiteId};
use moka::sync::Cache;
use parking_lot::Mutex;
use std::sync::Arc;

/// Sites remembered at once.
const SITES: u64 = 10_000;
/// Different lines per site; a new one replaces the oldest.
const LINES: usize = 40;
/// Longest host kept.
const HOST_CHARS: usize = 128;

/// One reason at one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// `foreign_origin`, `bot`, `late`, … or `script` for a fetched tracker.
    pub reason: String,
    /// Where the page lies; empty when nobody said.
    pub host: String,
    pub count: u64,
    pub last: EpochMs,
}

/// All of them, by site.
#[derive(Debug)]
pub struct Sightings {
    since: EpochMs,
    sites: Cache<SiteId, Arc<Mutex<Vec<Sighting>>>>,
}

/// The reason under which fetched scripts are noted.
pub const SCRIPT: &str = "script";

impl Sightings {
    pub fn new(now: EpochMs) -> Self {
        Self {
            since: now,
            sites: Cache::new(SITES),
        }
    }

    /// When this memory begins.
    pub const fn since(&self) -> EpochMs {
        self.since
    }

    pub fn note(&self, site: SiteId, reason: &str, host: Option<&str>, count: u64, now: EpochMs) {
        let host: String = host.unwrap_or_default().chars().take(HOST_CHARS).collect();
        let lines = self.sites.get_with(site, Arc::default);
        let mut lines = lines.lock();
        let known = lines
            .iter_mut()
            .find(|line| line.reason == reason && line.host == host);
        if let Some(line) = known {
            line.count += count;
            line.last = now;
            return;
        }
        if lines.len() == LINES {
            let oldest = (0..LINES).min_by_key(|&i| lines[i].last);
            oldest.map(|i| lines.swap_remove(i));
        }
        lines.push(Sighting {
            reason: reason.to_owned(),
            host,
            count,
            last: now,
        });
    }

    /// What was seen of this site, the latest first.
    pub fn of(&self, site: SiteId) -> Vec<Sighting> {
        let Some(lines) = self.sites.get(&site) else {
            return Vec::new();
        };
        let mut lines = lines.lock().clone();
        lines.sort_by_key(|line| std::cmp::Reverse(line.last));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: SiteId = SiteId::from_u128(1);

    #[test]
    fn equal_sightings_are_one_line_and_sites_are_apart() {
        let sightings = Sightings::new(EpochMs(0));
        for t in 1..=3 {
            sightings.note(SITE, "foreign_origin", Some("a.example"), 1, EpochMs(t));
        }
        sightings.note(SITE, "foreign_origin", Some("b.example"), 5, EpochMs(9));
        sightings.note(SITE, "bot", None, 1, EpochMs(2));
        sightings.note(SiteId::from_u128(2), "bot", None, 1, EpochMs(2));
        let seen = sightings.of(SITE);
        let lines: Vec<_> = seen
            .iter()
            .map(|s| (s.reason.as_str(), s.host.as_str(), s.count, s.last.0))
            .collect();
        assert_eq!(
            lines,
            [
                ("foreign_origin", "b.example", 5, 9),
                ("foreign_origin", "a.example", 3, 3),
                ("bot", "", 1, 2)
            ]
        );
    }

    #[test]
    fn a_flood_of_hosts_stays_bounded_and_the_latest_are_kept() {
        let sightings = Sightings::new(EpochMs(0));
        for t in 0..1000 {
            let host = format!("{t}{}", "x".repeat(500));
            sightings.note(SITE, "foreign_origin", Some(&host), 1, EpochMs(t));
        }
        let seen = sightings.of(SITE);
        assert_eq!(seen.len(), LINES);
        assert!(
            seen.iter()
                .all(|s| s.last.0 >= 960 && s.host.len() == HOST_CHARS)
        );
    }
}
