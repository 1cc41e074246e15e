//! Query parameters become a [`ReportPlan`].
//!
//! Every report takes the same parameters; those that a report has no use for are checked and
//! then ignored, so one set serves a whole dashboard. Nothing unknown passes silently.

use super::filter::{FilterError, shown};
use super::interval::MAX_POINTS;
use super::range::{self, Step, Stepped};
use super::{BotsBy, Dimension, Filter, Interval, Metric, Page, Range, Report, ReportPlan};
use crate::model::{EpochMs, SiteId};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// All parameters. `site` is resolved by the caller, which knows who may read it.
pub const PARAMETERS: &[&str] = &[
    "site",
    "from",
    "to",
    "period",
    "tz",
    "interval",
    "filters",
    "compare",
    "metrics",
    "dimension",
    "limit",
    "offset",
    "segment",
];

const DEFAULT_PERIOD: &str = "28d";
const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 1000;
const MAX_OFFSET: u32 = 1_000_000;
/// Largest length of any parameter but `filters`.
const MAX_VALUE_BYTES: usize = 512;

/// Why a question cannot be asked; each names its parameter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParamError {
    #[error("there is no report \"{0}\"; known are {known}", known = Report::NAMES.join(", "))]
    UnknownReport(String),
    #[error("unknown parameter \"{0}\"; known are {known}", known = PARAMETERS.join(", "))]
    UnknownParameter(String),
    #[error("parameter \"{0}\" is given twice")]
    Repeated(&'static str),
    #[error("parameter \"{parameter}\" is missing: {expected}")]
    Missing {
        parameter: &'static str,
        expected: &'static str,
    },
    #[error("parameter \"{parameter}\" has the invalid value \"{value}\": {expected}")]
    Invalid {
        parameter: &'static str,
        value: String,
        expected: String,
    },
    #[error("parameter \"filters\" is invalid at {0}")]
    Filter(#[from] FilterError),
}

impl ParamError {
    /// The offending parameter, for machine-readable details.
    pub fn parameter(&self) -> &str {
        match self {
            Self::UnknownReport(_) => "name",
            Self::UnknownParameter(name) => name,
            Self::Repeated(parameter)
            | Self::Missing { parameter, .. }
            | Self::Invalid { parameter, .. } => parameter,
            Self::Filter(_) => "filters",
        }
    }
}

/// Reads the parameters of `GET /v1/reports/{report}`.
///
/// `site` is the resolved `site` parameter, `site_zone` its zone (`tz` overrides it), `now` the
/// time at which `day`, `7d` … end.
///
/// # Errors
/// The first parameter that is unknown, repeated, missing or out of its limits.
pub fn parse(
    report: &str,
    params: &[(String, String)],
    site: SiteId,
    site_zone: &TimeZone,
    now: EpochMs,
) -> Result<ReportPlan, ParamError> {
    if !Report::NAMES.contains(&report) {
        return Err(ParamError::UnknownReport(shown(report)));
    }
    let params = Params::check(params)?;
    let zone = params.zone(site_zone)?;
    let filter = params.filter()?;
    let metrics = params.metrics()?;
    let page = params.page()?;
    let (dimension, by) = match report {
        "bots" => (None, params.bots_by()?),
        _ => (params.dimension()?, BotsBy::Name),
    };
    let stepped = if report == "realtime" {
        range::period("realtime", None, &zone, now)
            .ok_or_else(|| invalid("period", report, PERIODS))?
    } else {
        params.range(&zone, now)?
    };
    let compare = params.compare(stepped, &zone)?;
    let interval = params.interval(&stepped.range, &zone)?;
    let report = match report {
        "bots" => Report::Bots { by, page },
        "overview" => Report::Overview,
        "timeseries" => Report::Timeseries(interval),
        "realtime" => Report::Realtime,
        "data_health" => Report::DataHealth,
        _ => Report::Breakdown {
            dimension: dimension.ok_or(ParamError::Missing {
                parameter: "dimension",
                expected: "a breakdown needs to know by what, e.g. page or source",
            })?,
            page,
        },
    };
    Ok(ReportPlan {
        site,
        report,
        zone,
        now,
        range: stepped.range,
        compare,
        filter,
        metrics,
    })
}

const PERIODS: &str =
    "expected day, 7d, 28d, 30d, month, 6mo, 12mo, year, all, realtime, or custom with from and to";
const TIMES: &str = "expected a date (2026-03-29), an RFC 3339 time or epoch milliseconds";
const COMPARISONS: &str = "expected previous_period, year_over_year, or <from>,<to>";

/// Known parameters, each at most once and not empty.
struct Params<'a>(Vec<(&'static str, &'a str)>);

impl<'a> Params<'a> {
    fn check(given: &'a [(String, String)]) -> Result<Self, ParamError> {
        let mut known: Vec<(&'static str, &str)> = Vec::with_capacity(given.len());
        for (name, value) in given {
            let name = PARAMETERS
                .iter()
                .copied()
                .find(|known| known == name)
                .ok_or_else(|| ParamError::UnknownParameter(shown(name)))?;
            if known.iter().any(|(seen, _)| *seen == name) {
                return Err(ParamError::Repeated(name));
            }
            if name != "filters" && value.len() > MAX_VALUE_BYTES {
                return Err(invalid(name, value, "too long"));
            }
            known.push((name, value));
        }
        known.retain(|(_, value)| !value.is_empty());
        if let Some((_, value)) = known.iter().find(|(name, _)| *name == "segment") {
            return Err(invalid(
                "segment",
                value,
                "this site has no segment of that name",
            ));
        }
        Ok(Self(known))
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| *value)
    }

    fn zone(&self, site_zone: &TimeZone) -> Result<TimeZone, ParamError> {
        let Some(name) = self.get("tz") else {
            return Ok(site_zone.clone());
        };
        TimeZone::get(name)
            .map_err(|_| invalid("tz", name, "expected an IANA time zone, e.g. Europe/Berlin"))
    }

    fn filter(&self) -> Result<Filter, ParamError> {
        Ok(self
            .get("filters")
            .map(Filter::parse)
            .transpose()?
            .unwrap_or_default())
    }

    fn metrics(&self) -> Result<Vec<Metric>, ParamError> {
        let Some(list) = self.get("metrics") else {
            return Ok(Metric::DEFAULT.to_vec());
        };
        let mut metrics = Vec::new();
        for name in list.split(',').map(str::trim) {
            let metric = Metric::from_name(name).ok_or_else(|| {
                let known: Vec<_> = Metric::ALL.iter().map(|m| m.name()).collect();
                invalid(
                    "metrics",
                    name,
                    &format!("expected some of {}", known.join(", ")),
                )
            })?;
            if !metrics.contains(&metric) {
                metrics.push(metric);
            }
        }
        Ok(metrics)
    }

    fn page(&self) -> Result<Page, ParamError> {
        Ok(Page {
            limit: self.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT)?,
            offset: self.number("offset", 0, MAX_OFFSET, 0)?,
        })
    }

    fn number(
        &self,
        name: &'static str,
        min: u32,
        max: u32,
        default: u32,
    ) -> Result<u32, ParamError> {
        let Some(text) = self.get(name) else {
            return Ok(default);
        };
        let number = text.parse().ok().filter(|n| (min..=max).contains(n));
        number.ok_or_else(|| {
            invalid(
                name,
                text,
                &format!("expected a number from {min} to {max}"),
            )
        })
    }

    fn dimension(&self) -> Result<Option<Dimension>, ParamError> {
        let find = |name| {
            Dimension::from_name(name).ok_or_else(|| {
                let known: Vec<_> = Dimension::ALL.iter().map(|d| d.name()).collect();
                invalid(
                    "dimension",
                    name,
                    &format!("expected one of {}", known.join(", ")),
                )
            })
        };
        self.get("dimension").map(find).transpose()
    }

    /// Of the report about bots, which has dimensions of its own; another report's are no mistake.
    fn bots_by(&self) -> Result<BotsBy, ParamError> {
        let by = self.get("dimension").and_then(BotsBy::from_name);
        by.map_or_else(|| self.dimension().map(|_| BotsBy::Name), Ok)
    }

    fn interval(&self, range: &Range, zone: &TimeZone) -> Result<Interval, ParamError> {
        let Some(name) = self.get("interval") else {
            return Ok(Interval::fitting(range));
        };
        let interval = Interval::from_name(name).ok_or_else(|| {
            invalid(
                "interval",
                name,
                "expected minute, hour, day, week or month",
            )
        })?;
        if !range.open_start && interval.starts(range, zone).is_none() {
            let expected = format!(
                "this range would have more than {MAX_POINTS} points; choose a coarser interval"
            );
            return Err(invalid("interval", name, &expected));
        }
        Ok(interval)
    }

    /// `from` and `to` say it exactly and win over `period`; `from` alone runs until today, or
    /// names the day, month or year that `period` asks for.
    fn range(&self, zone: &TimeZone, now: EpochMs) -> Result<Stepped, ParamError> {
        let period = self.get("period").filter(|period| *period != "custom");
        match (self.get("from"), self.get("to"), period) {
            (Some(from), Some(to), _) => custom("to", from, to, zone),
            (None, Some(_), _) => Err(ParamError::Missing {
                parameter: "from",
                expected: "it belongs to \"to\"",
            }),
            (None, None, None) if self.get("period").is_some() => Err(ParamError::Missing {
                parameter: "from",
                expected: "a custom period needs from and to",
            }),
            (Some(from), None, None) => {
                let today = now.to_timestamp().to_zoned(zone.clone()).date().to_string();
                custom("from", from, &today, zone)
            }
            (Some(from), None, Some(period)) => {
                let date = from.parse::<Date>().map_err(|_| {
                    invalid("from", from, "expected a date (2026-03-29) beside period")
                })?;
                range::period(period, Some(date), zone, now).ok_or_else(|| {
                    invalid("period", period, "beside from, expected day, month or year")
                })
            }
            (None, None, period) => {
                let period = period.unwrap_or(DEFAULT_PERIOD);
                range::period(period, None, zone, now)
                    .ok_or_else(|| invalid("period", period, PERIODS))
            }
        }
    }

    fn compare(&self, of: Stepped, zone: &TimeZone) -> Result<Option<Range>, ParamError> {
        let Some(value) = self.get("compare") else {
            return Ok(None);
        };
        let range = match value {
            "none" => return Ok(None),
            "previous_period" | "previous" => range::previous(of, zone),
            "year_over_year" | "year" => range::year_before(of, zone),
            custom_range => {
                let (from, to) = custom_range
                    .split_once(',')
                    .ok_or_else(|| invalid("compare", value, COMPARISONS))?;
                Some(custom("compare", from, to, zone)?.range)
            }
        };
        let range = range.ok_or_else(|| {
            invalid(
                "compare",
                value,
                "this range has nothing to be compared with",
            )
        })?;
        Ok(Some(range))
    }
}

