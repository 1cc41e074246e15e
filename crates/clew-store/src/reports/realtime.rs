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

/// What is listed of those who are present.
pub(super) const DIMENSIONS: [Dimension; 2] = [Dimension::Page, Dimension::Source];

pub(super) fn answer(
    engine: &dyn Engine,
    plan: &ReportPlan,
) -> Result<(Body, Option<IdentityMix>), ReportError> {
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
    let [pages, sources] = DIMENSIONS;
    let realtime = Realtime {
        visitors: here.groups.first().map_or(0, |(_, tally)| tally.visitors),
        points,
        pages: top(pages)?,
        sources: top(sources)?,
    };
    Ok((Body::Realtime(realtime), here.identity))
}
