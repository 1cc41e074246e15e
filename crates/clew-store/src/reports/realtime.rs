//! `realtime`: who is here now, and the last half hour minute by minute.

use super::tally::{Group, count};
use super::{Engine, ReportError, breakdown, timeseries};
use clew_core::model::EpochMs;
use clew_core::report::table::{Realtime, Slice};
use clew_core::report::{Body, Dimension, IdentityMix, Interval, Metric, Page, Range, ReportPlan};

/// "Now" is the last five minutes.
const PRESENT_MS: i64 = 5 * EpochMs::MINUTE;
const TOP: Page = Page {
    limit: 10,
    offset: 0,
};

pub(super) fn answer(
    engine: &dyn Engine,
    plan: &ReportPlan,
) -> Result<(Body, IdentityMix), ReportError> {
    let plan = ReportPlan {
        metrics: vec![Metric::Visitors, Metric::Pageviews],
        ..plan.clone()
    };
    let present = Range::new(plan.now.plus(1 - PRESENT_MS), plan.now.plus(1));
    let here = count(engine, &plan, present, &plan.filter, &Group::All)?;
    let (points, _) = timeseries::series(engine, &plan, plan.range, Interval::Minute)?;
    let top = |dimension: Dimension| -> Result<Vec<Slice>, ReportError> {
        let counted = breakdown::top(engine, &plan, present, dimension, TOP)?;
        Ok(breakdown::slices(&plan.metrics, &counted))
    };
    let realtime = Realtime {
        visitors: here.groups.first().map_or(0, |(_, tally)| tally.visitors),
        points,
        pages: top(Dimension::Page)?,
        sources: top(Dimension::Source)?,
    };
    Ok((Body::Realtime(realtime), here.identity))
}
