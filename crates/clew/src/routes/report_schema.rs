//! What a report's answer looks like, for the description of the API.
//!
//! The answer itself is `clew_core::report::Table`, which writes its own JSON and knows nothing of
//! descriptions. A test holds the two together.

use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Numbers by name: those that were asked for. A ratio without a denominator is null.
#[derive(Debug, Serialize, ToSchema)]
pub struct MetricValues {
    pub visitors: Option<u64>,
    pub visits: Option<u64>,
    pub pageviews: Option<u64>,
    pub events: Option<u64>,
    /// Percent.
    pub bounce_rate: Option<f64>,
    /// Seconds.
    pub visit_duration: Option<f64>,
    pub views_per_visit: Option<f64>,
    /// Seconds.
    pub engagement_time: Option<f64>,
    /// Seconds per page view.
    pub time_on_page: Option<f64>,
    /// Percent.
    pub scroll_depth: Option<f64>,
}

/// One of the six answers, by the report's name.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ReportAnswer {
    Overview(Box<OverviewReport>),
    Timeseries(Box<TimeseriesReport>),
    Breakdown(Box<BreakdownReport>),
    Realtime(Box<RealtimeReport>),
    DataHealth(Box<DataHealthReport>),
    Bots(Box<BotsReport>),
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OverviewReport {
    pub totals: MetricValues,
    /// The same in the range compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<MetricValues>,
    pub meta: ReportMeta,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TimeseriesReport {
    /// minute, hour, day, week or month
    pub interval: String,
    /// Every bucket of the range, empty ones too.
    pub points: Vec<ReportPoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Vec<ReportPoint>>,
    pub meta: ReportMeta,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReportPoint {
    /// Start of the bucket, RFC 3339 in UTC.
    pub t: String,
    #[serde(flatten)]
    pub metrics: MetricValues,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BreakdownReport {
    /// Most visitors first.
    pub rows: Vec<BreakdownRow>,
    /// How many values there are in all.
    pub total_rows: u64,
    pub meta: ReportMeta,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BreakdownRow {
    /// Empty: not given.
    pub value: String,
    #[serde(flatten)]
    pub metrics: MetricValues,
    /// The same value in the range compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<MetricValues>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RealtimeReport {
    /// Distinct visitors of the last five minutes.
    pub visitors: u64,
    /// The last thirty minutes, minute by minute.
    pub points: Vec<ReportPoint>,
    /// Most visited pages of the last five minutes.
    pub pages: Vec<BreakdownRow>,
    /// Where the visitors of the last five minutes came from.
    pub sources: Vec<BreakdownRow>,
    pub meta: ReportMeta,
}

/// Programs, which are in none of the other numbers.
#[derive(Debug, Serialize, ToSchema)]
pub struct BotsReport {
    /// Most events first.
    pub rows: Vec<BotsRow>,
    /// How many values there are in all.
    pub total_rows: u64,
    pub meta: ReportMeta,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BotsRow {
    /// Name of the bot, or its family with dimension=bot_kind.
    pub value: String,
    /// ai, search, social, advertising, seo, monitor, feed, archive, security, academic, automation
    /// or other
    pub kind: String,
    pub events: u64,
    pub pageviews: u64,
    /// RFC 3339 in UTC.
    pub last_seen: String,
}

/// What came in and is counted, and on which terms.
#[derive(Debug, Serialize, ToSchema)]
pub struct DataHealthReport {
    /// Events that are in the numbers.
    pub counted: u64,
    pub consent: ReportConsent,
    /// Of these, events of browsers that sent a Global Privacy Control signal.
    pub gpc: u64,
    /// Of these, events for which neither Origin nor Referer vouched.
    pub unverified_origin: u64,
    pub meta: ReportMeta,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReportConsent {
    pub granted: u64,
    pub denied: u64,
    pub unknown: u64,
}

/// What the numbers rest on.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportMeta {
    pub report: String,
    pub range: ReportRange,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison_range: Option<ReportRange>,
    /// IANA name of the zone whose days are meant.
    pub time_zone: String,
    /// Visitors by how they were recognised.
    pub identity: ReportIdentity,
    /// What was received in the range and is in none of the numbers.
    pub exclusions: ReportExclusions,
    /// Sentences that a reader of the numbers should know.
    pub notes: Vec<String>,
}

/// `[from, to)`, RFC 3339 in UTC.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportRange {
    pub from: String,
    pub to: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReportIdentity {
    pub user_id: u64,
    pub cookie: u64,
    pub storage: u64,
    pub fingerprint: u64,
    /// Recognised within one day only.
    pub daily_hash: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReportExclusions {
    pub bots: u64,
    /// From addresses on the site's list of blocked ones.
    pub blocked_ip: u64,
    /// From addresses on the site's list of testers.
    pub testing_ip: u64,
    /// Forms that were sent by people who may not be measured.
    pub silent: u64,
    pub quarantined: u64,
    /// The same by reason.
    pub quarantined_by: BTreeMap<String, u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_core::model::{EpochMs, SiteId};
    use clew_core::report::table::{BotRow, Point, Realtime, Slice};
    use clew_core::report::{
        Body, Exclusions, IdentityMix, Interval, Meta, Metric, Row, Table, Tally, parse,
    };
    use jiff::tz::TimeZone;
    use serde_json::Value;
    use utoipa::openapi::RefOr;

    /// Names in an object's schema, also of those it takes over from others.
    fn described<T: ToSchema>() -> Vec<String> {
        let schema: RefOr<_> = T::schema();
        let json = serde_json::to_value(schema).unwrap();
        let mut names = Vec::new();
        let parts = json["allOf"].as_array().cloned().unwrap_or_default();
        for part in std::iter::once(json).chain(parts) {
            if let Some(properties) = part["properties"].as_object() {
                names.extend(properties.keys().cloned());
            }
            if part["$ref"] == "#/components/schemas/MetricValues" {
                names.extend(described::<MetricValues>());
            }
        }
        names.sort();
        names
    }

    fn written(value: &Value) -> Vec<String> {
        let mut names: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    }

    fn table(report: &str, body: Body) -> Value {
        let params = [
            ("dimension", "page"),
            ("compare", "previous_period"),
            ("period", "7d"),
        ];
        let params = params.iter().filter(|(name, _)| match report {
            "realtime" => false,
            "breakdown" => true,
            _ => *name != "dimension",
        });
        let params: Vec<_> = params
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        let site = SiteId::from_u128(1);
        let now = EpochMs(1_772_323_200_000);
        let plan = parse(report, &params, site, &TimeZone::UTC, now).unwrap();
        let meta = Meta::new(&plan, IdentityMix::default(), Exclusions::default());
        serde_json::to_value(Table { body, meta }).unwrap()
    }

    #[test]
    fn the_description_names_what_is_answered() {
        let row = || Row::of(Metric::ALL, &Tally::default());
        let point = || Point {
            t: EpochMs(0),
            metrics: row(),
        };
        let slice = || Slice {
            value: String::new(),
            metrics: row(),
            comparison: Some(row()),
        };
        let overview = table(
            "overview",
            Body::Overview {
                totals: row(),
                comparison: Some(row()),
            },
        );
        assert_eq!(written(&overview), described::<OverviewReport>());
        assert_eq!(written(&overview["totals"]), described::<MetricValues>());
        let meta = &overview["meta"];
        assert_eq!(written(meta), described::<ReportMeta>());
        assert_eq!(written(&meta["range"]), described::<ReportRange>());
        assert_eq!(written(&meta["identity"]), described::<ReportIdentity>());
        assert_eq!(
            written(&meta["exclusions"]),
            described::<ReportExclusions>()
        );

        let bots = table(
            "bots",
            Body::Bots {
                rows: vec![BotRow {
                    value: "GPTBot".to_owned(),
                    kind: "ai".to_owned(),
                    events: 1,
                    pageviews: 1,
                    last_seen: EpochMs(0),
                }],
                total_rows: 1,
            },
        );
        assert_eq!(written(&bots), described::<BotsReport>());
        assert_eq!(written(&bots["rows"][0]), described::<BotsRow>());

        let series = table(
            "timeseries",
            Body::Timeseries {
                interval: Interval::Day,
                points: vec![point()],
                comparison: Some(vec![point()]),
            },
        );
        assert_eq!(written(&series), described::<TimeseriesReport>());
        assert_eq!(written(&series["points"][0]), described::<ReportPoint>());

        let breakdown = table(
            "breakdown",
            Body::Breakdown {
                rows: vec![slice()],
                total_rows: 1,
            },
        );
        assert_eq!(written(&breakdown), described::<BreakdownReport>());
        assert_eq!(written(&breakdown["rows"][0]), described::<BreakdownRow>());

        let realtime = Realtime {
            visitors: 0,
            points: vec![point()],
            pages: vec![slice()],
            sources: vec![slice()],
        };
        let realtime = table("realtime", Body::Realtime(realtime));
        assert_eq!(written(&realtime), described::<RealtimeReport>());
    }
}