/// One end of a range: a whole day of the site, or an instant.
#[derive(Clone, Copy)]
enum End {
    Day(Date),
    Instant(EpochMs),
}

fn custom(
    blame: &'static str,
    from: &str,
    to: &str,
    zone: &TimeZone,
) -> Result<Stepped, ParamError> {
    let (start, end) = (read_end("from", from, zone)?, read_end("to", to, zone)?);
    let empty = || invalid(blame, to, "the range must end after it begins");
    if let (End::Day(first), End::Day(last)) = (start, end) {
        let length = first.until(last).map(|span| span.get_days());
        let length = length.ok().filter(|days| *days >= 0).ok_or_else(empty)?;
        return range::days(first, last, zone, Step::Days(length + 1)).ok_or_else(empty);
    }
    let from = first_instant(start, false, zone).ok_or_else(empty)?;
    let to = first_instant(end, true, zone).ok_or_else(empty)?;
    let range = Range::new(from, to);
    if range.millis() <= 0 {
        return Err(empty());
    }
    Ok(Stepped {
        range,
        step: Step::Length,
    })
}

/// A day counts from its first instant, or as the end of a range up to its last.
fn first_instant(end: End, as_end: bool, zone: &TimeZone) -> Option<EpochMs> {
    match end {
        End::Instant(time) => Some(time),
        End::Day(date) => {
            let date = if as_end { date.tomorrow().ok()? } else { date };
            super::interval::start_of_day(date, zone)
        }
    }
}

