//! The answer to a report, in the JSON shapes of the public API.
//!
//! Every answer carries `meta`: the range and zone it covers, how its visitors were recognised and
//! what was left out. Times are RFC 3339 in UTC.

use super::{Interval, Metric, Range, ReportPlan, Tally};
use crate::model::EpochMs;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::collections::BTreeMap;

/// One cell. Numbers keep their kind: counts are integers, ratios are not.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Int(i64),
    Float(f64),
    Text(String),
    /// The number does not exist, e.g. the bounce rate of no visit.
    Null,
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Int(n) => serializer.serialize_i64(*n),
            Self::Float(n) => serializer.serialize_f64(*n),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Null => serializer.serialize_none(),
        }
    }
}

/// Metrics by name, in the order in which they were asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row(pub Vec<(&'static str, Value)>);

impl Row {
    pub fn of(metrics: &[Metric], tally: &Tally) -> Self {
        Self(metrics.iter().map(|m| (m.name(), m.of(tally))).collect())
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, v)| v)
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Numbers of one bucket of time.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Point {
    /// Start of the bucket.
    #[serde(serialize_with = "rfc3339")]
    pub t: EpochMs,
    #[serde(flatten)]
    pub metrics: Row,
}

/// Numbers of one value of a dimension.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Slice {
    pub value: String,
    #[serde(flatten)]
    pub metrics: Row,
    /// The same value in the range compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Row>,
}

/// What a realtime view shows.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Realtime {
    /// Distinct visitors of the last five minutes.
    pub visitors: u64,
    /// The last thirty minutes, minute by minute.
    pub points: Vec<Point>,
    /// Most visited pages of the last five minutes.
    pub pages: Vec<Slice>,
    /// Where the visitors of the last five minutes came from.
    pub sources: Vec<Slice>,
}

/// Events by what their visitors had said about being measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ConsentMix {
    pub granted: u64,
    pub denied: u64,
    pub unknown: u64,
}

/// What came in and is counted, and on which terms. Filters do not apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct DataHealth {
    /// Events that are in the numbers.
    pub counted: u64,
    pub consent: ConsentMix,
    /// Of these, events of browsers that sent a Global Privacy Control signal.
    pub gpc: u64,
    /// Of these, events for which neither Origin nor Referer vouched.
    pub unverified_origin: u64,
}

/// Events of one program, or of one family of them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct BotRow {
    pub value: String,
    /// Its family, e.g. `ai` or `search`.
    pub kind: String,
    pub events: u64,
    pub pageviews: u64,
    #[serde(serialize_with = "rfc3339")]
    pub last_seen: EpochMs,
}

/// The report itself.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Body {
    Overview {
        totals: Row,
        #[serde(skip_serializing_if = "Option::is_none")]
        comparison: Option<Row>,
    },
    Timeseries {
        interval: Interval,
        points: Vec<Point>,
        #[serde(skip_serializing_if = "Option::is_none")]
        comparison: Option<Vec<Point>>,
    },
    Breakdown {
        rows: Vec<Slice>,
        total_rows: u64,
    },
    Realtime(Realtime),
    DataHealth(DataHealth),
    Bots {
        /// Most events first.
        rows: Vec<BotRow>,
        total_rows: u64,
    },
}

/// Visitors by how they were recognised, in this report's range and filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct IdentityMix {
    pub user_id: u64,
    pub cookie: u64,
    pub storage: u64,
    pub fingerprint: u64,
    /// Recognised within one day only: the same person counts again the next day.
    pub daily_hash: u64,
}

/// What was received in the range and is in none of the numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Exclusions {
    /// Events of recognised bots.
    pub bots: u64,
    /// Events from addresses on the site's list of blocked ones.
    pub blocked_ip: u64,
    /// Events from addresses on the site's list of testers.
    pub testing_ip: u64,
    /// Forms of people who may not be measured.
    pub silent: u64,
    /// Events kept aside, for any reason.
    pub quarantined: u64,
    /// The same by reason, e.g. `late`.
    pub quarantined_by: BTreeMap<String, u64>,
}

/// What the numbers rest on.
#[derive(Clone, Debug, PartialEq)]
pub struct Meta {
    pub report: &'static str,
    pub range: Range,
    pub comparison_range: Option<Range>,
    pub time_zone: String,
    pub identity: IdentityMix,
    pub exclusions: Exclusions,
    /// Sentences that a reader of the numbers should know.
    pub notes: Vec<&'static str>,
}

impl Meta {
    /// `plan` must be the one that was run, with its start resolved.
    pub fn new(plan: &ReportPlan, identity: IdentityMix, exclusions: Exclusions) -> Self {
        let mut notes = Vec::new();
        if identity.daily_hash > 0 && plan.range.days(&plan.zone) > 1 {
            notes.push(
                "Visitors without an id are recognised within one day only: the same person counts once per day, and a visit over midnight counts as two.",
            );
        }
        Self {
            report: plan.report.name(),
            range: plan.range,
            comparison_range: plan.compare,
            time_zone: plan.zone.iana_name().unwrap_or("UTC").to_owned(),
            identity,
            exclusions,
            notes,
        }
    }
}

impl Serialize for Meta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("report", self.report)?;
        map.serialize_entry("range", &self.range)?;
        if let Some(range) = &self.comparison_range {
            map.serialize_entry("comparison_range", range)?;
        }
        map.serialize_entry("time_zone", &self.time_zone)?;
        map.serialize_entry("identity", &self.identity)?;
        map.serialize_entry("exclusions", &self.exclusions)?;
        map.serialize_entry("notes", &self.notes)?;
        map.end()
    }
}

/// A report's answer: `{…body, meta}`.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Table {
    #[serde(flatten)]
    pub body: Body,
    pub meta: Meta,
}

impl Table {
    /// How many rows, points and slices it has; what it weighs in memory goes by these.
    pub fn rows(&self) -> usize {
        match &self.body {
            Body::Overview { .. } | Body::DataHealth(_) => 1,
            Body::Timeseries {
                points, comparison, ..
            } => points.len() + comparison.as_ref().map_or(0, Vec::len),
            Body::Breakdown { rows, .. } => rows.len() + 1,
            Body::Bots { rows, .. } => rows.len() + 1,
            Body::Realtime(now) => now.points.len() + now.pages.len() + now.sources.len(),
        }
    }
}

// The signature is the one that `serialize_with` calls.
#[allow(clippy::trivially_copy_pass_by_ref)]
pub(super) fn rfc3339<S: Serializer>(time: &EpochMs, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&time.to_timestamp())
}
