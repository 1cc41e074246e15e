//! A validated question to the event store.

use super::{Dimension, Filter, Interval, Metric, Range};
use crate::model::{EpochMs, SiteId};
use jiff::tz::TimeZone;

/// Which part of a long list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub limit: u32,
    pub offset: u32,
}

/// The shape of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    Overview,
    Timeseries(Interval),
    Breakdown {
        dimension: Dimension,
        page: Page,
    },
    Realtime,
    /// What came in and on which terms, rather than what it means.
    DataHealth,
    /// Programs, which are in none of the other numbers.
    Bots {
        by: BotsBy,
        page: Page,
    },
}

/// What the report about bots has a row for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotsBy {
    Name,
    Kind,
}

impl BotsBy {
    /// By the values of the parameter `dimension`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "bot" => Some(Self::Name),
            "bot_kind" => Some(Self::Kind),
            _ => None,
        }
    }
}

impl Report {
    /// All report names.
    pub const NAMES: &'static [&'static str] = &[
        "overview",
        "timeseries",
        "breakdown",
        "realtime",
        "data_health",
        "bots",
    ];

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Timeseries(_) => "timeseries",
            Self::Breakdown { .. } => "breakdown",
            Self::Realtime => "realtime",
            Self::DataHealth => "data_health",
            Self::Bots { .. } => "bots",
        }
    }
}

/// Everything a store needs to answer a report. Made by [`super::parse`]; valid by construction.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportPlan {
    /// The only site whose events may be read.
    pub site: SiteId,
    pub report: Report,
    /// The zone whose days and hours are meant.
    pub zone: TimeZone,
    pub now: EpochMs,
    pub range: Range,
    pub compare: Option<Range>,
    pub filter: Filter,
    pub metrics: Vec<Metric>,
}

impl ReportPlan {
    /// The plan with an open start moved to the site's first event (`None`: it has no events). A
    /// series over the whole history gets the finest interval that its length allows.
    #[must_use]
    pub fn starting_at(mut self, first: Option<EpochMs>) -> Self {
        if !self.range.open_start {
            return self;
        }
        let today = super::range::period("day", None, &self.zone, self.now);
        let start = first.map_or(self.now, |first| first.min(self.now));
        let day = super::range::period(
            "day",
            Some(start.to_timestamp().to_zoned(self.zone.clone()).date()),
            &self.zone,
            self.now,
        );
        if let Some(day) = day.or(today) {
            self.range = Range::new(day.range.from, self.range.to);
        }
        if let Report::Timeseries(asked) = self.report {
            let fitting = Interval::fitting(&self.range).max(asked);
            self.report = Report::Timeseries(self.countable(fitting));
        }
        self
    }

    /// Starts of the buckets of `range`, in the finest interval from `interval` on that has a
    /// bounded number of them.
    pub fn bucket_starts(&self, range: &Range, interval: Interval) -> Vec<EpochMs> {
        let mut interval = interval;
        loop {
            match interval.starts(range, &self.zone) {
                Some(starts) => return starts,
                None if interval == Interval::Month => return vec![range.from],
                None => interval = interval.coarser(),
            }
        }
    }

    fn countable(&self, mut interval: Interval) -> Interval {
        while interval != Interval::Month && interval.starts(&self.range, &self.zone).is_none() {
            interval = interval.coarser();
        }
        interval
    }
}
