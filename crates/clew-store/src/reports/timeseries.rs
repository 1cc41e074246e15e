//! `timeseries`: every metric per bucket of time, empty buckets included.

use super::bucket::Slots;
use super::tally::{Counted, Group, GroupKey, count};
use super::{Engine, ReportError};
use clew_core::model::EpochMs;
use clew_core::report::table::Point;
use clew_core::report::{
    Body, IdentityMix, Interval, Metric, Range, Report, ReportPlan, Row, Tally,
};

pub(super) fn answer(
    engine: &dyn Engine,
    plan: &ReportPlan,
) -> Result<(Body, Option<IdentityMix>), ReportError> {
    let Report::Timeseries(interval) = plan.report else {
        return Err(ReportError::Unknown(plan.report.name()));
    };
    let (points, identity) = series(engine, plan, plan.range, interval)?;
    let comparison = match plan.compare {
        Some(range) => Some(series(engine, plan, range, interval)?.0),
        None => None,
    };
    Ok((
        Body::Timeseries {
            interval,
            points,
            comparison,
        },
        identity,
    ))
}

/// Points of one range.
pub(super) fn series(
    engine: &dyn Engine,
    plan: &ReportPlan,
    range: Range,
    interval: Interval,
) -> Result<(Vec<Point>, Option<IdentityMix>), ReportError> {
    let starts = plan.bucket_starts(&range, interval);
    let group = Group::Bucket(Slots::new(&starts, range));
    let counted = count(engine, plan, range, &plan.filter, &group)?;
    Ok((points(&starts, &plan.metrics, &counted), counted.identity))
}

fn points(starts: &[EpochMs], metrics: &[Metric], counted: &Counted) -> Vec<Point> {
    let mut tallies = vec![Tally::default(); starts.len()];
    for (key, tally) in &counted.groups {
        if let GroupKey::Bucket(bucket) = key
            && let Some(place) = tallies.get_mut(*bucket)
        {
            *place = *tally;
        }
    }
    let point = |(t, tally): (&EpochMs, &Tally)| Point {
        t: *t,
        metrics: Row::of(metrics, tally),
    };
    starts.iter().zip(&tallies).map(point).collect()
}