fn read_end(parameter: &'static str, text: &str, zone: &TimeZone) -> Result<End, ParamError> {
    let text = text.trim();
    let unreadable = || invalid(parameter, text, TIMES);
    let end = if text.len() == 10 && text.as_bytes().get(4) == Some(&b'-') {
        End::Day(text.parse().map_err(|_| unreadable())?)
    } else if text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit()) {
        End::Instant(EpochMs(text.parse().map_err(|_| unreadable())?))
    } else if let Ok(time) = text.parse::<jiff::Timestamp>() {
        End::Instant(EpochMs(time.as_millisecond()))
    } else {
        let local: DateTime = text.parse().map_err(|_| unreadable())?;
        let zoned = local.to_zoned(zone.clone()).map_err(|_| unreadable())?;
        End::Instant(EpochMs(zoned.timestamp().as_millisecond()))
    };
    let year = match end {
        End::Day(date) => date.year(),
        End::Instant(time) => time.to_timestamp().to_zoned(TimeZone::UTC).year(),
    };
    // Beyond this no site has events and calendar arithmetic reaches its ends.
    (1970..=9000)
        .contains(&year)
        .then_some(end)
        .ok_or_else(unreadable)
}

fn invalid(parameter: &'static str, value: &str, expected: &str) -> ParamError {
    ParamError::Invalid {
        parameter,
        value: shown(value),
        expected: expected.to_owned(),
    }
}

#[cfg(test)]
mod tests;
